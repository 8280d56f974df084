"""Figures with their uncertainty: intervals, paired tests, smallest detectable effect."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

Statistic = Callable[[Array, Array], float]
"""(rows of shape (n, m), weights of shape (n,), >= 0) → a figure; nan where it is undefined."""

RESAMPLES = 1000
PERMUTATIONS = 2000

_DETECTABLE = 1.959964 + 0.841621
"""Standard errors between two means that a two-sided test at 5 % sees with 80 % power (Cohen 1988)."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    """nan where undefined."""
    low: float
    high: float
    n: int
    """Rows."""
    detectable: float
    """Smallest difference from another such run that a test would see four times in five."""

    def __str__(self) -> str:
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"


def or_null(value: float) -> float | None:
    """None, JSON's null, for a value that is undefined: JSON has no nan."""
    return None if math.isnan(value) else value


def mean(rows: Array, weights: Array) -> float:
    """The weighted mean of the first column."""
    total = weights.sum()
    return float((rows[:, 0] * weights).sum() / total) if total else float("nan")


def estimate(
    rows: Sequence[Sequence[float]], clusters: Sequence[str] = (), statistic: Statistic = mean, seed: int = 0
) -> Estimate:
    """The statistic with its percentile bootstrap interval, clusters resampled whole.

    Efron 1979; Field and Welsh 2007 for clusters. rows: one an observation. clusters: its conversation;
    empty: each row stands alone. Raises ValueError without rows.
    """
    if not len(rows):
        raise ValueError("no values to estimate from")
    data = np.asarray(rows, dtype=np.float64)
    inverse = _numbered(clusters, len(data))
    rng = np.random.default_rng(seed)
    count = int(inverse.max()) + 1
    drawn = rng.multinomial(count, np.full(count, 1 / count), size=RESAMPLES).astype(np.float64)
    values = _resampled(data, drawn, inverse, statistic)
    values = values[~np.isnan(values)]
    whole = statistic(data, np.ones(len(data)))
    if not len(values):
        return Estimate(whole, float("nan"), float("nan"), len(data), float("nan"))
    low, high = np.percentile(values, [2.5, 97.5])
    # Two independent runs differ by sqrt(2) standard errors; a paired comparison sees less than this.
    return Estimate(whole, float(low), float(high), len(data), float(_DETECTABLE * np.sqrt(2) * values.std()))


def _resampled(data: Array, drawn: Array, inverse: npt.NDArray[np.int64], statistic: Statistic) -> Array:
    if statistic is mean:
        sums = np.bincount(inverse, data[:, 0])
        sizes = np.bincount(inverse).astype(np.float64)
        return np.asarray((drawn @ sums) / (drawn @ sizes))
    return np.asarray([statistic(data, weights[inverse]) for weights in drawn])


def _numbered(clusters: Sequence[str], count: int) -> npt.NDArray[np.int64]:
    if not len(clusters):
        return np.arange(count)
    if len(clusters) != count:
        raise ValueError(f"{count} rows but {len(clusters)} clusters")
    return np.asarray(np.unique(np.asarray(clusters), return_inverse=True)[1], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Difference:
    """B against A on the same cases."""

    a: float
    b: float
    low: float
    """95 % interval of b - a."""
    high: float
    p: float
    """Two-sided; nan, as is the interval, where the figure is undefined in either run."""
    n: int
    """Clusters that both have."""

    @property
    def difference(self) -> float:
        return self.b - self.a


def compare(
    a: Sequence[Sequence[float]],
    b: Sequence[Sequence[float]],
    clusters_a: Sequence[str],
    clusters_b: Sequence[str],
    statistic: Statistic = mean,
    seed: int = 0,
) -> Difference:
    """Paired randomisation test of a statistic, and the bootstrap interval of its difference.

    Noreen 1989; Smucker et al. 2007. Clusters that both runs have are the pairs: in each permutation a
    cluster's rows are swapped between the runs, or not, together; the two may have different numbers of rows. p
    counts the observed arrangement among the permutations, so it is never 0. Raises ValueError when no cluster
    is shared.
    """
    shared = sorted(set(clusters_a) & set(clusters_b))
    if not shared:
        raise ValueError("no case in common: compare runs of the same cases")
    number = {cluster: i for i, cluster in enumerate(shared)}
    left, left_of = _of_clusters(a, clusters_a, number)
    right, right_of = _of_clusters(b, clusters_b, number)
    observed = statistic(left, np.ones(len(left))), statistic(right, np.ones(len(right)))
    if np.isnan(observed).any():
        return Difference(*observed, float("nan"), float("nan"), float("nan"), len(shared))
    if np.array_equal(left, right) and np.array_equal(left_of, right_of):
        return Difference(*observed, 0.0, 0.0, 1.0, len(shared))
    rng = np.random.default_rng(seed)
    both, of = np.concatenate([left, right]), np.concatenate([left_of, right_of])
    is_right = np.repeat([0.0, 1.0], [len(left), len(right)])
    swaps = rng.integers(0, 2, size=(PERMUTATIONS, len(shared))).astype(np.float64)
    drawn = rng.multinomial(len(shared), np.full(len(shared), 1 / len(shared)), size=RESAMPLES).astype(np.float64)
    permuted = _differences(both, of, is_right, swaps, np.ones_like(swaps), statistic)
    resampled = _differences(both, of, is_right, np.zeros_like(drawn), drawn, statistic)
    more = int((np.abs(permuted) >= abs(observed[1] - observed[0]) - 1e-12).sum())
    low, high = np.nanpercentile(resampled, [2.5, 97.5])
    return Difference(*observed, float(low), float(high), (more + 1) / (PERMUTATIONS + 1), len(shared))


def _of_clusters(
    rows: Sequence[Sequence[float]], clusters: Sequence[str], number: Mapping[str, int]
) -> tuple[Array, npt.NDArray[np.int64]]:
    """The rows of the numbered clusters, in their order, with each row's number."""
    kept = sorted((number[cluster], i) for i, cluster in enumerate(clusters) if cluster in number)
    data = np.asarray(rows, dtype=np.float64)
    return data[[i for _, i in kept]], np.asarray([n for n, _ in kept], dtype=np.int64)


def _differences(
    rows: Array, of: npt.NDArray[np.int64], is_right: Array, swaps: Array, counts: Array, statistic: Statistic
) -> Array:
    """Right minus left for each line of swaps (1: the cluster changes sides) and counts (how often it is drawn)."""
    if statistic is mean:
        sides = []
        for side in (0.0, 1.0):
            own, other = [
                (np.bincount(of, rows[:, 0] * held, swaps.shape[1]), np.bincount(of, held, swaps.shape[1]))
                for held in ((is_right == side) * 1.0, (is_right != side) * 1.0)
            ]
            sums = (counts * (1 - swaps)) @ own[0] + (counts * swaps) @ other[0]
            sizes = (counts * (1 - swaps)) @ own[1] + (counts * swaps) @ other[1]
            sides.append(sums / sizes)
        return np.asarray(sides[1] - sides[0])
    found = []
    for swap, count in zip(swaps, counts, strict=True):
        right = np.abs(is_right - swap[of])
        weights = count[of]
        found.append(statistic(rows, right * weights) - statistic(rows, (1 - right) * weights))
    return np.asarray(found)
