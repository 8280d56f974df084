"""Telling texts apart by exemplars, with whatever embedding model there is."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bot.ports import Array

SHRINKAGE = 0.2
"""Share of the sphere in the covariance, 0..1."""

PRIOR = 0.5
"""Power of the kinds' shares among the exemplars in what is expected: many of them are of one kind by design."""

TEMPERATURE = 0.05
"""Of the votes, in units of cosine."""

LINEAR = 0.3
"""Weight of the discriminant beside the votes, 0..1."""

_FAINT = 1e-4


class ExemplarClassifier:
    """Two readings of a text, their probabilities multiplied: linear discriminant analysis (Fisher 1936) of any
    features, its covariance shrunk towards a sphere; and the votes of the exemplars with the most similar vectors. The
    first goes further from what was written down, the second knows that a kind may be of many sorts.
    """

    def __init__(self, kinds: Sequence[str], rows: Array, vectors: Array) -> None:
        """kinds: of each exemplar. rows: their features, shape (n, d). vectors: shape (n, e), unit length."""
        self.kinds = sorted(set(kinds))
        of = np.asarray([self.kinds.index(kind) for kind in kinds])
        self._is_of = np.eye(len(self.kinds), dtype=np.float32)[of]
        self._vectors = vectors
        self._weights, self._offsets = _discriminant(rows, of)

    def probabilities(self, rows: Array, vectors: Array) -> list[dict[str, float]]:
        """Of each text, kind → probability. rows: features, shape (n, d). vectors: shape (n, e), unit rows."""
        linear = _softmax(rows @ self._weights + self._offsets)
        votes = np.exp((vectors @ self._vectors.T - 1) / TEMPERATURE) @ self._is_of
        shares = votes / votes.sum(axis=1, keepdims=True)
        mixed = _softmax(LINEAR * np.log(linear + _FAINT) + (1 - LINEAR) * np.log(shares + _FAINT))
        return [dict(zip(self.kinds, each, strict=True)) for each in mixed.tolist()]


def _discriminant(rows: Array, of: npt.NDArray[np.int64]) -> tuple[Array, Array]:
    """Weights, shape (d, kinds), and offsets, shape (kinds,), of rows of shape (n, d) and their kinds."""
    counts = np.bincount(of)
    means = np.stack([rows[of == kind].mean(axis=0) for kind in range(len(counts))])
    # Every kind weighs alike in the covariance, as most exemplars are questions.
    spread = (rows - means[of]) / np.sqrt(counts[of] * len(counts))[:, None]
    covariance = spread.T @ spread
    size = covariance.shape[0]
    covariance = (1 - SHRINKAGE) * covariance + SHRINKAGE * np.trace(covariance) / size * np.eye(size)
    weights = np.linalg.solve(covariance, means.T)
    offsets = PRIOR * np.log(counts / counts.sum()) - np.einsum("kd,dk->k", means, weights) / 2
    return weights, offsets


def _softmax(scores: Array) -> Array:
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))
