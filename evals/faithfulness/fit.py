"""Fits the faithfulness scorer on public data and on corruptions of public prose."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.faithfulness.core import CORE, LACKS, length
from bot.faithfulness.model import ENTAILMENT, NAMES, SupportModel
from bot.faithfulness.scorer import FaithfulnessScorer
from bot.ports import Encoder, Entailment
from evals.cases import DATA, FAITHFULNESS, load_faithfulness
from evals.entailment.examples import is_held_out, written
from evals.faithfulness.corruptions import corrupted_claims
from evals.faithfulness.features import feature_rows, idf_of
from evals.faithfulness.labelled import (
    LabelledClaim,
    read_answered,
    read_begin,
    read_prose,
    read_qed_claims,
)

Array = npt.NDArray[np.float64]

TARGET = Path("bot/faithfulness/support.json")

CORRUPTIONS = 8_000
LEAST_TEXTS = 4
"""Paragraphs that must hold a stem for its rarity to be stored."""

CLAUSE_SHARE = 0.3

DEV = DATA / "dev" / f"{FAITHFULNESS}.jsonl"

_LEAST = 1e-4
"""The support that a sentence is given has no more digits."""

PENALTY = 0.1
"""Inverse strength of the squared penalty on standardised weights."""

SHARES = {"begin": 1.75, "questions": 0.3, "corrupted": 2.0, "written": 1.0}
"""How much each kind of data weighs, its two labels alike: talk, rough paraphrases, minimal edits by rule and by hand.

