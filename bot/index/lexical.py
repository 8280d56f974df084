"""BM25 over the sentences, by the library bm25s."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.ports import Array
from bot.terms import terms
from bot.values import Hit

K1 = 1.2
B = 0.4
"""Sentences differ in length by what they say more than by verbosity: lengths count for less than
the usual .75. Both are middle values of the ranges in Robertson and Zaragoza (2009), section 3.5."""


class LexicalIndex:
    """A Searcher by the words of a query. A sentence without any of them is no hit."""

    def __init__(self, bm25: Any, language: str) -> None:
        self._bm25 = bm25
        self._language = language

    @classmethod
    def build(cls, texts: Sequence[str], language: str) -> "LexicalIndex":
        """texts: what stands for each sentence, by sentence id."""
        import bm25s

        # It sets its own logger to DEBUG.
        logging.getLogger("bm25s").setLevel(logging.WARNING)
        bm25 = bm25s.BM25(k1=K1, b=B)
        # A word nobody asks for keeps the vocabulary from being empty, which bm25s cannot index.
        bm25.index([terms(text, language) or ["\0"] for text in texts], show_progress=False)
        return cls(bm25, language)

    @classmethod
    def open(cls, folder: Path, language: str) -> "LexicalIndex":
        import bm25s

        return cls(bm25s.BM25.load(folder, show_progress=False), language)

    def save(self, folder: Path) -> None:
        self._bm25.save(folder, show_progress=False)

    def search(self, text: str, k: int) -> tuple[Hit, ...]:
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k!r}")
        scores = self._scores(text)
        best = np.argsort(-scores, kind="stable")[:k]
        return tuple(Hit(int(i), float(scores[i])) for i in best if scores[i] > 0)

    def _scores(self, text: str) -> Array:
        known = [term for term in terms(text, self._language) if term in self._bm25.vocab_dict]
        if not known:
            return np.zeros(self._bm25.scores["num_docs"], dtype=np.float32)
        return np.asarray(self._bm25.get_scores(known), dtype=np.float32)
