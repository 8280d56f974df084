"""Sentences for a query, from several signals at once."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from bot.ports import Array, Scorer, Searcher
from bot.retrieval.fusion import aligned, fuse
from bot.values import Hit

CANDIDATES = 200
"""How many sentences each searcher proposes; a corpus up to that size is ranked whole."""

WEIGHTS: Mapping[str, float] = MappingProxyType({
    "dense": 1.0, "lexical": 0.5, "late": 2.0, "figures": 1.0, "bank": 8.0,
})  # fmt: skip
"""Of the standardised signals. Late interaction is the best single one, but for the bank where there is one. Between
halves and doubles of these, hit@1 moves by a point or two on public articles and on the bank read author by author."""

FLOORS: Mapping[str, float] = MappingProxyType({"lexical": 0.0})
"""What sentences score that a searcher leaves out, where that is known: BM25 returns none that shares no word."""


class HybridSearcher:
    """A Searcher: candidates from `searchers`, then all signals of those candidates fused."""

    def __init__(
        self,
        searchers: Mapping[str, Searcher],
        scorers: Mapping[str, Scorer],
        weights: Mapping[str, float] = WEIGHTS,
    ) -> None:
        """weights: by the names of `searchers` and `scorers` together, in any scale."""
        self._searchers = searchers
        self._scorers = scorers
        used = {name: weight for name, weight in weights.items() if name in searchers or name in scorers}
        self._weights = {name: weight / sum(used.values()) for name, weight in used.items()}

    def search(self, text: str, k: int) -> tuple[Hit, ...]:
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k!r}")
        candidates, signals = self.signals(text)
        if not candidates:
            return ()
        fused = fuse(signals, self._weights)
        best = np.argsort(-fused, kind="stable")[:k]
        return tuple(Hit(candidates[i], float(fused[i])) for i in best)

    def signals(self, text: str) -> tuple[list[int], dict[str, Array]]:
        """The candidates' sentence ids, ascending, and their raw scores by signal."""
        found = {name: searcher.search(text, CANDIDATES) for name, searcher in self._searchers.items()}
        candidates = sorted({hit.sentence_id for hits in found.values() for hit in hits})
        signals = {name: aligned(hits, candidates, FLOORS.get(name)) for name, hits in found.items()}
        for name, scorer in self._scorers.items():
            signals[name] = scorer.scores(text, candidates)
        return candidates, signals
