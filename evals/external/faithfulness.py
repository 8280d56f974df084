"""Claims and passages that people judged: the scorer beside cosine, shared words and ROUGE-L."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from bot.faithfulness.model import load_model
from bot.ports import Encoder, Entailment
from evals.external.overlap import rouge_l, rouge_l_precision, token_precision
from evals.external.score import Score, auroc_of
from evals.faithfulness.features import feature_rows
from evals.faithfulness.fit import Array, Training, fit_weights, read_training
from evals.faithfulness.labelled import BEGIN_SOURCES, LabelledClaim, read_fever
from evals.metrics.answers import token_f1

_PLAIN = {
    "token overlap, F1": token_f1,
    "ROUGE-L, F1": rouge_l,
    "token overlap, precision": token_precision,
    "ROUGE-L, precision": rouge_l_precision,
}


def faithfulness_scores(data: Path, encoder: Encoder, entailment: Entailment) -> Iterator[Score]:
    """FEVER-symmetric, which the fit has not seen; and BEGIN, each source judged by a fit on all the rest."""
    fever = list(read_fever(data))
    model = load_model()
    rows = feature_rows(fever, encoder, entailment, dict(model.idf))
    yield from _scores("FEVER-symmetric", fever, np.asarray([model.logit(row) for row in rows.tolist()]), encoder)
    training = read_training(data, encoder, entailment)
    begin = [i for i, claim in enumerate(training.claims) if claim.source.startswith("begin")]
    held_out = held_out_by_source(training)
    yield from _scores("BEGIN dev", [training.claims[i] for i in begin], held_out[begin], encoder)
    for source in BEGIN_SOURCES:
        chosen = [i for i in begin if training.claims[i].source == f"begin-{source}"]
        claims = [training.claims[i] for i in chosen]
        yield from _scores(f"BEGIN dev, {source}", claims, held_out[chosen], encoder)


def held_out_by_source(training: Training) -> Array:
    """Logits of BEGIN's claims, each by weights fitted without its source, and by nothing else; 0 for all others."""
    labels, kinds = training.labels, np.asarray(training.kinds)
    sources = np.asarray([claim.source for claim in training.claims])
    found = np.zeros(len(labels))
    for source in BEGIN_SOURCES:
        out = sources == f"begin-{source}"
        intercept, weights = fit_weights(training.rows[~out], labels[~out], kinds[~out].tolist())
        found[out] = training.rows[out] @ weights + intercept
    return found


def _scores(name: str, claims: Sequence[LabelledClaim], logits: Array, encoder: Encoder) -> Iterator[Score]:
    labels = [claim.supported for claim in claims]
    groups = [claim.group for claim in claims]
    texts = [" ".join(claim.passages) for claim in claims]
    vectors = _vectors([*(claim.claim for claim in claims), *texts], encoder)
    cosines = [float(vectors[c.claim] @ vectors[text]) for c, text in zip(claims, texts, strict=True)]
    systems = {"footnote": logits.tolist(), "MiniLM cosine": cosines}
    for system, plain in _PLAIN.items():
        systems[system] = [plain(claim.claim, text) for claim, text in zip(claims, texts, strict=True)]
    for system, scores in systems.items():
        yield Score("faithfulness", name, system, "AUROC", auroc_of(labels, scores, groups))


def _vectors(texts: Sequence[str], encoder: Encoder) -> dict[str, Array]:
    unique = sorted(set(texts), key=len)
    found: dict[str, Array] = {}
    for start in range(0, len(unique), 64):
        batch = unique[start : start + 64]
        found.update((t, e.vector.astype(np.float64)) for t, e in zip(batch, encoder.encode(batch), strict=True))
    return found
