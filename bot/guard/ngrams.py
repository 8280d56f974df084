"""A linear model over hashed n-grams of words and letters: what a message is worded like, with no embedding at all."""

import functools
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from typing import Self

import numpy as np
import numpy.typing as npt

from bot.guard.normalise import variants
from bot.ports import Array

BUCKETS = 2**15
"""Of either kind of n-gram."""

FILE = "ngrams.npz"

_TOKEN = re.compile(r"[\w']+|[?!]")
_LETTERS = range(2, 6)
_WORDS = range(1, 4)


@dataclass(frozen=True, slots=True)
class NGrams:
    """Scores, in log odds, by the name of a head. Fitted by `python -m evals fit-guard`."""

    heads: Sequence[str]
    weights: npt.NDArray[np.int8]
    """Shape (heads, 2 * BUCKETS)."""
    scales: Array
    """Shape (heads,): what a weight of 1 stands for."""
    intercepts: Array
    """Shape (heads,)."""

    @classmethod
    @functools.cache
    def load(cls) -> Self:
        with np.load(BytesIO(files("bot.guard").joinpath(FILE).read_bytes()), allow_pickle=False) as stored:
            return cls(stored["heads"].tolist(), stored["weights"], stored["scales"], stored["intercepts"])

    @classmethod
    def of(cls, heads: Sequence[str], weights: Array, intercepts: Array) -> Self:
        """Rounds weights, shape (heads, 2 * BUCKETS), to 8 bits."""
        scales = np.abs(weights).max(axis=1) / np.iinfo(np.int8).max
        rounded = np.rint(weights / scales[:, None]).astype(np.int8)
        return cls(list(heads), rounded, scales.astype(np.float32), intercepts.astype(np.float32))

    def save(self, target: BytesIO) -> None:
        np.savez_compressed(
            target,
            heads=np.asarray(self.heads),
            weights=self.weights,
            scales=self.scales,
            intercepts=self.intercepts,
        )

    def scores(self, text: str) -> Mapping[str, float]:
        found, values = buckets(text)
        totals = self.weights[:, found].astype(np.float32) @ values * self.scales + self.intercepts
        return dict(zip(self.heads, totals.tolist(), strict=True))


def buckets(text: str) -> tuple[npt.NDArray[np.int64], Array]:
    """Numbers of the n-grams in `text`, each once, and their values: of either kind a vector of length 1."""
    plain = variants(text)[0]
    letters = np.unique([zlib.crc32(gram.encode()) % BUCKETS for gram in _letter_grams(plain)])
    words = np.unique([zlib.crc32(gram.encode()) % BUCKETS for gram in _word_grams(plain)])
    values = [np.full(len(found), 1 / max(len(found), 1) ** 0.5, dtype=np.float32) for found in (letters, words)]
    return np.concatenate([letters, words + BUCKETS]).astype(np.int64), np.concatenate(values)


def _letter_grams(plain: str) -> Iterator[str]:
    """Within words, with the space before and after."""
    for word in plain.split():
        padded = f" {word} "
        for size in _LETTERS:
            for start in range(max(len(padded) - size, 0) + 1):
                yield padded[start : start + size]


def _word_grams(plain: str) -> Iterator[str]:
    found = _TOKEN.findall(plain)
    for size in _WORDS:
        for start in range(len(found) - size + 1):
            yield " ".join(found[start : start + size])
