"""A small fitted cross-encoder: reads a text and a claim together, and says whether the text supports the claim.

An adapter of the default embedding model with a head of its own, fitted by `python -m evals fit-entailment`.
"""

import shutil
import tempfile
import threading
from collections.abc import Mapping, Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import filelock
import numpy as np
import numpy.typing as npt

from bot.errors import IndexStoreError
from bot.models.adapter import STEP, adapter_digest, array_in, halved, in_eight_bits, write_adapter
from bot.models.embeddings import open_graph
from bot.ports import Array

Ids = npt.NDArray[np.int64]

FILE = "entailment.npz"
INPUTS = ("input_ids", "attention_mask", "token_type_ids", "parts")
"""Of the graph, each of shape (pairs, tokens)."""
MAX_TOKENS = 160

_HEAD = "head."
_NAMED = 16
"""Digits of the file's digest that name its folder."""
_BATCH = 16


class OnnxEntailment:
    """The model as `bot.models.export` wrote it. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Raises IndexStoreError when a file is missing or damaged."""
        _, self._tokenizer, self._session = open_graph(folder)
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_length=MAX_TOKENS)
        self._lock = threading.Lock()

    def logits(self, pairs: Sequence[tuple[str, str]]) -> Array:
        """Shape (pairs,). pairs: (text, claim); one that is too long is cut at its end."""
        tokenized = self._tokenize(pairs)
        found = np.zeros(len(pairs), dtype=np.float32)
        order = sorted(range(len(pairs)), key=lambda i: len(tokenized[i].ids))
        for first in range(0, len(order), _BATCH):
            rows = order[first : first + _BATCH]
            (found[rows],) = self._session.run(None, _arrays_of([tokenized[i] for i in rows]))
        return found

    def arrays(self, pairs: Sequence[tuple[str, str]]) -> dict[str, Ids]:
        """What the graph is given for the pairs, by name of the input."""
        return _arrays_of(self._tokenize(pairs))

    def _tokenize(self, pairs: Sequence[tuple[str, str]]) -> list[Any]:
        with self._lock:
            return list(self._tokenizer.encode_batch(list(pairs)))


def _arrays_of(tokenized: Sequence[Any]) -> dict[str, Ids]:
    longest = max(len(item.ids) for item in tokenized)
    arrays = {name: np.zeros((len(tokenized), longest), dtype=np.int64) for name in INPUTS}
    for row, item in enumerate(tokenized):
        types = np.asarray(item.type_ids)
        given = (item.ids, 1, types, parts_of(types, np.asarray(item.special_tokens_mask)))
        for name, values in zip(INPUTS, given, strict=True):
            arrays[name][row, : len(item.ids)] = values
    return arrays


def ensure_entailment(root: Path, check_on: Sequence[str]) -> Path:
    """The folder in `root` that the model is exported to, first if need be. Raises IndexStoreError."""
    target = root / adapter_digest(FILE)[:_NAMED]
    if target.is_dir():
        return target
    try:
        root.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(root / ".lock"):
            if not target.is_dir():
                _export_to(target, check_on)
    except OSError as error:
        problem = f"the cross-encoder cannot be written ({error.strerror})"
        raise IndexStoreError(
            f"{root}: {problem}. Set FOOTNOTE_VAR_DIR to a folder with space and permission."
        ) from None
    return target


def _export_to(target: Path, check_on: Sequence[str]) -> None:
    """Made aside, then renamed into place of any earlier one. Only called with the lock held."""
    from bot.models.export import export_entailment_model

    for earlier in [path for path in target.parent.iterdir() if path.is_dir()]:
        shutil.rmtree(earlier, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as aside:
        made = Path(aside) / target.name
        export_entailment_model(made, check_on)
        made.replace(target)


def parts_of(types: Ids, special: Ids) -> Ids:
    """1 for the text's tokens, 2 for the claim's, 0 for special ones, padding among them. Shapes alike."""
    return np.asarray(np.where(special == 1, 0, types + 1), dtype=np.int64)


def read_head() -> dict[str, Array]:
    """The head's arrays by name."""
    with as_file(files("bot.models").joinpath(FILE)) as path, np.load(path) as stored:
        names = [name for name in stored.files if name.startswith(_HEAD) and not name.endswith(STEP)]
        return {name.removeprefix(_HEAD): array_in(stored, name) for name in names}


def write_entailment(path: Path, base: str, matrices: Mapping[str, Array], head: Mapping[str, Array]) -> None:
    """base: fingerprint of the model that the matrices are for. head: arrays of a PairHead by name."""
    named = {_HEAD + name: array for name, array in head.items()}
    large = in_eight_bits({name: array for name, array in named.items() if array.ndim > 1})
    small = {name: halved(array) for name, array in named.items() if array.ndim == 1}
    write_adapter(path, base, in_eight_bits(matrices), {**large, **small})
