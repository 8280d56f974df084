"""Figures with their uncertainty."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its 95 % interval."""

    mean: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.mean:.2f} [{self.low:.2f}, {self.high:.2f}]"


def estimate(values: Sequence[float], seed: int = 0) -> Estimate:
    """The mean and its percentile bootstrap interval (Efron 1979). Raises ValueError without values."""
    if not values:
        raise ValueError("no values to estimate from")
    data = np.asarray(values, dtype=np.float64)
    rng = np.random.default_rng(seed)
    means = data[rng.integers(0, len(data), size=(_RESAMPLES, len(data)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Estimate(float(data.mean()), float(low), float(high), len(data))


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """Probability that a positive scores above a negative, ties counting half (Mann and Whitney 1947).

    Raises ValueError when either is empty.
    """
    if not positives or not negatives:
        raise ValueError("AUROC needs positives and negatives")
    above = np.asarray(positives)[:, None] - np.asarray(negatives)[None, :]
    return float((above > 0).mean() + 0.5 * (above == 0).mean())
