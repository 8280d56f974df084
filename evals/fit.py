"""Fits `bot/retrieval/answerability.json`: does the corpus answer the question?

The regime is the one that matters on a real site: the topic is right, the answering passage is
missing. Each answerable question is read twice, on its whole article and on the article without the
passages that answer it; the passages around those stay.
"""

import itertools
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.ports import Encoder, Encoding
from bot.retrieval.evidence import FEATURES, EvidenceReader
from bot.retrieval.hybrid import HybridSearcher
from bot.values import Corpus
from evals.in_memory import encode_all, searcher_and_evidence
from evals.metrics.classification import auroc
from evals.public import QED_FILE, SQUAD_FILES, QuestionedCorpus, corpus_of, read_qed, read_squad

Retrieval = tuple[HybridSearcher, EvidenceReader]

QUESTIONS_AN_ARTICLE = 60
TARGET = Path("bot/retrieval/answerability.json")

THRESHOLD = 0.25
"""Below one half: refusing what the pages do answer costs a visitor more than a near sentence, shown
verbatim with its source. The balanced accuracies printed say what that choice costs."""


def fit_answerability(data: Path, encoder: Encoder, target: Path = TARGET, seed: int = 0) -> dict[str, Any]:
    """Writes the model to `target`; returns cross-validated figures, folds parted by article."""
    from sklearn.calibration import calibration_curve
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rows = list(_examples(data, encoder, random.Random(seed)))
    features = np.asarray([[row[1][name] for name in FEATURES] for row in rows])
    labels = np.asarray([row[2] for row in rows])
    articles = np.asarray([row[0] for row in rows])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=1000))
    folds = GroupKFold(8)
    both = cross_val_predict(model, features, labels, groups=articles, cv=folds, method="predict_proba")
    held_out = both[:, 1]
    observed, predicted = calibration_curve(labels, held_out, n_bins=10)
    model.fit(features, labels)
    scaler, logistic = model[0], model[1]
    weights = logistic.coef_[0] / scaler.scale_
    stored = {
        "made_by": "python -m evals fit-answerability",
        "threshold": THRESHOLD,
        "intercept": round(float(logistic.intercept_[0] - (weights * scaler.mean_).sum()), 4),
        "weights": {name: round(float(weight), 4) for name, weight in zip(FEATURES, weights, strict=True)},
    }
    target.write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")
    return {
        "examples": len(rows),
        "articles": len(set(articles)),
        "auroc": _auroc(held_out, labels),
        "auroc_by_feature": _by_feature(features, labels),
        "calibration": [(float(p), float(o)) for p, o in zip(predicted, observed, strict=True)],
        "balanced_accuracy_by_threshold": _accuracies(held_out, labels),
    }


def _by_feature(features: npt.NDArray[Any], labels: npt.NDArray[Any]) -> dict[str, float]:
    return {name: _auroc(features[:, i], labels) for i, name in enumerate(FEATURES)}


def _auroc(scores: npt.NDArray[Any], labels: npt.NDArray[Any]) -> float:
    return auroc(labels, scores, np.ones(len(labels)))


def _accuracies(probabilities: npt.NDArray[Any], labels: npt.NDArray[Any]) -> dict[str, float]:
    found = {}
    for threshold in (0.3, 0.4, 0.5, 0.6, 0.7):
        said = probabilities >= threshold
        found[str(threshold)] = float((said[labels == 1].mean() + (~said[labels == 0]).mean()) / 2)
    return found


def _examples(data: Path, encoder: Encoder, rng: random.Random) -> Iterator[tuple[str, dict[str, float], int]]:
    squad = (article for file in SQUAD_FILES for article in read_squad(data / file))
    for article in itertools.chain(squad, read_qed(data / QED_FILE, encoder)):
        yield from _article_examples(article, encoder, {}, rng)


def _article_examples(
    article: QuestionedCorpus, encoder: Encoder, known: dict[str, Encoding], rng: random.Random
) -> Iterator[tuple[str, dict[str, float], int]]:
    answerable = [asked for asked in article.asked if asked.sentence_ids]
    chosen = rng.sample(answerable, min(QUESTIONS_AN_ARTICLE, len(answerable)))
    search, evidence = searcher_and_evidence(article.corpus, encoder, encode_all(encoder, article.corpus, known))
    passages = {article.corpus.sentences[i].passage_id for asked in chosen for i in asked.sentence_ids}
    without = {passage: _without(article.corpus, passage, encoder, known) for passage in passages}
    for asked in chosen:
        yield article.name, evidence.features(asked.question, search.search(asked.question, 5)), 1
        removed = without[asked.passage_id] if asked.passage_id is not None else None
        if removed is not None:
            yield article.name, removed[1].features(asked.question, removed[0].search(asked.question, 5)), 0


def _without(corpus: Corpus, passage_id: int, encoder: Encoder, known: dict[str, Encoding]) -> Retrieval | None:
    kept: Sequence[str] = [passage.text for passage in corpus.passages if passage.id != passage_id]
    if len(kept) < 3:
        return None
    rest = corpus_of("rest", kept)
    return searcher_and_evidence(rest, encoder, encode_all(encoder, rest, known))
