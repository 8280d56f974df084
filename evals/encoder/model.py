"""MiniLM with a trainable adapter, in torch."""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn.functional import normalize

from bot.models.adapter import SCALE
from bot.ports import Array, Encoding

MAX_TOKENS = 128

_BATCH = 64


class LowRank(torch.nn.Module):  # type: ignore[misc]
    """A linear layer with a trainable low-rank term, zero at first."""

    def __init__(self, linear: Any, rank: int) -> None:
        super().__init__()
        self.linear = linear
        self.a = torch.nn.Parameter(torch.randn(rank, linear.in_features) / math.sqrt(linear.in_features))
        self.b = torch.nn.Parameter(torch.zeros(linear.out_features, rank))

    def forward(self, x: Any) -> Any:
        return self.linear(x) + SCALE * (x @ self.a.T) @ self.b.T


def add_low_rank(model: Any, rank: int, frozen_layers: int = 0) -> None:
    """Gives a frozen transformer's layers trainable terms, in place. frozen_layers: the first ones, which get none."""
    linear = [
        name
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Linear) and _layer(name) >= frozen_layers
    ]
    for name in linear:
        parent, _, child = name.rpartition(".")
        setattr(model.get_submodule(parent), child, LowRank(model.get_submodule(name), rank))


def matrices_of(model: Any) -> dict[str, Array]:
    """What is trainable of it, as `bot.models.adapter` reads it."""
    named = model.named_parameters()
    return {name: parameter.detach().numpy() for name, parameter in named if parameter.requires_grad}


def descend(losses: Iterable[Any], optimiser: Any, schedule: Any, parameters: Sequence[Any]) -> list[float]:
    """A step for each loss; what they were. losses: each made when it is asked for, after the step before."""
    found = []
    for loss in losses:
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        schedule.step()
        found.append(loss.item())
    return found


class AdaptedModel:
    """An Encoder whose adapter is being fitted."""

    def __init__(self, source: Path, rank: int, frozen_layers: int) -> None:
        """source: folder of a BERT-like sentence-transformers model with mean pooling. frozen_layers: the first ones,
        which stay as they are.
        """
        from transformers import AutoModel, AutoTokenizer

        self._tokenizer = AutoTokenizer.from_pretrained(source)
        self._model = AutoModel.from_pretrained(source, attn_implementation="eager").eval().requires_grad_(False)
        add_low_rank(self._model, rank, frozen_layers)

    @property
    def vocabulary(self) -> Sequence[str]:
        return list(self._tokenizer.convert_ids_to_tokens(list(range(len(self._tokenizer)))))

    @property
    def width(self) -> int:
        """Of its vectors."""
        return int(self._model.config.hidden_size)

    def parameters(self) -> list[Any]:
        return [parameter for parameter in self._model.parameters() if parameter.requires_grad]

    def train(self, on: bool) -> None:
        """Whether its dropout is at work."""
        self._model.train(on)

    def matrices(self) -> dict[str, Array]:
        """The adapter, as `bot.models.adapter` reads it."""
        return matrices_of(self._model)

    def tokenized(self, texts: Sequence[str]) -> Any:
        return self._tokenizer(
            list(texts), padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt",
            return_special_tokens_mask=True, return_offsets_mapping=True,
        )  # fmt: skip

    def forward(self, batch: Any) -> tuple[Any, Any, Any]:
        """Token vectors (n, t, d) and text vectors (n, d), of unit length; which tokens are the text's own (n, t)."""
        mask = batch["attention_mask"]
        hidden = self._model(input_ids=batch["input_ids"], attention_mask=mask).last_hidden_state.float()
        pooled = (hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
        own = mask.bool() & ~batch["special_tokens_mask"].bool()
        return normalize(hidden, dim=-1), normalize(pooled, dim=-1), own

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        found: dict[int, Encoding] = {}
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for first in range(0, len(order), _BATCH):
            rows = order[first : first + _BATCH]
            batch = self.tokenized([texts[i] for i in rows])
            tokens, vectors, own = self.forward(batch)
            for row, i in enumerate(rows):
                pieces = tuple(batch["input_ids"][row][own[row]].tolist())
                spans = tuple((start, end) for start, end in batch["offset_mapping"][row][own[row]].tolist())
                found[i] = Encoding(np.asarray(vectors[row]), np.asarray(tokens[row][own[row]]), pieces, spans)
        return [found[i] for i in range(len(texts))]

    def encode_query(self, text: str) -> Encoding:
        found: list[Encoding] = self.encode([text])
        return found[0]


def _layer(name: str) -> int:
    """3 for `encoder.layer.3.output.dense`; -1 outside the layers."""
    parts = name.split(".")
    return int(parts[2]) if parts[:2] == ["encoder", "layer"] else -1
