"""Which words of the evidence the words of a claim rest on."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.faithfulness.words import Parsed, Word

WINDOW = 3
"""Sentences of evidence that a claim is held against word by word: a claim may merge two or three."""

_UNSEEN_IDF = math.log(1 + 20)


@dataclass(frozen=True, slots=True)
class Passages:
    """The evidence sentences of one answer."""

    sentences: tuple[Parsed, ...]
    """Never empty."""
    idf: Mapping[str, float]
    """By stem, over a background corpus; rarer is heavier."""

    def weight(self, stem: str) -> float:
        return self.idf.get(stem, _UNSEEN_IDF)


@dataclass(frozen=True, slots=True)
class Match:
    """A content word of a claim with its best counterpart in the window."""

    word: Word
    position: int
    """In the claim's words."""
    weight: float
    is_same: bool
    """Whether the counterpart has the same stem or number."""
    cosine: float
    """Of the two words' vectors, -1..1; contextual, so the same stem is seldom 1."""
    sentence: int
    """Of the counterpart, in `Passages.sentences`."""
    counterpart: int
    """Position in that sentence's words; -1 when the window has no content word."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """A claim beside its evidence."""

    claim: Parsed
    passages: Passages
    window: tuple[int, ...]
    """The best sentences of evidence for this claim, best first; at most WINDOW, never empty."""
    cosines: tuple[float, ...]
    """Of the claim's vector with every sentence of evidence, -1..1."""
    matches: tuple[Match, ...]
    """One a content word, in order; empty for a claim without any."""

    @property
    def best(self) -> Parsed:
        return self.passages.sentences[self.window[0]]

    def near(self) -> tuple[Parsed, ...]:
        """The sentences of the window, best first."""
        return tuple(self.passages.sentences[i] for i in self.window)

    @property
    def evidence(self) -> str:
        """The sentences of the window as one text, in the order of the passages."""
        return " ".join(self.passages.sentences[i].text for i in sorted(self.window))

    def counterpart(self, match: Match) -> Word | None:
        return self.passages.sentences[match.sentence].words[match.counterpart] if match.counterpart >= 0 else None


def align(claim: Parsed, passages: Passages) -> Aligned:
    """Chooses the window by shared weight and cosine, then gives each content word its best counterpart."""
    vectors = np.stack([sentence.vector for sentence in passages.sentences])
    cosines = vectors @ claim.vector
    shares = np.asarray([_share(claim, sentence, passages) for sentence in passages.sentences])
    order = np.argsort(-(shares + cosines), kind="stable")
    window = _window(claim, passages, order.tolist())
    matches = tuple(_match(claim, i, passages, window) for i in claim.content)
    return Aligned(claim, passages, window, tuple(float(c) for c in cosines), matches)


def key(word: Word) -> str:
    """What makes two words the same: the value of a number, else the stem."""
    return f"#{word.number:g}" if word.number is not None else word.stem


def keys(sentence: Parsed) -> set[str]:
    """Keys of the content words; a hyphenated word also counts by its parts."""
    found = set()
    for i in sentence.content:
        found.add(key(sentence.words[i]))
        found.update(part for part in sentence.words[i].stem.split("-") if len(part) > 2)
    return found


def _share(claim: Parsed, sentence: Parsed, passages: Passages) -> float:
    held = keys(sentence)
    weights = [(key(claim.words[i]), passages.weight(claim.words[i].stem)) for i in claim.content]
    total = sum(weight for _, weight in weights)
    return sum(weight for stem, weight in weights if stem in held) / total if total else 0.0


def _window(claim: Parsed, passages: Passages, order: Sequence[int]) -> tuple[int, ...]:
    """The best sentence, then those that add most words of the claim not yet held."""
    wanted = {key(claim.words[i]): passages.weight(claim.words[i].stem) for i in claim.content}
    chosen = [order[0]]
    rest = list(order[1:])
    while rest and len(chosen) < WINDOW:
        held = set().union(*(keys(passages.sentences[i]) for i in chosen))
        gains = [sum(wanted[k] for k in wanted.keys() - held if k in keys(passages.sentences[i])) for i in rest]
        best = int(np.argmax(gains))
        if gains[best] <= 0 and len(chosen) > 1:
            break
        chosen.append(rest.pop(best))
    return tuple(chosen)


def _match(claim: Parsed, position: int, passages: Passages, window: Sequence[int]) -> Match:
    word = claim.words[position]
    found: list[tuple[bool, float, int, int]] = []
    for rank, i in enumerate(window):
        sentence = passages.sentences[i]
        for j in sentence.content:
            cosine = float(sentence.vectors[j] @ claim.vectors[position])
            found.append((key(sentence.words[j]) == key(word), cosine - 0.02 * rank, i, j))
    same, cosine, sentence_at, at = max(found, default=(False, 0.0, window[0], -1))
    return Match(word, position, passages.weight(word.stem), same, cosine, sentence_at, at)


def background_idf(texts_of_stems: Sequence[Sequence[str]]) -> dict[str, float]:
    """log(1 + (N - n + .5) / (n + .5)) of each stem, n the texts that hold it (Robertson and Spärck Jones 1976)."""
    holding = Counter(stem for text in texts_of_stems for stem in set(text))
    count = len(texts_of_stems)
    return {stem: math.log1p((count - n + 0.5) / (n + 0.5)) for stem, n in holding.items()}
