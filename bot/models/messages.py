"""A small fitted model of what kinds of message there are: an adapter of the default embedding model, and two heads.

Fitted by `python -m evals fit-messages`. It has a graph of its own beside the embedding model's, whichever that is.
"""

from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from bot.heads import Head, arrays_of, head_in
from bot.models.adapter import halved, in_eight_bits, write_adapter
from bot.ports import Array

FILE = "messages.npz"
MESSAGES = "messages"
"""Folder of its graph, in that of the embedding model."""
HEADS = ("guard", "talk")

_KINDS = "kinds"


def read_heads() -> dict[str, Head]:
    """By name."""
    with as_file(files("bot.models").joinpath(FILE)) as path, np.load(path) as stored:
        return {name: head_in(name, tuple(stored[f"{name}.{_KINDS}"].tolist()), stored) for name in HEADS}


def write_messages(path: Path, base: str, matrices: Mapping[str, Array], heads: Mapping[str, Head]) -> None:
    """base: fingerprint of the model that the matrices are for."""
    arrays = {name: array for head, made in heads.items() for name, array in arrays_of(head, made).items()}
    kinds = {f"{name}.{_KINDS}": np.asarray(head.kinds) for name, head in heads.items()}
    write_adapter(
        path, base, in_eight_bits(matrices), {**kinds, **{name: halved(array) for name, array in arrays.items()}}
    )
