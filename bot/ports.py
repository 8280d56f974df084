"""What the rooms ask of each other, so that none need import another."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.values import Conversation, Hit, Rating, Reply

Array = npt.NDArray[np.float32]

Progress = Callable[[str, int, int], None]
"""Called with (what is being done, steps done, steps in all) during a build."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """A text as an embedding model sees it, special tokens left out of `tokens`."""

    vector: Array
    """Shape (d,), unit length."""
    tokens: npt.NDArray[np.floating]
    """Shape (n, d), rows of unit length; n may be 0. In half precision where it was read from disk."""
    pieces: tuple[int, ...]
    """The n tokens' ids in the model's vocabulary."""
    spans: tuple[tuple[int, int], ...] = ()
    """Where each token stands in the text, in characters; empty for an encoding read from disk."""


class TextEncoder(Protocol):
    """Reads texts."""

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """One encoding a text, in order. A text over the model's length is cut at it."""
        ...

    def encode_query(self, text: str) -> Encoding: ...


class Encoder(TextEncoder, Protocol):
    """An embedding model."""

    @property
    def vocabulary(self) -> Sequence[str]:
        """The pieces of text it knows, by id."""
        ...


class Entailment(Protocol):
    """A cross-encoder that reads a text and a claim together."""

    def logits(self, pairs: Sequence[tuple[str, str]]) -> Array:
        """Shape (pairs,), finite: the higher, the likelier the text supports the claim. pairs: (text, claim)."""
        ...


class Searcher(Protocol):
    """Finds sentences for a query."""

    def search(self, text: str, k: int) -> tuple[Hit, ...]:
        """At most `k` hits, best first, each sentence at most once, scores finite.

        The same text gives the same hits. Raises ValueError unless k >= 1.
        """
        ...


class Scorer(Protocol):
    """Scores given sentences for a query; for signals too dear to compute on a whole corpus."""

    def scores(self, text: str, sentence_ids: Sequence[int]) -> Array:
        """Shape (len(sentence_ids),), finite, higher is better."""
        ...


class Matcher(Protocol):
    """Says how well sentences cover a query, token by token."""

    def matches(self, text: str, sentence_ids: Sequence[int]) -> tuple[Array, Array]:
        """Both of shape (tokens of the query,): each token's weight (>= 0), and the cosine, -1..1, of
        its most similar token in any of the sentences. sentence_ids must not be empty.
        """
        ...


@dataclass(frozen=True, slots=True)
class Votes:
    """What questions written beforehand say of a new one, each vote weighing by likeness."""

    sentences: Array
    """Shape (sentences of the corpus,): each one's share of the votes, 0..1."""
    answered: float
    """Share of the votes of questions that the corpus answers, 0..1."""
    nearest_answered: float
    """Likeness of the most similar such question, -1..1; -1 where there is none."""
    nearest_unanswered: float
    """The same of those that the corpus does not answer."""
    leaning: float
    """Linear regression of answered (1) or not (0) on the questions' vectors, less the mean: about -1..1."""
    related_ids: tuple[int, ...] = ()
    """Sentences that say where to turn with the most similar of those."""


class Bank(Protocol):
    """A question bank."""

    def votes(self, text: str) -> Votes: ...


ID_BYTES = 24
"""Randomness of a conversation's id."""
ID = re.compile(rf"[\w-]{{{ID_BYTES * 4 // 3}}}", re.ASCII)
"""Its shape, in base64."""


class ConversationStore(Protocol):
    """Keeps what was said. Every method raises HistoryError when it cannot; nothing is then done by halves."""

    def resume(self, conversation_id: str | None) -> Conversation:
        """The conversation with its last few exchanges; a new one where none of that id is kept."""
        ...

    def add(self, reply: Reply) -> None:
        """Keeps a reply with its message; not one of a conversation forgotten meanwhile."""
        ...

    def read(self, conversation_id: str) -> Conversation | None:
        """All that is kept of it; None where there is none, or no more."""
        ...

    def forget(self, conversation_id: str) -> bool:
        """Deletes it for good; whether there was one."""
        ...

    def rate(self, reply_id: str, rating: Rating, comment: str | None) -> bool:
        """Rates a reply that is kept, in place of how it was rated before; whether there is one of that id."""
        ...

    def check(self) -> None:
        """Raises HistoryError when nothing can be written."""
        ...
