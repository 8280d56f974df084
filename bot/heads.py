"""Telling kinds of text apart by a vector: a small network on top of an encoder."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bot.ports import Array, Encoding
from bot.vectors import unit


@dataclass(frozen=True, slots=True)
class Head:
    """One hidden layer of rectified linear units, then softmax."""

    kinds: tuple[str, ...]
    inner: Array
    """Shape (d, h)."""
    inner_bias: Array
    outer: Array
    """Shape (h, kinds)."""
    outer_bias: Array

    def probabilities(self, vectors: Array) -> list[dict[str, float]]:
        """Of each text, kind → probability; together 1. vectors: shape (n, d), as `mean_of` makes them."""
        hidden = np.maximum(vectors * vectors.shape[1] ** 0.5 @ self.inner + self.inner_bias, 0)
        scores = hidden @ self.outer + self.outer_bias
        weights = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares = weights / weights.sum(axis=1, keepdims=True)
        return [dict(zip(self.kinds, each, strict=True)) for each in shares.tolist()]


def mean_of(encoding: Encoding) -> Array:
    """Shape (d,): the mean of the text's tokens, of unit length; zeros for a text without any."""
    return unit(encoding.tokens.mean(axis=0)) if len(encoding.tokens) else np.zeros_like(encoding.vector)


def arrays_of(name: str, head: Head) -> Mapping[str, Array]:
    """The head's arrays by name, for a file; `head_in` reads them."""
    return {f"{name}.{part}": getattr(head, part) for part in _PARTS}


def head_in(name: str, kinds: tuple[str, ...], arrays: Mapping[str, Array]) -> Head:
    return Head(kinds, *(arrays[f"{name}.{part}"].astype(np.float32) for part in _PARTS))


_PARTS = ("inner", "inner_bias", "outer", "outer_bias")
