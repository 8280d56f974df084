"""Small pure functions on vectors that more than one room needs."""

from collections.abc import Mapping, Sequence

import numpy as np

from bot.ports import Array, Encoder, Encoding


def unit(vectors: Array) -> Array:
    """`vectors`, shape (..., d), each of length 1 along its last axis; zeros stay zeros."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), dtype=np.float32)


def vectors_of(texts: Sequence[str], encoder: Encoder, encodings: Mapping[str, Encoding]) -> Array:
    """Shape (len(texts), d). encodings: by text, of any texts; what is missing is encoded, each text once."""
    missing = list(dict.fromkeys(text for text in texts if text not in encodings))
    new = dict(zip(missing, encoder.encode(missing), strict=True))
    return np.asarray([(new.get(text) or encodings[text]).vector for text in texts])
