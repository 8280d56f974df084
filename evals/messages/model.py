"""The message model, in torch: MiniLM with an adapter, and a head for each way of telling messages apart."""

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch.nn.functional import cross_entropy, normalize

from bot.guard.exemplars import SAFE
from bot.heads import Head
from bot.models.messages import HEADS
from bot.models.resolve import DEFAULT, resolve_model
from bot.ports import Array
from evals.encoder.model import AdaptedModel, descend
from evals.messages.examples import Example

HEAD_WEIGHTS: Mapping[str, float] = {"guard": 1.0, "talk": 0.5}

RANK = 16
HIDDEN = 128
EPOCHS = 3
LEARNING_RATE, HEAD_LEARNING_RATE = 1e-3, 2e-3
_BATCH = 64
_POOL = 20
"""Batches whose messages are sorted by length together."""

_WARM_UP = 0.1
_DROPOUT = 0.1
_SMOOTHING = 0.05
_JOINED, _PLAIN, _MISTYPED = 0.1, 0.1, 0.1
"""Shares of messages that are read beside a harmless one, without capitals and signs, and with typing errors."""


class MessageModel:
    """Fitted anew from the embedding model's published weights."""

    def __init__(self, examples: Sequence[Example], seed: int) -> None:
        torch.manual_seed(seed)
        self._rng = random.Random(seed)
        self._examples = examples
        self._harmless = [example.text for example in examples if example.talk and example.guard == SAFE]
        self._model = AdaptedModel(resolve_model(DEFAULT), RANK, frozen_layers=0)
        self.kinds = {head: tuple(sorted({k for e in examples if (k := getattr(e, head))})) for head in HEADS}
        width = self._model.width
        self._heads = torch.nn.ModuleDict({
            head: torch.nn.Sequential(
                torch.nn.Dropout(_DROPOUT), torch.nn.Linear(width, HIDDEN), torch.nn.ReLU(),
                torch.nn.Dropout(_DROPOUT), torch.nn.Linear(HIDDEN, len(kinds)),
            )
            for head, kinds in self.kinds.items()
        })  # fmt: skip

    def fit(self) -> list[float]:
        """Mean loss of each epoch."""
        groups: list[dict[str, Any]] = [
            {"params": self._model.parameters(), "lr": LEARNING_RATE},
            {"params": list(self._heads.parameters()), "lr": HEAD_LEARNING_RATE},
        ]
        optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
        steps = EPOCHS * sum(1 for _ in self._batches())
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimiser, [LEARNING_RATE, HEAD_LEARNING_RATE], total_steps=steps + 1, pct_start=_WARM_UP
        )
        every = [parameter for group in groups for parameter in group["params"]]
        self._train(on=True)
        losses: list[float] = []
        for _ in range(EPOCHS):
            losses.append(float(np.mean(descend(map(self._loss, self._batches()), optimiser, schedule, every))))
        self._train(on=False)
        return losses

    @property
    def encoder(self) -> AdaptedModel:
        return self._model

    def matrices(self) -> Mapping[str, Array]:
        return self._model.matrices()

    def heads(self) -> dict[str, Head]:
        """By name, as the bot computes them."""
        found = {}
        for name, layers in self._heads.items():
            first, last = layers[1], layers[4]
            arrays = (first.weight.T, first.bias, last.weight.T, last.bias)
            found[name] = Head(self.kinds[name], *(np.array(array.detach()) for array in arrays))
        return found

    def _train(self, *, on: bool) -> None:
        self._model.train(on)
        self._heads.train(on)

    def _batches(self) -> Iterator[list[Example]]:
        order = list(self._examples)
        self._rng.shuffle(order)
        size = _BATCH * _POOL
        pools = [sorted(order[i : i + size], key=lambda e: len(e.text)) for i in range(0, len(order), size)]
        batches = [pool[i : i + _BATCH] for pool in pools for i in range(0, len(pool), _BATCH)]
        self._rng.shuffle(batches)
        yield from batches

    def _loss(self, batch: Sequence[Example]) -> Any:
        told = [self._varied(example) for example in batch]
        inputs = self._model.tokenized([example.text for example in told])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            tokens, _, own = self._model.forward(inputs)
        means = normalize((tokens * own[:, :, None]).sum(1), dim=-1) * self._model.width**0.5
        total = torch.zeros(())
        for name, head in self._heads.items():
            kinds = [getattr(example, name) for example in told]
            rows = [row for row, kind in enumerate(kinds) if kind is not None]
            wanted = torch.tensor([self.kinds[name].index(kinds[row]) for row in rows], dtype=torch.long)
            if rows:
                loss = cross_entropy(head(means[rows]), wanted, label_smoothing=_SMOOTHING, reduction="sum")
                total = total + HEAD_WEIGHTS[name] * loss / len(batch)
        return total

    def _varied(self, example: Example) -> Example:
        text, talk = example.text, example.talk
        if self._rng.random() < _JOINED:
            other = self._rng.choice(self._harmless)
            text, talk = (f"{other} {text}", None) if self._rng.random() < 0.5 else (f"{text} {other}", None)
        if self._rng.random() < _PLAIN:
            text = "".join(sign for sign in text.lower() if sign.isalnum() or sign.isspace() or sign == "'") or text
        if self._rng.random() < _MISTYPED:
            text = _mistyped(text, self._rng)
        return Example(text, example.author, example.guard, talk)


def _mistyped(text: str, rng: random.Random) -> str:
    """A letter lost, doubled, or exchanged with the next, in one place in thirty."""
    signs = list(text)
    for _ in range(max(1, len(signs) // 30)):
        at = rng.randrange(len(signs))
        if not signs[at].isalpha():
            continue
        match rng.randrange(3):
            case 0:
                signs[at] = ""
            case 1:
                signs[at] *= 2
            case _ if at + 1 < len(signs):
                signs[at], signs[at + 1] = signs[at + 1], signs[at]
    return "".join(signs) if "".join(signs).strip() else text
