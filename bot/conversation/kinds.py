"""What kind of message it is: small talk, a request about the last answer, nothing to be made out, or a question."""

import functools
import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

from bot.conversation.grammar import SECOND, cues, tokens
from bot.heads import Head, mean_of
from bot.ports import TextEncoder
from bot.terms import language_of, terms
from bot.values import Corpus

QUESTION = "question"
UNCLEAR = "unclear"
SMALL_TALK = frozenset({"greet", "thanks", "bye", "ack", "identity", "howareyou"})
REQUESTS = frozenset({"source", "sure", "simpler", "more", "shorter", "summary", "repeat"})

_FLOOR = 1e-3
_SEVERAL = 3
_FEW = 2
_CACHED = 64


Liken = Callable[[str], Mapping[str, float]]
"""Message → kinds, in shares of 1."""


@dataclass(frozen=True, slots=True)
class Exemplar:
    """A message written beforehand."""

    kind: str
    author: str
    message: str


@functools.cache
def exemplars() -> tuple[Exemplar, ...]:
    """Every line of exemplars.tsv: kind, author, message."""
    text = files("bot.conversation").joinpath("exemplars.tsv").read_text(encoding="utf-8")
    return tuple(Exemplar(*line.split("\t", 2)) for line in text.splitlines())


def said_in(examples: Iterable[Exemplar]) -> set[str]:
    """Stems that those of them have which are no questions."""
    return {term for example in examples if example.kind != QUESTION for term in terms(example.message, "en")}


def likening(encoder: TextEncoder, head: Head) -> Liken:
    """A message is read by the encoder that the head was fitted with."""
    return lambda message: head.probabilities(mean_of(encoder.encode_query(message))[None])[0]


def topics_of(corpus: Corpus) -> set[str]:
    """Stems of all that the pages say."""
    return {term for sentence in corpus.sentences for term in terms(sentence.text, language_of(corpus))}


class MessageKinds:
    """What can be seen of a message's kind. Safe to use from several threads."""

    def __init__(self, liken: Liken, topics: Collection[str], said: Collection[str]) -> None:
        """topics: stems of what the pages say. said: stems that exemplars have which are no questions."""
        self._topics = topics
        self._said = said
        self.of = functools.lru_cache(maxsize=_CACHED)(liken)
        self.features = functools.lru_cache(maxsize=_CACHED)(self._features)

    def _features(self, message: str) -> dict[str, float]:
        """What tells small talk and requests from questions, by name: the shares of the kinds, in log; terms that no
        exemplar has but questions, of the pages or at all; whom the message speaks of, and how it begins.
        """
        of = self.of(message)
        groups = {"small talk": SMALL_TALK, "request": REQUESTS, "unclear": {UNCLEAR}, "question": {QUESTION}}
        shares = {name: sum(of.get(kind, 0.0) for kind in kinds) for name, kinds in groups.items()}
        new = [term for term in terms(message, "en") if term not in self._said]
        said = tokens(message)
        first = said[0].role if said else "stop"
        second_person = any(token.text.lower() in SECOND for token in said)
        around = cues(message)
        return {
            **{f"log {name}": math.log(share + _FLOOR) for name, share in shares.items()},
            "topics": min(sum(term in self._topics for term in new), _FEW) / _FEW,
            "new terms": min(len(new), _SEVERAL) / _SEVERAL,
            "second person": float(second_person),
            **{cue: around[cue] for cue in ("singular", "plural", "personal", "bare", "joining", "words")},
            "wh": float(first == "wh"),
            "wh of others": float(first == "wh" and not second_person),
            "auxiliary": float(first == "auxiliary"),
            "question mark": float("?" in message),
            "preposition": float(any(token.role == "preposition" for token in said)),
        }
