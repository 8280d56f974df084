"""Fits `bot/guard/guard.json` and `ngrams.npz` on the guard's exemplars; each fold of
authors is read by models without them.
"""

import functools
import json
import random
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from bot.conversation.kinds import exemplars as small_talk
from bot.guard.exemplars import DANGERS, DECLINED, DISTRESS, NOTED, Exemplar, asked_of, exemplars
from bot.guard.ngrams import BUCKETS, FILE, NGrams, buckets
from bot.guard.reader import GuardReader
from bot.ports import Encoder, Encoding
from bot.values import Corpus
from evals.followups.fit import Read, Rows, fitted, report, rows_by_kind

TARGET = Path("bot/guard/guard.json")

PENALTY = 3.0
NGRAM_COST = 5.0
"""Scikit-learn's C of the models over n-grams."""
FOLDS = 6
"""Into which the authors are parted; each fold is read by models that have none of its authors."""
ORDINARY_WEIGHT = 2.0
"""Of an ordinary question or small talk beside an exemplar."""

LEAST = (0.2, 0.3, 0.4, 0.5, 0.6)
"""Probabilities that figures are given at."""

MODELS: Mapping[str, Sequence[str]] = {
    "danger": DANGERS,
    DISTRESS: (DISTRESS,),
    "declined": DECLINED,
    **{kind: (kind,) for kind in NOTED},
}
"""What each model tells apart: messages of these kinds from all others."""

bucketed = functools.cache(buckets)


def fit_guard(encoder: Encoder, corpus: Corpus, target: Path = TARGET) -> dict[str, Any]:
    """Writes the models to `target`, those over n-grams beside it; returns figures, cross-validated by author."""
    ordinary = [*asked_of(corpus), *(exemplar.message for exemplar in small_talk())]
    random.Random(0).shuffle(ordinary)
    rows = _rows(encoder, ordinary)
    made: dict[str, Any] = {"made_by": "python -m evals fit-guard"}
    for name, found in rows.items():
        model = fitted(found, PENALTY)
        made[name] = {"intercept": model.intercept, "weights": model.weights}
    target.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    stored = BytesIO()
    _ngrams(exemplars(), ordinary).save(stored)
    target.with_name(FILE).write_bytes(stored.getvalue())
    return {name: report(found, PENALTY, LEAST) for name, found in rows.items()}


def _rows(encoder: Encoder, ordinary: Sequence[str]) -> dict[str, Rows]:
    authors = sorted({exemplar.author for exemplar in exemplars()})
    groups = {exemplar: str(authors.index(exemplar.author) % FOLDS) for exemplar in exemplars()}
    names = sorted(set(groups.values()))
    known = _Known(encoder, [*(exemplar.message for exemplar in exemplars()), *ordinary])
    read: list[Read] = []
    for n, group in enumerate(names):
        left_out = ordinary[n :: len(names)]
        others = [exemplar for exemplar in exemplars() if groups[exemplar] != group]
        harmless = [text for text in ordinary if text not in set(left_out)]
        reader = GuardReader(others, harmless, known, known.encodings, _ngrams(others, harmless))
        own = [exemplar for exemplar in exemplars() if groups[exemplar] == group]
        read += [(group, exemplar.kind, reader.features(exemplar.message), 1.0) for exemplar in own]
        read += [(group, "ordinary", reader.features(text), ORDINARY_WEIGHT) for text in left_out]
    return rows_by_kind(read, MODELS)


def _ngrams(examples: Sequence[Exemplar], ordinary: Sequence[str]) -> NGrams:
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    texts = [*(exemplar.message for exemplar in examples), *ordinary]
    kinds = [*(exemplar.kind for exemplar in examples), *(["ordinary"] * len(ordinary))]
    found = [bucketed(text) for text in texts]
    starts = np.cumsum([0, *(len(numbers) for numbers, _ in found)])
    table = csr_matrix(
        (np.concatenate([values for _, values in found]), np.concatenate([numbers for numbers, _ in found]), starts),
        shape=(len(texts), 2 * BUCKETS),
    )
    fits = []
    for of in MODELS.values():
        model = LogisticRegression(C=NGRAM_COST, solver="liblinear", random_state=0)
        fits.append(model.fit(table, np.asarray([kind in of for kind in kinds])))
    weights = np.concatenate([model.coef_ for model in fits])
    return NGrams.of(list(MODELS), weights, np.concatenate([model.intercept_ for model in fits]))


class _Known:
    """An encoder that has read all messages beforehand, many at a time."""

    def __init__(self, encoder: Encoder, messages: Sequence[str]) -> None:
        texts = list(dict.fromkeys(" ".join(message.split()) for message in messages))
        self.encodings = dict(zip(texts, encoder.encode(texts), strict=True))
        self.vocabulary = encoder.vocabulary
        self._encoder = encoder

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        for text in texts:
            if text not in self.encodings:
                self.encodings[text] = self._encoder.encode_query(text)
        return [self.encodings[text] for text in texts]

    def encode_query(self, text: str) -> Encoding:
        return self.encode([text])[0]
