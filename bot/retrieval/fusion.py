"""One ranking from several: the sum of standardised scores."""

from collections.abc import Mapping, Sequence

import numpy as np

from bot.ports import Array
from bot.values import Hit


def standardise(scores: Array) -> Array:
    """Zero mean and unit variance; all zeros where the scores do not differ."""
    precise = scores.astype(np.float64)
    spread = float(precise.std())
    if not spread > 1e-9:
        return np.zeros_like(scores)
    return np.asarray((precise - precise.mean()) / spread, dtype=np.float32)


def aligned(hits: Sequence[Hit], candidates: Sequence[int], floor: float | None = None) -> Array:
    """Shape (len(candidates),): each candidate's score, `floor` where it is no hit.

    floor: if None, the lowest score found: what a searcher did not return within its k scored no better.
    """
    scores = {hit.sentence_id: hit.score for hit in hits}
    floor = min(scores.values(), default=0.0) if floor is None else floor
    return np.asarray([scores.get(candidate, floor) for candidate in candidates], dtype=np.float32)


def fuse(signals: Mapping[str, Array], weights: Mapping[str, float]) -> Array:
    """Weighted sum of the standardised signals.

    Sums of normalised scores beat reciprocal rank fusion in and out of domain (Bruch et al. 2022,
    arXiv 2210.11934); on this kind of corpus reciprocal ranks fell below BM25 alone.
    """
    total = np.zeros(len(next(iter(signals.values()))), dtype=np.float32)
    for name, scores in signals.items():
        total = total + weights[name] * standardise(scores)
    return total
