"""A small fitted change to the default embedding model, merged into its weights as it is exported.

Low-rank adaptation (LoRA; Hu et al. 2021, arXiv 2106.09685): to the weight W of a linear layer is added SCALE · B A,
with A of shape (rank, in) and B of shape (out, rank). Fitted by `python -m evals fit-encoder` for finding the sentence
that answers a question, by its vector and by its tokens' vectors.
"""

import hashlib
from collections.abc import Mapping
from importlib.resources import as_file, files
from typing import Any

import numpy as np

from bot.ports import Array

SCALE = 2.0

_FILE = "adapter.npz"
_BASE = "base"


def read_adapter() -> tuple[str, Mapping[str, Array]]:
    """Fingerprint of the model that the adapter is for, and its matrices: `<layer>.a` and `<layer>.b`."""
    with as_file(files("bot.models").joinpath(_FILE)) as path, np.load(path) as stored:
        matrices = {name: stored[name].astype(np.float32) for name in stored.files if name != _BASE}
        return str(stored[_BASE]), matrices


def adapter_digest() -> str:
    """SHA-256 of the adapter, in hexadecimal."""
    return hashlib.sha256(files("bot.models").joinpath(_FILE).read_bytes()).hexdigest()


def write_adapter(path: Any, base: str, matrices: Mapping[str, Array]) -> None:
    """Matrices are kept in half precision."""
    halved = {name: matrix.astype(np.float16) for name, matrix in sorted(matrices.items())}
    np.savez_compressed(path, allow_pickle=False, **{_BASE: np.asarray(base), **halved})


def adapt(transformer: Any, matrices: Mapping[str, Array]) -> None:
    """Adds the adapter to the weights of a torch module, in place."""
    for layer in sorted({name.rpartition(".")[0] for name in matrices}):
        weight = transformer.get_submodule(layer).weight.data
        change = SCALE * (matrices[f"{layer}.b"] @ matrices[f"{layer}.a"])
        weight += weight.new_tensor(change)
