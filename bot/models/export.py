"""sentence-transformers → ONNX, once a model. The only module that imports torch, and only to build."""

import contextlib
import io
import json
import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.errors import IndexStoreError
from bot.models.adapter import adapt, read_adapter
from bot.models.embeddings import DESCRIPTION, GRAPH, TOKENIZER, OnnxEncoder
from bot.models.messages import FILE
from bot.models.resolve import DEFAULT, model_fingerprint, resolve_model

MIN_COSINE = 0.999
"""Least agreement of the exported model with sentence-transformers, over the texts it is checked on."""

MIN_COSINE_QUANTIZED = 0.95
"""The same of the message model, whose weights are rounded to 8 bits: it tells kinds apart, not near from nearer."""


def export_model(source: Path, target: Path, check_on: Sequence[str]) -> None:
    """Writes the model in `source` to `target` as ONNX with its tokenizer, and checks it.

    The default model gets its adapter; another is taken as it is. One graph serves both uses: it gives the last
    layer's token vectors; pooling and normalising, which need the attention mask only, are left to `OnnxEncoder`.

    check_on: texts whose vectors must agree with sentence-transformers' (cosine >= MIN_COSINE).
    Raises IndexStoreError for a model of another architecture, or one that does not agree.
    """
    model = _opened(source)
    base, matrices = read_adapter()
    if model_fingerprint(source) == base:
        adapt(model[0].model, matrices)
    _write(model, _pooling_of(model, source), target)
    _check(model, OnnxEncoder(target), check_on, source, MIN_COSINE)


def export_message_model(target: Path, check_on: Sequence[str]) -> None:
    """Writes the message model to `target` likewise, with weights of 8 bits: a fourth of the size, half the time."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    source = resolve_model(DEFAULT)
    model = _opened(source)
    base, matrices = read_adapter(FILE)
    if model_fingerprint(source) != base:
        raise IndexStoreError(
            f"{source} is not the model that {FILE} was fitted to. Install the versions of constraints.txt."
        )
    adapt(model[0].model, matrices)
    _write(model, _pooling_of(model, source), target)
    graph = target / GRAPH
    whole = graph.replace(graph.with_suffix(".whole"))
    with _quiet():
        # Seven bits: with eight, processors without VNNI overflow.
        quantize_dynamic(whole, graph, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    whole.unlink()
    _check(model, OnnxEncoder(target), check_on, source, MIN_COSINE_QUANTIZED)


def _opened(source: Path) -> Any:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    with _quiet():
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(str(source), device="cpu")


def _write(model: Any, pooling: str, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    model[0].tokenizer.backend_tokenizer.save(str(target / TOKENIZER))
    description = {"pooling": pooling, "max_length": model.max_seq_length}
    (target / DESCRIPTION).write_text(json.dumps(description), encoding="utf-8")
    _export_graph(model, target / GRAPH)


def _pooling_of(model: Any, source: Path) -> str:
    names = [type(module).__name__ for module in model]
    mode = model[1].pooling_mode if names[1:2] == ["Pooling"] else None
    if names not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]) or mode not in (
        "mean",
        "cls",
    ):
        raise IndexStoreError(
            f"{source}: the model is built of {names} with pooling {mode!r}; supported are a Transformer with"
            " mean or cls Pooling. Choose another FOOTNOTE_EMBEDDING_MODEL."
        )
    return str(mode)


def _export_graph(model: Any, path: Path) -> None:
    import torch

    class TokenVectors(torch.nn.Module):  # type: ignore[misc]
        def __init__(self, transformer: Any) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            return self.transformer(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state

    # Two tensors: one passed twice would be traced as one input, and the mask read as token ids.
    ids = torch.ones((2, 8), dtype=torch.long)
    mask = torch.ones((2, 8), dtype=torch.long)
    axes = {0: "batch", 1: "token"}
    with _quiet():
        torch.onnx.export(
            TokenVectors(model[0].model).eval(),
            (ids, mask),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=["token_embeddings"],
            dynamic_shapes={"input_ids": axes, "attention_mask": axes},
            dynamo=True,
            external_data=False,
        )


def _check(model: Any, exported: OnnxEncoder, texts: Sequence[str], source: Path, least: float) -> None:
    with _quiet():
        expected = model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
    actual = np.stack([encoding.vector for encoding in exported.encode(texts)])
    worst = float((actual * expected).sum(axis=1).min())
    if worst < least:
        raise IndexStoreError(f"{source}: the exported model agrees with the original only to cosine {worst:.4f}.")


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """The exporter and the loader write progress and advice for developers of torch; visitors' hosts need none."""
    previous = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            with contextlib.redirect_stderr(io.StringIO()):
                yield
    finally:
        logging.disable(previous)
