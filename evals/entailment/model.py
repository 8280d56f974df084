"""The cross-encoder, in torch: MiniLM with an adapter, which reads text and claim together, and a head."""

import math
import random
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits, softplus

from bot.models.entailment import MAX_TOKENS, parts_of
from bot.models.pair_head import PairHead
from bot.models.resolve import DEFAULT, resolve_model
from bot.ports import Array
from evals.encoder.model import add_low_rank, descend, matrices_of
from evals.entailment.examples import Bundle, Contrast

RANK = 16
LEARNING_RATE = 7e-4
_BATCH = 16
"""Contrasts."""
_POOL = 20
"""Batches whose texts are sorted by length together."""
_READ = 64
"""Pairs read at once after the fit."""
_WARM_UP = 0.05
_SMOOTHING = 0.025
_LABELS = 0.5
"""Weight of each pair's own label beside that of the differences."""


class EntailmentModel:
    """Fitted anew from the embedding model's published weights."""

    def __init__(self, seed: int) -> None:
        from transformers import AutoModel, AutoTokenizer

        torch.manual_seed(seed)
        self._rng = random.Random(seed)
        source = resolve_model(DEFAULT)
        self._tokenizer = AutoTokenizer.from_pretrained(source)
        # Without dropout the loss falls sooner, and a step takes two thirds of the time.
        self._model = AutoModel.from_pretrained(
            source, attn_implementation="eager", hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
        ).requires_grad_(False)
        add_low_rank(self._model, RANK)
        self._head = PairHead(int(self._model.config.hidden_size))

    def fit(self, epochs: Sequence[Sequence[Bundle]]) -> Iterator[float]:
        """Mean loss of each epoch, as it ends. epochs: what is learnt from in each."""
        every = [p for module in (self._model, self._head) for p in module.parameters() if p.requires_grad]
        optimiser = torch.optim.AdamW(every, lr=LEARNING_RATE, weight_decay=0.01)
        steps = sum(math.ceil(sum(map(len, bundles)) / _BATCH) for bundles in epochs)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimiser, lambda step: min(1.0, step / (_WARM_UP * steps + 1)) * max(0.0, 1 - step / steps)
        )
        for bundles in epochs:
            yield float(np.mean(descend(map(self._loss, self._batches(bundles)), optimiser, schedule, every)))

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def logits(self, pairs: Sequence[tuple[str, str]]) -> Array:
        """Shape (pairs,). pairs: (text, claim)."""
        found = np.zeros(len(pairs), dtype=np.float32)
        order = sorted(range(len(pairs)), key=lambda i: len(pairs[i][0]) + len(pairs[i][1]))
        for first in range(0, len(order), _READ):
            rows = order[first : first + _READ]
            found[rows] = self._forward([pairs[i] for i in rows]).numpy()
        return found

    def matrices(self) -> dict[str, Array]:
        return matrices_of(self._model)

    def head(self) -> dict[str, Array]:
        """The head's arrays by name."""
        return {name: array.numpy() for name, array in self._head.state_dict().items()}

    def _batches(self, bundles: Sequence[Bundle]) -> Iterator[list[Bundle]]:
        order = list(bundles)
        self._rng.shuffle(order)
        size = _BATCH * _POOL
        batches: list[list[Bundle]] = []
        for start in range(0, len(order), size):
            pool = sorted(order[start : start + size], key=_length)
            batches += _cut(pool)
        self._rng.shuffle(batches)
        yield from batches

    def _forward(self, pairs: Sequence[tuple[str, str]]) -> Any:
        batch = self._tokenizer(
            [text for text, _ in pairs], [claim for _, claim in pairs], padding=True, truncation=True,
            max_length=MAX_TOKENS, return_tensors="pt", return_special_tokens_mask=True,
        )  # fmt: skip
        special = batch.pop("special_tokens_mask")
        with torch.autocast("cpu", dtype=torch.bfloat16):
            layers = self._model(**batch, output_hidden_states=True).hidden_states
        parts = torch.from_numpy(parts_of(batch["token_type_ids"].numpy(), special.numpy()))
        return self._head(layers[0].float(), layers[-1].float(), parts)

    def _loss(self, batch: Sequence[Bundle]) -> Any:
        """Cross-entropy of each pair; and of the differences, first of two claims on one text, then of both texts of a
        bundle together, in which how likely a claim sounds and how much a text says cancel out.
        """
        pairs, labels = pairs_of([each for bundle in batch for each in bundle])
        logits = self._forward(pairs)
        wanted = torch.tensor(labels) * (1 - 2 * _SMOOTHING) + _SMOOTHING
        loss = _LABELS * binary_cross_entropy_with_logits(logits, wanted)
        said = dict(zip(pairs, logits, strict=True))
        compared = [[each.both for each in bundle if each.both] for bundle in batch]
        differences = [torch.stack([said[right] - said[wrong] for right, wrong in each]) for each in compared if each]
        if differences:
            loss = loss + softplus(-torch.cat(differences)).mean()
        both = [found.sum() for found in differences if len(found) > 1]
        return loss + softplus(-torch.stack(both)).mean() * len(both) / len(batch) if both else loss


def pairs_of(contrasts: Sequence[Contrast]) -> tuple[list[tuple[str, str]], list[float]]:
    """(text, claim) of each, right ones first, and whether the text supports it, 0 or 1."""
    told = [
        ((each.text, claim), label)
        for each in contrasts
        for claim, label in ((each.right, 1.0), (each.wrong, 0.0))
        if claim
    ]
    return [pair for pair, _ in told], [label for _, label in told]


def _length(bundle: Bundle) -> int:
    return max(len(each.text) + max(len(each.right or ""), len(each.wrong or "")) for each in bundle)


def _cut(pool: Sequence[Bundle]) -> Iterator[list[Bundle]]:
    batch: list[Bundle] = []
    for bundle in pool:
        batch.append(bundle)
        if sum(map(len, batch)) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
