"""What a message is like: exemplars of each class, and of harmless ones that sound alike."""

import functools
import itertools
import math
import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from bot.guard.exemplars import DECLINED, KINDS, SAFE, SUICIDAL
from bot.guard.ngrams import NGrams
from bot.guard.normalise import decoded, undisguised, without_gaps
from bot.guard.signs import signs
from bot.heads import Head, mean_of
from bot.ports import Array, TextEncoder
from bot.segmentation import sentence_spans
from bot.text import words
from bot.vectors import unit

_FLOOR = 1e-3
_CACHED = 64
_MOST_PARTS = 24
_MOST_DECODED = 3
_LEAST_WORDS = 4
_DISGUISED = 0.25
"""Share of the words that must read differently."""
_BETWEEN = re.compile(r"[,;:()—–]+|\.{2,}|\s(?:and|but|because|so|then|und|et|y|e|pero|mais|aber)\s", re.IGNORECASE)


Likened = Sequence[Mapping[str, float]]
"""What a message is like, by kind, in shares of 1: the whole first, then its parts."""


class GuardReader:
    """Weighs nothing: says what can be seen of a message. Safe to use from several threads."""

    def __init__(self, liken: Callable[[str], Likened], ngrams: NGrams) -> None:
        self._ngrams = ngrams
        self._read = functools.lru_cache(maxsize=_CACHED)(liken)
        self.features = functools.lru_cache(maxsize=_CACHED)(self._features)

    def kinds(self, message: str) -> dict[str, float]:
        """Each kind's highest probability in the whole message or one of its sentences: the point may be buried."""
        found = self._read(message)
        return {kind: max(each[kind] for each in found) for kind in found[0]}

    def _features(self, message: str) -> dict[str, float]:
        """By name: the kinds' probabilities, in log; what the wording says; signs that speak for or against."""
        found = self._read(message)
        return {
            **{f"log {kind}": _log(max(p.get(kind, 0.0) for p in found)) for kind in KINDS},
            **{f"log {kind}, whole": _log(found[0].get(kind, 0.0)) for kind in KINDS},
            **_together("suicidal", SUICIDAL, found),
            **_together("declined", DECLINED, found),
            "log safe": _log(min(p[SAFE] for p in found)),
            "log safe, whole": _log(found[0][SAFE]),
            **self._worded(message),
            **signs(message),
        }

    def _worded(self, message: str) -> dict[str, float]:
        """What the n-grams say of the whole, and of the part of which they say most."""
        text = without_gaps(message)
        found = [
            self._ngrams.scores(part) for part in (text, *disguised(message), *(text[a:b] for a, b in parts(text)))
        ]
        whole = {f"ngrams {head}, whole": score for head, score in found[0].items()}
        return whole | {f"ngrams {head}": max(scores[head] for scores in found) for head in found[0]}


def likening(encoder: TextEncoder, head: Head) -> Callable[[str], Likened]:
    """A message is read by the encoder that the head was fitted with."""
    return lambda message: head.probabilities(part_vectors(message, encoder))


def part_vectors(message: str, encoder: TextEncoder) -> Array:
    """Shape (1 + parts, d), unit rows: the means of the message's tokens and of those of its parts, which are read
    within the whole: they cost no reading of their own.
    """
    text = without_gaps(message)
    whole = encoder.encode_query(text)
    spans = np.asarray(whole.spans, dtype=np.int64).reshape(-1, 2)
    vectors, unread = [mean_of(whole)], disguised(message)
    for start, end in parts(text):
        inside = (spans[:, 0] >= start) & (spans[:, 1] <= end)
        if inside.any():
            vectors.append(unit(whole.tokens[inside].mean(axis=0)))
        else:  # beyond what the model reads at once
            unread.append(text[start:end])
    vectors += [mean_of(encoding) for encoding in encoder.encode(unread)] if unread else []
    return np.stack(vectors)


def disguised(text: str) -> list[str]:
    """What the text may be in disguise; mostly nothing."""
    said = words(text)
    meant = [reading for reading in itertools.islice(decoded(text), _MOST_DECODED) if words(reading) != said]
    plain = undisguised(text)
    changed = sum(word not in said for word in words(plain))
    # A figure such as 25mg is no disguise.
    return [*meant, plain] if changed and changed >= _DISGUISED * len(said) else meant


def parts(text: str) -> list[tuple[int, int]]:
    """(start, end) of its sentences, and of their clauses; none of a text that is one short sentence. Where they are
    more than _MOST_PARTS, neighbours are read together: the end of a long message is not left out.
    """
    found = sentence_spans(text, "en")
    clauses = [span for start, end in found for span in _clauses(text, start, end)]
    sentences = found if len(found) > 1 else []
    if len(sentences) + len(clauses) <= _MOST_PARTS:
        return [*sentences, *clauses]
    # Clauses in less room than their sentences would be longer than these.
    shared = _MOST_PARTS - len(sentences) if len(sentences) <= _MOST_PARTS // 2 else 0
    return [*_joined(sentences, _MOST_PARTS), *_joined(clauses, shared)]


def _joined(spans: Sequence[tuple[int, int]], most: int) -> list[tuple[int, int]]:
    """At most `most`, over all that `spans` go over; none where `most` is 0."""
    if not spans or not most:
        return []
    size = math.ceil(len(spans) / most)
    return [(spans[at][0], spans[at : at + size][-1][1]) for at in range(0, len(spans), size)]


def _clauses(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """`What is X, and who pays for it?` says two things. Clauses of some words each."""
    cuts = [match.span() for match in _BETWEEN.finditer(text, start, end)]
    edges = zip([start, *(after for _, after in cuts)], [*(before for before, _ in cuts), end], strict=True)
    return [(a, b) for a, b in edges if len(text[a:b].split()) >= _LEAST_WORDS] if cuts else []


def _together(name: str, kinds: Sequence[str], found: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Of several kinds, whichever it is."""
    sums = [sum(p.get(kind, 0.0) for kind in kinds) for p in found]
    return {f"log {name}": _log(max(sums)), f"log {name}, whole": _log(sums[0])}


def _log(probability: float) -> float:
    return math.log(probability + _FLOOR)
