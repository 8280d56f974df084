"""sentence-transformers → ONNX, once a model. It and `pair_head` alone import torch, and only to build."""

import contextlib
import io
import json
import logging
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.errors import IndexStoreError
from bot.models.adapter import adapt, read_adapter
from bot.models.embeddings import DESCRIPTION, GRAPH, TOKENIZER, OnnxEncoder
from bot.models.entailment import FILE as ENTAILMENT_FILE
from bot.models.entailment import INPUTS, OnnxEntailment, read_head
from bot.models.messages import FILE
from bot.models.resolve import DEFAULT, model_fingerprint, resolve_model

MIN_COSINE = 0.999
"""Least agreement of the exported model with sentence-transformers, over the texts it is checked on."""

MIN_COSINE_QUANTIZED = 0.95
"""The same of the message model, whose weights are rounded to 8 bits: it tells kinds apart, not near from nearer."""

MAX_DIFFERENCE = 0.05
"""By which the exported cross-encoder's logits may differ."""


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

    model = _adapted(FILE)
    _write(model, _pooling_of(model, resolve_model(DEFAULT)), target)
    graph = target / GRAPH
    whole = graph.replace(graph.with_suffix(".whole"))
    with _quiet():
        # Seven bits: with eight, processors without VNNI overflow.
        quantize_dynamic(whole, graph, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    whole.unlink()
    _check(model, OnnxEncoder(target), check_on, resolve_model(DEFAULT), MIN_COSINE_QUANTIZED)


def export_entailment_model(target: Path, check_on: Sequence[str]) -> None:
    """Writes the cross-encoder to `target`, and checks it.

    Its weights are not rounded: what they are multiplied with would be rounded by the range of the whole batch, and a
    pair be read otherwise beside another. check_on: texts, at least one; each is read with the next, as a pair.
    Raises IndexStoreError for a model that does not agree.
    """
    import torch

    from bot.models.pair_head import PairHead

    model = _adapted(ENTAILMENT_FILE)
    transformer = model[0].model.eval()
    head = PairHead(transformer.config.hidden_size)
    head.load_state_dict({name: torch.from_numpy(array) for name, array in read_head().items()})

    class Entailment(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.transformer, self.head = transformer, head

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any, parts: Any) -> Any:
            layers = self.transformer(input_ids, attention_mask, token_type_ids, output_hidden_states=True)
            return self.head(layers.hidden_states[0], layers.hidden_states[-1], parts)

    whole = Entailment().eval()
    _describe(model, {}, target)
    _export_graph(whole, target / GRAPH, INPUTS, "logits")
    exported, pairs = OnnxEntailment(target), list(zip(check_on, (*check_on[1:], check_on[0]), strict=True))
    arrays = exported.arrays(pairs)
    with torch.no_grad():
        expected = whole(*(torch.from_numpy(arrays[name]) for name in INPUTS)).numpy()
    worst = float(np.abs(exported.logits(pairs) - expected).max())
    if not worst <= MAX_DIFFERENCE:
        raise IndexStoreError(f"{ENTAILMENT_FILE}: the exported model differs from the original by {worst:.2f}.")


def _adapted(file: str) -> Any:
    """The default model with an adapter of its own."""
    source = resolve_model(DEFAULT)
    model = _opened(source)
    base, matrices = read_adapter(file)
    if model_fingerprint(source) != base:
        raise IndexStoreError(
            f"{source} is not the model that {file} was fitted to. Install the versions of constraints.txt."
        )
    adapt(model[0].model, matrices)
    return model


def _opened(source: Path) -> Any:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    with _quiet():
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(str(source), device="cpu")


def _write(model: Any, pooling: str, target: Path) -> None:
    import torch

    class TokenVectors(torch.nn.Module):  # type: ignore[misc]
        def __init__(self, transformer: Any) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            return self.transformer(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state

    _describe(model, {"pooling": pooling, "max_length": model.max_seq_length}, target)
    graph = TokenVectors(model[0].model).eval()
    _export_graph(graph, target / GRAPH, ("input_ids", "attention_mask"), "token_embeddings")


def _describe(model: Any, description: Mapping[str, Any], target: Path) -> None:
    """Its tokenizer, and how it is used."""
    target.mkdir(parents=True, exist_ok=True)
    model[0].tokenizer.backend_tokenizer.save(str(target / TOKENIZER))
    (target / DESCRIPTION).write_text(json.dumps(description), encoding="utf-8")


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


def _export_graph(module: Any, path: Path, inputs: Sequence[str], output: str) -> None:
    """inputs: names of its arguments, integers each of shape (batch, tokens)."""
    import torch

    # A tensor each: one passed twice would be traced as one input, and the mask read as token ids.
    given = tuple(torch.ones((2, 8), dtype=torch.long) for _ in inputs)
    axes = {0: "batch", 1: "token"}
    with _quiet():
        torch.onnx.export(
            module,
            given,
            str(path),
            input_names=list(inputs),
            output_names=[output],
            dynamic_shapes=dict.fromkeys(inputs, axes),
            dynamo=True,
            external_data=False,
        )


def _check(model: Any, exported: OnnxEncoder, texts: Sequence[str], source: Path, least: float) -> None:
    with _quiet():
        expected = model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
    actual = np.stack([encoding.vector for encoding in exported.encode(texts)])
    worst = float((actual * expected).sum(axis=1).min())
    if not worst >= least:
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
