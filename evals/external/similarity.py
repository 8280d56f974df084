"""Pairs of FAQ questions, alike or not: how well their likeness tells."""

import csv
from collections.abc import Iterator
from pathlib import Path

from bot.ports import Encoder
from evals.external.overlap import rouge_l
from evals.external.score import Score, auroc_of
from evals.metrics.answers import token_f1

_PAIRS = "covid_faq/eval_question_similarity_en.csv"


def similarity_scores(data: Path, encoder: Encoder) -> Iterator[Score]:
    """The vectors' cosine, by which the bot tells questions alike, beside shared words."""
    with (data / _PAIRS).open(encoding="utf-8", newline="") as file:
        rows = [(row["question_1"], row["question_2"], row["similar"] == "1") for row in csv.DictReader(file)]
    texts = list(dict.fromkeys(text for a, b, _ in rows for text in (a, b)))
    vectors = {text: encoding.vector for text, encoding in zip(texts, encoder.encode(texts), strict=True)}
    systems = {
        "footnote (MiniLM cosine)": [float(vectors[a] @ vectors[b]) for a, b, _ in rows],
        "token overlap, F1": [token_f1(a, b) for a, b, _ in rows],
        "ROUGE-L, F1": [rouge_l(a, b) for a, b, _ in rows],
    }
    clusters = [a for a, _, _ in rows]
    labels = [similar for _, _, similar in rows]
    for system, scores in systems.items():
        yield Score("question similarity", "covid_faq", system, "AUROC", auroc_of(labels, scores, clusters))
