"""Fits `bot/guard/guard.json` and `ngrams.npz` on the messages written beforehand; each fold of authors is read by
models without them.
"""

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from bot.guard.exemplars import DANGERS, DECLINED, DISTRESS, NOTED, exemplars
from bot.guard.ngrams import BUCKETS, FILE, NGrams, buckets
from bot.guard.reader import GuardReader
from bot.values import Corpus
from evals.followups.fit import Read, Rows, fitted, report, rows_by_kind
from evals.messages.examples import FOLDS, Example, examples_for
from evals.messages.held_out import HeldOut, read_held_out

TARGET = Path("bot/guard/guard.json")

PENALTY = 3.0
NGRAM_COST = 5.0
"""Scikit-learn's C of the models over n-grams."""
ORDINARY_WEIGHT, ORDINARY_WEIGHTS = 12.0, {DISTRESS: 2.0}
"""Of an ordinary question or small talk beside an exemplar; less where a mistake adds a line and takes nothing away."""

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


def fit_guard(corpus: Corpus, target: Path = TARGET) -> dict[str, Any]:
    """Writes the models to `target`, those over n-grams beside it; returns figures, cross-validated by author.

    Raises ConfigError where `fit-messages` was not run on the same messages.
    """
    every = examples_for(corpus)
    held_out = read_held_out(every)
    examples = [example for example in every if example.guard is not None]
    rows = _rows(examples, held_out)
    made: dict[str, Any] = {"made_by": "python -m evals fit-guard"}
    for name, found in rows.items():
        model = fitted(found, PENALTY)
        made[name] = {"intercept": model.intercept, "weights": model.weights}
    target.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    stored = BytesIO()
    _ngrams(examples).save(stored)
    target.with_name(FILE).write_bytes(stored.getvalue())
    return {name: report(found, PENALTY, LEAST) for name, found in rows.items()}


def _rows(examples: Sequence[Example], held_out: HeldOut) -> dict[str, Rows]:
    written = {exemplar.message for exemplar in exemplars()}
    read: list[Read] = []
    for fold in range(FOLDS):
        others = [example for example in examples if held_out.folds[example.text] != fold]
        reader = GuardReader(functools.partial(held_out.likened, "guard"), _ngrams(others))
        for example in examples:
            if held_out.folds[example.text] == fold:
                weight = 1.0 if example.text in written else ORDINARY_WEIGHT
                read.append((str(fold), str(example.guard), reader.features(example.text), weight))
    rows = rows_by_kind(read, MODELS)
    for name, weight in ORDINARY_WEIGHTS.items():
        weights = np.where(rows[name].weights == ORDINARY_WEIGHT, weight, rows[name].weights)
        rows[name] = replace(rows[name], weights=weights)
    return rows


def _ngrams(examples: Sequence[Example]) -> NGrams:
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    kinds = [example.guard for example in examples]
    found = [bucketed(example.text) for example in examples]
    starts = np.cumsum([0, *(len(numbers) for numbers, _ in found)])
    table = csr_matrix(
        (np.concatenate([values for _, values in found]), np.concatenate([numbers for numbers, _ in found]), starts),
        shape=(len(examples), 2 * BUCKETS),
    )
    fits = []
    for of in MODELS.values():
        model = LogisticRegression(C=NGRAM_COST, solver="liblinear", random_state=0)
        fits.append(model.fit(table, np.asarray([kind in of for kind in kinds])))
    weights = np.concatenate([model.coef_ for model in fits])
    return NGrams.of(list(MODELS), weights, np.concatenate([model.intercept_ for model in fits]))