The last are what the scorer is for; the shares were chosen on the labelled answers of `evals/data/dev`, and on BEGIN.
"""


@dataclass(frozen=True, slots=True)
class Training:
    """Everything that may be fitted to."""

    claims: Sequence[LabelledClaim]
    rows: Array
    """Shape (claims, len(NAMES))."""
    idf: dict[str, float]

    @property
    def labels(self) -> Array:
        return np.asarray([claim.supported for claim in self.claims], dtype=np.float64)

    @property
    def kinds(self) -> list[str]:
        return [kind_of(claim) for claim in self.claims]


def kind_of(claim: LabelledClaim) -> str:
    """A key of SHARES."""
    if claim.source.startswith("begin"):
        return "begin"
    return claim.source if claim.source in SHARES else "questions"


def read_training(data: Path, encoder: Encoder, entailment: Entailment, seed: int = 0) -> Training:
    """Nothing that the cross-encoder was fitted to. FEVER-symmetric is left out: it is what the fit is tested on."""
    prose = list(read_prose(data))
    idf = idf_of([text for _, text in prose], LEAST_TEXTS)
    claims = [
        *read_begin(data),
        *(claim for claim in read_answered(data, seed) if is_held_out(claim.group)),
        *(claim for claim in read_qed_claims(data) if is_held_out(claim.group)),
        *corrupted_claims([part for part in prose if is_held_out(part[0])], CORRUPTIONS, seed),
        *_written(),
    ]
    return Training(claims, feature_rows(claims, encoder, entailment, idf), idf)


def _written() -> Iterator[LabelledClaim]:
    """By authors held out, without `copies`: their true claims are verbatim, which is never scored."""
    for each in (each for bundle in written() for each in bundle if is_held_out(each.group) and each.kind != "copies"):
        for claim, supported in ((each.right, True), (each.wrong, False)):
            if claim:
                yield LabelledClaim("written", each.group, claim, (each.text,), supported)


def fit_weights(rows: Array, labels: Array, kinds: Sequence[str]) -> tuple[float, Array]:
    """(intercept, weights) of a logistic regression whose signs are given beforehand; SHARES weighs the kinds of rows.

    A measure of the core may only speak for support, a check only against it: without that, measures that say nearly
    the same get large weights of opposite signs, which fit these data and no others.
    """
    from scipy.optimize import minimize

    mean, scale = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-6)
    standardised, signs, weights = (rows - mean) / scale, 2 * labels - 1, _weights(labels, kinds)

    def loss(values: Array) -> tuple[float, Array]:
        margins = signs * (standardised @ values[:-1] + values[-1])
        pull = -signs * weights / (1 + np.exp(np.minimum(margins, 500)))
        penalty = values[:-1] / PENALTY
        value = (weights * np.logaddexp(0, -margins)).sum() + (penalty @ values[:-1]) / 2
        return float(value), np.append(standardised.T @ pull + penalty, pull.sum())

    bounds = [*(_bounds(name) for name in NAMES), (None, None)]
    found = minimize(
        loss, np.zeros(len(NAMES) + 1), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500}
    )
    fitted = found.x[:-1] / scale
    return float(found.x[-1] - fitted @ mean), fitted


def _bounds(name: str) -> tuple[float | None, float | None]:
    if name == length.__name__:
        return None, None
    speaks_for = (name in CORE and name not in LACKS) or name.endswith(ENTAILMENT)
    return (0.0, None) if speaks_for else (None, 0.0)


def _weights(labels: Array, kinds: Sequence[str]) -> Array:
    named = np.asarray(kinds)
    weights = np.zeros(len(labels))
    for kind, share in SHARES.items():
        for label in (0, 1):
            chosen = (named == kind) & (labels == label)
            weights[chosen] = share / max(int(chosen.sum()), 1)
    return np.asarray(weights * len(labels) / weights.sum())


def fit_faithfulness(data: Path, encoder: Encoder, entailment: Entailment, target: Path = TARGET) -> dict[str, Any]:
    """Writes the model to `target`; returns figures of each kind of data, folds parted by group."""
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold

    training = read_training(data, encoder, entailment)
    labels, kinds = training.labels, training.kinds
    held_out = np.zeros(len(labels))
    groups = [claim.group for claim in training.claims]
    for train, test in GroupKFold(5).split(training.rows, labels, groups):
        intercept, weights = fit_weights(training.rows[train], labels[train], [kinds[i] for i in train])
        held_out[test] = training.rows[test] @ weights + intercept
    intercept, weights = fit_weights(training.rows, labels, kinds)
    model = SupportModel(intercept, tuple(weights.tolist()), CLAUSE_SHARE, training.idf)
    stored = {
        "made_by": "python -m evals fit-faithfulness",
        "intercept": round(intercept + shift_of(FaithfulnessScorer(encoder, entailment, model)), 4),
        "weights": {name: round(float(weight), 4) for name, weight in zip(NAMES, weights, strict=True)},
        "clause_share": CLAUSE_SHARE,
        "idf": {stem: round(value, 2) for stem, value in sorted(training.idf.items())},
    }
    target.write_text(json.dumps(stored, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    named = np.asarray(kinds)
    return {
        "claims": {kind: int((named == kind).sum()) for kind in SHARES},
        "held-out AUROC": {
            kind: float(roc_auc_score(labels[named == kind], held_out[named == kind])) for kind in SHARES
        },
        "bytes": target.stat().st_size,
    }


def shift_of(scorer: FaithfulnessScorer) -> float:
    """What added to its logits makes the labelled sentences of `evals/data/dev` likeliest, both labels weighing alike:
    Platt scaling (1999) with a slope of 1.
    """
    from scipy.optimize import minimize_scalar

    told = [
        (found.support, said.supported)
        for item in load_faithfulness(DEV)
        for said, found in zip(
            item.sentences,
            scorer.score_cited([(said.text, item.passages) for said in item.sentences]).sentences,
            strict=True,
        )
    ]
    support = np.clip([value for value, _ in told], _LEAST, 1 - _LEAST)
    labels = np.asarray([supported for _, supported in told])
    signs, weights = np.where(labels, 1.0, -1.0), np.where(labels, 1 / labels.sum(), 1 / (~labels).sum())
    logits = np.log(support / (1 - support))
    return float(minimize_scalar(lambda shift: (weights * np.logaddexp(0, -signs * (logits + shift))).sum()).x)
