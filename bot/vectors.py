"""Small pure functions on vectors that more than one room needs."""

import numpy as np

from bot.ports import Array


def unit(vectors: Array) -> Array:
    """`vectors`, shape (..., d), each of length 1 along its last axis; zeros stay zeros."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), dtype=np.float32)
