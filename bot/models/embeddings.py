"""Text to vectors through ONNX Runtime: what the serving process uses instead of torch."""

import functools
import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.errors import IndexStoreError
from bot.ports import Array, Encoding
from bot.vectors import unit

GRAPH = "model.onnx"
TOKENIZER = "tokenizer.json"
DESCRIPTION = "encoder.json"

_BATCH = 32
_CACHED_QUERIES = 512


class OnnxEncoder:
    """An embedding model exported by `bot.models.export`. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Raises IndexStoreError when a file is missing or damaged."""
        description, self._tokenizer, self._session = open_graph(folder)
        self._pooling: str = description["pooling"]
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_length=description["max_length"])
        self._lock = threading.Lock()
        self.encode_query = functools.lru_cache(maxsize=_CACHED_QUERIES)(self._encode_one)

    @property
    def vocabulary(self) -> list[str]:
        by_id = {i: piece for piece, i in self._tokenizer.get_vocab(with_added_tokens=True).items()}
        return [by_id.get(i, "") for i in range(max(by_id) + 1)]

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """One encoding a text, in order. Texts of like length are run together, so little is padded."""
        tokenized = self._tokenize(texts)
        order = sorted(range(len(texts)), key=lambda i: len(tokenized[i].ids))
        found: list[Encoding | None] = [None] * len(texts)
        for first in range(0, len(order), _BATCH):
            batch = order[first : first + _BATCH]
            for i, encoding in zip(batch, self._run([tokenized[i] for i in batch]), strict=True):
                found[i] = encoding
        return [encoding for encoding in found if encoding is not None]

    def _encode_one(self, text: str) -> Encoding:
        """A query and a passage are encoded alike by the models supported; cached, as each searcher asks for it."""
        return self.encode([text])[0]

    def _tokenize(self, texts: Sequence[str]) -> list[Any]:
        with self._lock:
            return list(self._tokenizer.encode_batch(list(texts)))

    def _run(self, batch: Sequence[Any]) -> list[Encoding]:
        longest = max(len(item.ids) for item in batch)
        ids = np.zeros((len(batch), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, item in enumerate(batch):
            ids[row, : len(item.ids)] = item.ids
            mask[row, : len(item.ids)] = 1
        (hidden,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        return [self._pool(hidden[row, : len(item.ids)], item) for row, item in enumerate(batch)]

    def _pool(self, hidden: Array, item: Any) -> Encoding:
        """hidden: shape (tokens of the text, d), special tokens included, as the models' pooling has it."""
        vector = hidden[0] if self._pooling == "cls" else hidden.mean(axis=0)
        ordinary = np.asarray(item.special_tokens_mask) == 0
        pieces = tuple(piece for piece, keep in zip(item.ids, ordinary, strict=True) if keep)
        spans = tuple(span for span, keep in zip(item.offsets, ordinary, strict=True) if keep)
        return Encoding(unit(vector), unit(hidden[ordinary]), pieces, spans)


def open_graph(folder: Path) -> tuple[dict[str, Any], Any, Any]:
    """(description, tokenizer, session) of an exported model. Raises IndexStoreError when a file is missing or bad."""
    import onnxruntime
    import tokenizers

    try:
        return (
            json.loads((folder / DESCRIPTION).read_text(encoding="utf-8")),
            tokenizers.Tokenizer.from_file(str(folder / TOKENIZER)),
            onnxruntime.InferenceSession(str(folder / GRAPH), _session_options(), providers=["CPUExecutionProvider"]),
        )
    except Exception as error:  # both libraries raise their own bare exceptions
        raise IndexStoreError(f"{folder}: the model cannot be opened ({error}).") from error


def _session_options() -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    options.inter_op_num_threads = 1
    # Idle threads must sleep: by default they spin and take a core from the web server.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options
