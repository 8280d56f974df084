"""Fits `bot/guard/danger.json` on the guard's exemplars: each author's read by a classifier that lacks them."""

import json
import random
from pathlib import Path
from typing import Any

import numpy as np

from bot.conversation.kinds import exemplars as small_talk
from bot.guard.danger import DANGERS, DISTRESS, DangerReader, Exemplar, exemplars
from bot.ports import Encoder
from bot.values import Corpus
from evals.followups.fit import Rows, fitted, report

TARGET = Path("bot/guard/danger.json")

PENALTY = 1.0
ALONE = ("delia",)
ORDINARY, ORDINARY_WEIGHT = 300, 1.0
"""Ordinary questions and small talk read beside the exemplars of each author, and how much one weighs."""


def fit_guard(encoder: Encoder, corpus: Corpus, target: Path = TARGET) -> dict[str, Any]:
    """Writes both models to `target`; returns figures, cross-validated by author."""
    rows = _rows(encoder, corpus)
    made: dict[str, Any] = {"made_by": "python -m evals fit-guard"}
    for name, found in rows.items():
        model = fitted(found, PENALTY)
        made[name] = {"intercept": model.intercept, "weights": model.weights}
    target.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    return {name: report(found, PENALTY) for name, found in rows.items()}


def _rows(encoder: Encoder, corpus: Corpus) -> dict[str, Rows]:
    ordinary = [*(question.text for question in corpus.bank), *(exemplar.message for exemplar in small_talk())]
    random.Random(0).shuffle(ordinary)
    texts = list(dict.fromkeys([*ordinary, *(exemplar.message for exemplar in exemplars())]))
    encodings = dict(zip(texts, encoder.encode(texts), strict=True))
    read: list[tuple[str, str, dict[str, float], float]] = []
    groups = {exemplar: _group(n, exemplar) for n, exemplar in enumerate(exemplars())}
    for n, group in enumerate(sorted(set(groups.values()))):
        left_out = ordinary[n * ORDINARY : (n + 1) * ORDINARY]
        others = [exemplar for exemplar in exemplars() if groups[exemplar] != group]
        harmless = [text for text in ordinary if text not in set(left_out)]
        reader = DangerReader(others, harmless, encoder, encodings)
        own = [exemplar for exemplar in exemplars() if groups[exemplar] == group]
        read += [(group, exemplar.kind, reader.features(exemplar.message), 1.0) for exemplar in own]
        read += [(group, "ordinary", reader.features(text), ORDINARY_WEIGHT) for text in left_out]
    return {
        name: Rows(
            features=[features for _, _, features, _ in read],
            labels=np.asarray([kind in group for _, kind, _, _ in read]),
            groups=np.asarray([of for of, _, _, _ in read]),
            weights=np.asarray([weight for _, _, _, weight in read]),
        )
        for name, group in (("danger", DANGERS), (DISTRESS, (DISTRESS,)))
    }


def _group(n: int, exemplar: Exemplar) -> str:
    """The author; of one who alone writes her languages, every second exemplar."""
    return f"{exemplar.author} {n % 2}" if exemplar.author in ALONE else exemplar.author
