"""What kind of message it is: small talk, a request about the last answer, nothing to be made out, or a question."""

import functools
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from bot.conversation.grammar import SECOND, cues, tokens
from bot.exemplars import ExemplarClassifier
from bot.ports import Array, Encoder, Encoding
from bot.terms import language_of, terms
from bot.text import words
from bot.values import Corpus
from bot.vectors import vectors_of

QUESTION = "question"
UNCLEAR = "unclear"
SMALL_TALK = frozenset({"greet", "thanks", "bye", "ack", "identity", "howareyou"})
REQUESTS = frozenset({"source", "sure", "simpler", "more", "shorter", "summary", "repeat"})

_FLOOR = 1e-3
_SEVERAL = 3
_MAX_WORDS = 15
_MAX_TERMS = 6
_FEW = 2
_CUES = ("singular", "plural", "personal", "joining", "what_about")
_CACHED = 64


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


def topics_of(corpus: Corpus) -> set[str]:
    """Stems of all that the pages say."""
    return {term for sentence in corpus.sentences for term in terms(sentence.text, language_of(corpus))}


class MessageKinds:
    """Tells kinds apart by exemplars. Fitted when the index is opened: they need no model of their own."""

    def __init__(
        self,
        examples: Sequence[tuple[str, str]],
        topics: Collection[str],
        encoder: Encoder,
        encodings: Mapping[str, Encoding],
    ) -> None:
        """examples: (kind, message). topics: stems of what the pages say. encodings: by text, of any messages; what is
        missing is encoded.
        """
        vectors = vectors_of([message for _, message in examples], encoder, encodings)
        rows = np.stack([_features(message, row) for (_, message), row in zip(examples, vectors, strict=True)])
        self._classifier = ExemplarClassifier([kind for kind, _ in examples], rows, vectors)
        self._encoder = encoder
        self._topics = topics
        self._said = {term for kind, message in examples if kind != QUESTION for term in terms(message, "en")}
        self.of = functools.lru_cache(maxsize=_CACHED)(self._of)
        self.features = functools.lru_cache(maxsize=_CACHED)(self._features)

    def _of(self, message: str) -> dict[str, float]:
        """Kind → probability; together 1."""
        vector = self._encoder.encode_query(message).vector
        return self._classifier.probabilities(_features(message, vector)[None], vector[None])[0]

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


def _features(message: str, vector: Array) -> Array:
    """Shape (d + 5 + cues,)."""
    said = len(words(message))
    about = len(set(terms(message, "en")))
    counts = [
        min(said, _MAX_WORDS) / _MAX_WORDS,
        min(about, _MAX_TERMS) / _MAX_TERMS,
        "?" in message,
        said <= _FEW,
        not about,
        *(cues(message)[cue] for cue in _CUES),
    ]
    return np.concatenate([vector, np.asarray(counts, dtype=np.float32)])
