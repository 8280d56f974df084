"""Fits `bot/retrieval/answerability.json`: does the corpus answer the question?

Two models. For a corpus without question bank, on public data, in the regime that matters on a real site: the topic is
right, the answering passage is missing. Each answerable question is read twice, on its whole article and on the article
without the passages that answer it; the passages around those stay. For a corpus with a bank, on the bank of the
project's own: each author's questions are read by a bank that lacks them.
"""

import json
import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.ports import Encoder, Encoding
from bot.retrieval.answerability import Answerability
from bot.retrieval.evidence import FEATURES as EVIDENCE
from bot.retrieval.familiarity import FEATURES as FAMILIARITY
from bot.retrieval.pipeline import Retrieval
from bot.values import Corpus, Query
from evals.in_memory import encode_all, retrieval_over
from evals.metrics.classification import auroc, expected_calibration_error
from evals.public import SOURCES, QuestionedCorpus, corpus_of, set_aside

TARGET = Path("bot/retrieval/answerability.json")

QUESTIONS_AN_ARTICLE = 60
FOLDS = 8
WITHOUT_BANK, WITH_BANK = "without_bank", "with_bank"

THRESHOLDS = {WITHOUT_BANK: 0.25, WITH_BANK: 0.5}
"""Without a bank, below one half: refusing what the pages do answer costs a visitor more than a near sentence, shown
verbatim with its source. The shares printed say what a threshold costs."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Questions read, a row each."""

    names: Sequence[str]
    features: npt.NDArray[np.float64]
    """Shape (n, len(names))."""
    labels: npt.NDArray[np.float64]
    """1 where the corpus answers."""
    groups: npt.NDArray[Any]
    """Article, or author."""
    ranks: npt.NDArray[np.float64]
    """Of the first sentence that answers, 1.. ; nan where none does, inf where it was not found."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question as it was read."""

    group: str
    features: Mapping[str, float]
    answerable: bool
    rank: float = float("nan")
    """As in Rows."""


def fit_answerability(
    data: Path, encoder: Encoder, corpus: Corpus, target: Path = TARGET, seed: int = 0
) -> dict[str, Any]:
    """Writes both models to `target`; returns cross-validated figures, folds parted by article, and by author."""
    read = {
        WITHOUT_BANK: _rows(_public(data, encoder, random.Random(seed)), EVIDENCE),
        WITH_BANK: _rows(_banked(corpus, encoder), (*EVIDENCE, *FAMILIARITY)),
    }
    fitted = {name: _fitted(rows, THRESHOLDS[name]) for name, rows in read.items()}
    made: dict[str, Any] = {"made_by": "python -m evals fit-answerability"}
    for name, model in fitted.items():
        made[name] = {"threshold": model.threshold, "intercept": model.intercept, "weights": model.weights}
    target.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
    return {name: _report(rows) for name, rows in read.items()}


def _rows(examples: Iterator[Example], names: Sequence[str]) -> Rows:
    read = list(examples)
    return Rows(
        names,
        features=np.asarray([[example.features[name] for name in names] for example in read]),
        labels=np.asarray([float(example.answerable) for example in read]),
        groups=np.asarray([example.group for example in read]),
        ranks=np.asarray([example.rank for example in read]),
    )


def _pipeline() -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=1000))


def _fitted(rows: Rows, threshold: float) -> Answerability:
    model = _pipeline().fit(rows.features, rows.labels)
    scaler, logistic = model[0], model[1]
    weights = logistic.coef_[0] / scaler.scale_
    intercept = float(logistic.intercept_[0] - (weights * scaler.mean_).sum())
    named = {name: round(float(weight), 4) for name, weight in zip(rows.names, weights, strict=True)}
    return Answerability(named, round(intercept, 4), threshold)


def _report(rows: Rows) -> dict[str, Any]:
    from sklearn.model_selection import GroupKFold, cross_val_predict

    folds = GroupKFold(min(FOLDS, len(set(rows.groups))))
    both = cross_val_predict(
        _pipeline(), rows.features, rows.labels, groups=rows.groups, cv=folds, method="predict_proba"
    )
    found = rows.ranks[~np.isnan(rows.ranks)]
    held_out, ones = both[:, 1], np.ones(len(rows.labels))
    alone = {name: auroc(rows.labels, column, ones) for name, column in zip(rows.names, rows.features.T, strict=True)}
    return {
        "questions": len(rows.labels),
        "groups": len(set(rows.groups)),
        "auroc": auroc(rows.labels, held_out, ones),
        "calibration_error": expected_calibration_error(rows.labels, held_out, ones),
        "auroc_by_feature": alone,
        "hit_at": {str(k): float((found <= k).mean()) for k in (1, 3, 5)},
        "answered_and_silent_by_threshold": {
            str(t): [float((held_out[rows.labels == 1] >= t).mean()), float((held_out[rows.labels == 0] < t).mean())]
            for t in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
        },
    }


def _public(data: Path, encoder: Encoder, rng: random.Random) -> Iterator[Example]:
    for source in SOURCES:
        for article in set_aside(source, data):
            yield from _article(article, encoder, {}, rng)


def _article(
    article: QuestionedCorpus, encoder: Encoder, known: dict[str, Encoding], rng: random.Random
) -> Iterator[Example]:
    answerable = [asked for asked in article.asked if asked.sentence_ids]
    chosen = rng.sample(answerable, min(QUESTIONS_AN_ARTICLE, len(answerable)))
    whole = retrieval_over(article.corpus, encoder, encode_all(encoder, article.corpus, known))
    passages = {article.corpus.sentences[i].passage_id for asked in chosen for i in asked.sentence_ids}
    without = {passage: _without(article.corpus, passage, encoder, known) for passage in passages}
    for asked in chosen:
        yield _read(article.name, whole, asked.question, asked.sentence_ids)
        removed = without[asked.passage_id] if asked.passage_id is not None else None
        if removed is not None:
            yield _read(article.name, removed, asked.question, ())


def _without(corpus: Corpus, passage_id: int, encoder: Encoder, known: dict[str, Encoding]) -> Retrieval | None:
    kept: Sequence[str] = [passage.text for passage in corpus.passages if passage.id != passage_id]
    if len(kept) < 3:
        return None
    rest = corpus_of("rest", kept)
    return retrieval_over(rest, encoder, encode_all(encoder, rest, known))


def _banked(corpus: Corpus, encoder: Encoder) -> Iterator[Example]:
    """Every question of the bank, read by a bank of the other authors' questions."""
    known = encode_all(encoder, corpus, {})
    for author in sorted({question.author for question in corpus.bank}):
        others = replace(corpus, bank=tuple(q for q in corpus.bank if q.author != author))
        retrieval = retrieval_over(others, encoder, known)
        for question in corpus.bank:
            if question.author == author:
                yield _read(author, retrieval, question.text, question.sentence_ids)


def _read(group: str, retrieval: Retrieval, question: str, answers: Collection[int]) -> Example:
    """As the gate sees the question."""
    query = Query("", retrieval.speller.correct(question))
    hits = retrieval.retriever(query).hits
    features = retrieval.gate.features(query.text, hits)
    if not answers:
        return Example(group, features, answerable=False)
    ranks = (rank for rank, hit in enumerate(hits, start=1) if hit.sentence_id in answers)
    return Example(group, features, answerable=True, rank=float(next(ranks, float("inf"))))
