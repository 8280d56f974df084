"""Yes or no, and how sure. Checked in tests against scikit-learn.

All take arrays of one length: `truth` of 0 and 1, `said` of 0 and 1 or `scores` (any numbers, higher is more
positive), and `weights` >= 0, how often each row counts (a bootstrap resamples by them).
"""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

BINS = 10


def precision(truth: Array, said: Array, weights: Array) -> float:
    """Of what was said to be positive, the share that is; nan when nothing was."""
    chosen = weights * said
    return float((chosen * truth).sum() / chosen.sum()) if chosen.sum() else float("nan")


def recall(truth: Array, said: Array, weights: Array) -> float:
    """Of what is positive, the share that was said to be; nan when nothing is."""
    return precision(said, truth, weights)


def balanced_accuracy(truth: Array, said: Array, weights: Array) -> float:
    """Mean of the recalls of both classes; nan unless both occur (Brodersen et al. 2010)."""
    return (recall(truth, said, weights) + recall(1 - truth, 1 - said, weights)) / 2


def cohen_kappa(truth: Array, said: Array, weights: Array) -> float:
    """Agreement beyond chance, -1..1 (Cohen 1960); nan when chance alone agrees wholly."""
    total = weights.sum()
    agreed = (weights * (truth == said)).sum() / total
    rate, said_rate = (weights * truth).sum() / total, (weights * said).sum() / total
    chance = rate * said_rate + (1 - rate) * (1 - said_rate)
    return float((agreed - chance) / (1 - chance)) if chance < 1 else float("nan")


def auroc(truth: Array, scores: Array, weights: Array) -> float:
    """Probability that a positive scores above a negative, ties counting half (Mann and Whitney 1947).

    nan unless both classes occur.
    """
    values, inverse = np.unique(scores, return_inverse=True)
    positives = np.bincount(inverse, weights * truth, len(values))
    negatives = np.bincount(inverse, weights * (1 - truth), len(values))
    pairs = positives.sum() * negatives.sum()
    below = np.concatenate([[0.0], np.cumsum(negatives)[:-1]])
    return float((positives * (below + negatives / 2)).sum() / pairs) if pairs else float("nan")


def expected_calibration_error(truth: Array, probabilities: Array, weights: Array) -> float:
    """Mean over BINS bins of equal width of |observed rate - mean probability|, weighted by size, 0..1.

    Naeini et al. 2015; Guo et al. 2017, eq. 3. probabilities: in 0..1. nan without rows.
    """
    place = np.minimum((probabilities * BINS).astype(np.int64), BINS - 1)
    observed = np.bincount(place, weights * truth, BINS)
    predicted = np.bincount(place, weights * probabilities, BINS)
    return float(np.abs(observed - predicted).sum() / weights.sum()) if weights.sum() else float("nan")


def roc_points(truth: Array, scores: Array) -> list[tuple[float, float]]:
    """(false positive rate, true positive rate) at every threshold, from (0, 0) to (1, 1)."""
    hits, false = _cumulated(truth, scores)
    return [(0.0, 0.0), *zip((false / max(false[-1], 1)).tolist(), (hits / max(hits[-1], 1)).tolist(), strict=True)]


def precision_recall_points(truth: Array, scores: Array) -> list[tuple[float, float]]:
    """(recall, precision) at every threshold, highest first."""
    hits, false = _cumulated(truth, scores)
    return list(zip((hits / max(hits[-1], 1)).tolist(), (hits / (hits + false)).tolist(), strict=True))


def _cumulated(truth: Array, scores: Array) -> tuple[Array, Array]:
    """Positives and negatives with a score at or above each distinct score, highest first."""
    values, inverse = np.unique(-scores, return_inverse=True)
    return np.cumsum(np.bincount(inverse, truth, len(values))), np.cumsum(np.bincount(inverse, 1 - truth, len(values)))
