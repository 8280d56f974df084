"""Fits `bot/models/messages.npz`: what kinds of message there are, to the guard and to a conversation.

Each fold of authors is also read by a model fitted to the others. What those models say is kept for `fit-guard` and
`fit-followups`, which weigh it against everything else that can be seen of a message.
"""

import multiprocessing
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.guard.reader import part_vectors
from bot.heads import Head
from bot.models.messages import write_messages
from bot.models.resolve import DEFAULT, model_fingerprint, resolve_model
from bot.ports import Array
from bot.values import Corpus
from evals.in_memory import KnownEncoder
from evals.messages.examples import FOLDS, Example, examples_for, folds_of
from evals.messages.held_out import HeldOut, write_held_out
from evals.metrics.classification import auroc

TARGET = Path("bot/models/messages.npz")

_AT_ONCE = 2
"""Models fitted side by side, each on one core: faster than one after the other on two."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model, and what it says of messages of other authors."""

    matrices: Mapping[str, Array]
    heads: Mapping[str, Head]
    losses: Sequence[float]
    said: Mapping[str, Mapping[str, Array]]
    """By message and head: probabilities, shape (1 + parts, kinds), of the whole first."""


def fit_messages(corpus: Corpus, target: Path = TARGET) -> dict[str, Any]:
    """Writes the model to `target`, and what is said of held-out messages; returns figures."""
    examples = examples_for(corpus)
    folds = folds_of(Counter(example.author for example in examples))
    parts = [[e for e in examples if folds[e.author] == fold] for fold in range(FOLDS)]
    jobs: list[tuple[Sequence[Example], Sequence[Example], int]] = [
        ([e for e in examples if folds[e.author] != fold], part, fold) for fold, part in enumerate(parts)
    ]
    with ProcessPoolExecutor(_AT_ONCE, multiprocessing.get_context("spawn")) as pool:
        # The longest first: the others together take as long.
        futures = [pool.submit(_fitted, *job) for job in ((examples, (), FOLDS), *jobs)]
        whole, *checked = [future.result() for future in futures]
    write_messages(target, model_fingerprint(resolve_model(DEFAULT)), whole.matrices, whole.heads)
    kinds = {name: head.kinds for name, head in whole.heads.items()}
    tables = {name: {text: said[name] for each in checked for text, said in each.said.items()} for name in kinds}
    write_held_out(HeldOut({e.text: folds[e.author] for e in examples}, kinds, tables))
    return {"messages": len(examples), "losses": list(whole.losses), **_figures(parts, checked)}


def _fitted(examples: Sequence[Example], others: Sequence[Example], seed: int) -> Fitted:
    import torch

    from evals.messages.model import MessageModel

    torch.set_num_threads(1)
    model = MessageModel(examples, seed)
    losses = model.fit()
    heads = model.heads()
    said: dict[str, dict[str, Array]] = {}
    known = KnownEncoder(model.encoder, [example.text for example in others])
    for example in others:
        vectors = part_vectors(example.text, known)
        said[example.text] = {name: _table(head, vectors) for name, head in heads.items()}
    return Fitted(dict(model.matrices()), heads, losses, said)


def _table(head: Head, vectors: Array) -> Array:
    return np.asarray([list(each.values()) for each in head.probabilities(vectors)], dtype=np.float32)


def _figures(parts: Sequence[Sequence[Example]], checked: Sequence[Fitted]) -> dict[str, Any]:
    """AUROC of each kind, over messages read by a model that has none of their authors'."""
    found: dict[str, Any] = {}
    for name, head in checked[0].heads.items():
        told = [
            (getattr(example, name), fitted.said[example.text][name][0])
            for part, fitted in zip(parts, checked, strict=True)
            for example in part
            if getattr(example, name) is not None
        ]
        rows = np.stack([row for _, row in told])
        for column, kind in enumerate(head.kinds):
            truth = np.asarray([float(label == kind) for label, _ in told])
            found[f"{name}: {kind}"] = round(auroc(truth, rows[:, column], np.ones(len(told))), 3)
    return found
