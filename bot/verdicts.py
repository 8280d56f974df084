"""How far passages support an answer, as whoever judges it says.

The scorer of `bot.faithfulness` judges without a model; `bot.models` holds a chat model and an NLI cross-encoder.
Another judge is a class with `name` and `judge`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

Reason = Literal[
    "",
    "number differs",
    "name absent",
    "negation differs",
    "hedge dropped",
    "relation reversed",
    "added",
    "nothing close",
]
"""What is wrong with a sentence; empty for one that is supported."""

REASONS: tuple[Reason, ...] = tuple(reason for reason in get_args(Reason) if reason)

SUPPORTED = 0.5
"""Probability from which a sentence counts as supported."""

WEAKEST = 0.9
"""How much the weakest sentence counts in an answer."""


@dataclass(frozen=True, slots=True)
class SentenceSupport:
    """A sentence of an answer beside its evidence."""

    text: str
    support: float
    """Probability that the passages support it, 0..1; 1 for a verbatim sentence."""
    reason: Reason
    evidence: tuple[str, ...] = ()
    """The sentences it was held against, best first; at most three."""


@dataclass(frozen=True, slots=True)
class AnswerSupport:
    """An answer beside its evidence."""

    support: float
    """What to rank answers by, 0..1; 0 for an answer that says nothing."""
    sentences: tuple[SentenceSupport, ...]


class Judge(Protocol):
    """Says how far passages support an answer."""

    name: str

    def judge(self, sentences: Sequence[tuple[str, Sequence[str]]]) -> AnswerSupport | None:
        """sentences: of one answer, each with its passages. None: could not judge, which is not a verdict."""
        ...


def answer_support(sentences: Sequence[float]) -> float:
    """The weakest sentence and, by a little, the mean of all, 0..1; 0 without any.

    One false sentence shows, and length does not decide. `WEAKEST` was chosen on the labelled answers of
    `evals/data/dev`.
    """
    if not sentences:
        return 0.0
    mean = sum(sentences) / len(sentences)
    return round(WEAKEST * min(sentences) + (1 - WEAKEST) * mean, 4)
