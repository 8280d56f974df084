"""Encodings of texts as a file, so that what did not change is not encoded again."""

import itertools
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from bot.ports import Encoding

_ARRAYS = "encodings.npz"
_TEXTS = "texts.json"


def save_encodings(folder: Path, encodings: Mapping[str, Encoding]) -> None:
    """Token vectors are kept in half precision: cosines change in the fourth digit."""
    values = list(encodings.values())
    np.savez(
        folder / _ARRAYS,
        vectors=np.stack([encoding.vector for encoding in values]),
        tokens=np.concatenate([encoding.tokens for encoding in values]).astype(np.float16),
        pieces=np.concatenate([np.asarray(encoding.pieces, dtype=np.int32) for encoding in values]),
        offsets=np.cumsum([0, *(len(encoding.pieces) for encoding in values)]),
    )
    (folder / _TEXTS).write_text(json.dumps(list(encodings)), encoding="utf-8")


def load_encodings(folder: Path) -> dict[str, Encoding]:
    """What `save_encodings` wrote, by text; token vectors still in half precision."""
    texts: list[str] = json.loads((folder / _TEXTS).read_text(encoding="utf-8"))
    with np.load(folder / _ARRAYS) as stored:
        vectors, offsets = stored["vectors"], stored["offsets"]
        tokens, pieces = stored["tokens"], stored["pieces"]
    spans = itertools.pairwise(offsets)
    return {
        text: Encoding(vectors[i], tokens[start:end], tuple(pieces[start:end].tolist()))
        for i, (text, (start, end)) in enumerate(zip(texts, spans, strict=True))
    }
