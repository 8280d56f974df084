"""Fits `bot/models/adapter.npz`: the embedding model learns to find the sentence that answers.

Each question is trained to be nearer, by vector and by token vectors, to a sentence that answers it than to the
sentences of its own article that retrieval ranks high without their answering it, and to those of the other questions
in the batch.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.progress import track

from bot.index.memory import piece_idf
from bot.models.adapter import halved, write_adapter
from bot.models.resolve import DEFAULT, model_fingerprint, resolve_model
from bot.ports import Array
from bot.terms import language_of
from evals.encoder.model import AdaptedModel, descend
from evals.in_memory import encode_all, retrieval_over
from evals.public import QuestionedCorpus

TARGET = Path("bot/models/adapter.npz")

RANK = 8
FROZEN_LAYERS = 3
"""Their features are general."""

LEARNING_RATE = 1e-3
_WARM_UP = 50
_BATCH = 12
_CANDIDATES = 8
"""Sentences of its own article beside each question: one that answers, and others."""

_HARD = 16
_TEMPERATURES = (0.04, 0.05)
"""Of token vectors and of text vectors."""


@dataclass(frozen=True, slots=True)
class _Example:
    question: str
    sentences: Sequence[str]
    """Of its article."""
    answers: Sequence[int]
    others: Sequence[int]
    """Best ranked first."""
    idf: Array


def fit_encoder(articles: Sequence[QuestionedCorpus], target: Path = TARGET, seed: int = 0) -> dict[str, Any]:
    """Writes the adapter to `target`; returns the loss over the first and the last tenth of the batches."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    source = resolve_model(DEFAULT)
    model = AdaptedModel(source, RANK, FROZEN_LAYERS)
    examples = [example for article in track(articles, "Ranking") for example in _examples(article, model)]
    rng.shuffle(examples)
    batches = [examples[i : i + _BATCH] for i in range(0, len(examples) - _BATCH + 1, _BATCH)]
    optimiser = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / _WARM_UP) * max(0.02, 1 - step / len(batches))
    )
    made = (_loss(model, batch, rng) for batch in track(batches, "Fitting"))
    losses = descend(made, optimiser, schedule, model.parameters())
    halves = {name: halved(matrix) for name, matrix in sorted(model.matrices().items())}
    write_adapter(target, model_fingerprint(source), halves)
    tenth = max(1, len(losses) // 10)
    return {
        "articles": len(articles),
        "questions": len(examples),
        "loss_first_tenth": float(np.mean(losses[:tenth])),
        "loss_last_tenth": float(np.mean(losses[-tenth:])),
    }


def _examples(article: QuestionedCorpus, model: AdaptedModel) -> Iterator[_Example]:
    corpus = article.corpus
    encodings = encode_all(model, corpus, {})
    retrieval = retrieval_over(corpus, model, encodings)
    idf = piece_idf([encodings[s.text] for s in corpus.sentences], model.vocabulary, language_of(corpus))
    texts = [sentence.text for sentence in corpus.sentences]
    for asked in article.asked:
        if asked.sentence_ids:
            hits = retrieval.retriever.search(asked.question, _HARD + len(asked.sentence_ids))
            others = [hit.sentence_id for hit in hits if hit.sentence_id not in asked.sentence_ids]
            if others:
                yield _Example(asked.question, texts, sorted(asked.sentence_ids), others[:_HARD], idf)


def _loss(model: AdaptedModel, batch: Sequence[_Example], rng: random.Random) -> Any:
    """Cross-entropy of the answering sentence among all of the batch, by token vectors and by text vectors."""
    candidates: list[str] = []
    for example in batch:
        others = rng.sample(example.others, min(_CANDIDATES - 1, len(example.others)))
        others += rng.choices(example.others, k=_CANDIDATES - 1 - len(others))
        candidates += [example.sentences[i] for i in (rng.choice(example.answers), *others)]
    asked = model.tokenized([example.question for example in batch])
    tokens, vectors, own = model.forward(asked)
    candidate_tokens, candidate_vectors, candidate_own = model.forward(model.tokenized(candidates))
    rows = zip(batch, asked["input_ids"], strict=True)
    weights = torch.stack([torch.from_numpy(example.idf)[row] for example, row in rows]) * own
    weights = weights / weights.sum(1, keepdim=True).clamp(min=1e-6)
    cosines = torch.einsum("qtd,csd->qcts", tokens, candidate_tokens)
    best = cosines.masked_fill(~candidate_own[None, :, None, :], -1.0).max(-1).values
    wanted = torch.arange(len(batch)) * _CANDIDATES
    allowed = torch.tensor([
        [place == own_place or text not in _answers(example) for place, text in enumerate(candidates)]
        for example, own_place in zip(batch, wanted.tolist(), strict=True)
    ])  # fmt: skip
    total = torch.zeros(())
    for scores, temperature in zip(
        ((best * weights[:, None, :]).sum(-1), vectors @ candidate_vectors.T), _TEMPERATURES, strict=True
    ):
        total = total + torch.nn.functional.cross_entropy((scores / temperature).masked_fill(~allowed, -1e4), wanted)
    return total


def _answers(example: _Example) -> set[str]:
    return {example.sentences[i] for i in example.answers}
