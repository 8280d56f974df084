"""Small fitted changes to the default embedding model, merged into its weights as it is exported.

Low-rank adaptation (LoRA; Hu et al. 2021, arXiv 2106.09685): to the weight W of a linear layer is added SCALE · B A,
with A of shape (rank, in) and B of shape (out, rank). `adapter.npz`, fitted by `python -m evals fit-encoder`, is for
finding the sentence that answers a question, by its vector and by its tokens' vectors; `messages.npz` for telling kinds
of message apart; `entailment.npz` for reading a text and a claim together.
"""

import hashlib
from collections.abc import Mapping
from importlib.resources import as_file, files
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.ports import Array

SCALE = 2.0

ADAPTER = "adapter.npz"

_BASE = "base"
_MATRICES = (".a", ".b")
STEP = ".step"
"""Of an 8-bit matrix: what 1 stands for."""
_MOST = np.iinfo(np.int8).max
_NONE: Mapping[str, npt.NDArray[Any]] = MappingProxyType({})


def read_adapter(file: str = ADAPTER) -> tuple[str, Mapping[str, Array]]:
    """Fingerprint of the model that the adapter is for, and its matrices: `<layer>.a` and `<layer>.b`."""
    with as_file(files("bot.models").joinpath(file)) as path, np.load(path) as stored:
        names = [name for name in stored.files if name.endswith(_MATRICES)]
        return str(stored[_BASE]), {name: array_in(stored, name) for name in names}


def array_in(stored: Any, name: str) -> Array:
    """An array of an open file, however it is kept."""
    step = stored[name + STEP] if name + STEP in stored.files else np.float32(1)
    return np.asarray(stored[name].astype(np.float32) * step)


def adapter_digest(file: str = ADAPTER) -> str:
    """SHA-256 of the file, in hexadecimal."""
    return hashlib.sha256(files("bot.models").joinpath(file).read_bytes()).hexdigest()


def write_adapter(
    path: Any, base: str, matrices: Mapping[str, npt.NDArray[Any]], also: Mapping[str, npt.NDArray[Any]] = _NONE
) -> None:
    """matrices: as they are kept, `halved` or `in_eight_bits`. also: what the file holds besides, by name."""
    np.savez_compressed(path, allow_pickle=False, **{_BASE: np.asarray(base), **matrices, **also})


def halved(array: Array) -> npt.NDArray[np.float16]:
    """In half precision."""
    return array.astype(np.float16)


def in_eight_bits(matrices: Mapping[str, Array]) -> dict[str, npt.NDArray[Any]]:
    """By name, each with its step: a number for each of the rank's rows or columns."""
    kept: dict[str, npt.NDArray[Any]] = {}
    for name, matrix in sorted(matrices.items()):
        step = np.abs(matrix).max(axis=int(matrix.shape[0] < matrix.shape[1]), keepdims=True) / _MOST
        step = np.where(step == 0, 1, step).astype(np.float32)
        kept[name], kept[name + STEP] = np.rint(matrix / step).astype(np.int8), step
    return kept


def adapt(transformer: Any, matrices: Mapping[str, Array]) -> None:
    """Adds the adapter to the weights of a torch module, in place."""
    for layer in sorted({name.rpartition(".")[0] for name in matrices}):
        weight = transformer.get_submodule(layer).weight.data
        change = SCALE * (matrices[f"{layer}.b"] @ matrices[f"{layer}.a"])
        weight += weight.new_tensor(change)
