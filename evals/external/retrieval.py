"""Other people's documents, one index each: finding the answer's sentence, and knowing when it is not there."""

import itertools
import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bot.answering.extractive import ExtractiveAnswerer
from bot.index.build import build_lexical
from bot.index.memory import CosineScorer
from bot.ports import Encoder, Encoding, Searcher
from bot.retrieval.pipeline import Retrieval
from bot.values import Corpus, Hit, Query
from evals.external.score import Score, auroc_of
from evals.in_memory import ExactDense, encode_all, retrieval_over
from evals.peers.tutorial import CHUNK, OVERLAP
from evals.public import SOURCES, Asked, QuestionedCorpus, corpus_of, set_aside
from evals.stats import estimate

RANKS = (1, 3, 5)
_FEWEST_PASSAGES = 3

FITTED_HERE = "footnote's confidence was fitted on these articles (fit-answerability); the other systems' was not"

_OURS = "footnote"
_SHOWN = 3
"""Sentences that a peer without answers of its own would show."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a system has for a question."""

    texts: list[str]
    """Best first."""
    confidence: float
    """That they answer, on any scale."""
    answer: str
    """What it would say if it had to answer."""


Ask = Callable[[str], Found]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is measured."""

    articles: int | None
    """Of each source; None for all."""
    questions: int
    """Answerable ones, of each article."""


@dataclass(frozen=True, slots=True)
class _Row:
    article: str
    rank: float
    """Of the first text with the answer's sentence."""
    said: float
    """1 where the answer holds the asked-for words; nan where the data do not give them."""
    confidence: float
    confidence_without: float
    """On the article without the answering passage; nan where too little would be left."""


def retrieval_scores(data: Path, encoder: Encoder, limits: Limits, seed: int = 0) -> Iterator[Score]:
    """hit@k of the sentence that holds the answer; whether the answer says it; AUROC of confidence between each
    question on the whole article and on the article without the answering passage. The adapter has not seen these
    articles; what makes footnote's confidence was fitted on them.
    """
    rng = random.Random(seed)
    for source in SOURCES:
        rows: dict[str, list[_Row]] = {}
        for article in itertools.islice(set_aside(source, data), limits.articles):
            for system, row in _article(article, encoder, limits.questions, rng):
                rows.setdefault(system, []).append(row)
        for system, found in rows.items():
            yield from _scored(source, system, found)


def _scored(source: str, system: str, found: Sequence[_Row]) -> Iterator[Score]:
    clusters = [row.article for row in found]
    for k in RANKS:
        hits = [(float(row.rank <= k),) for row in found]
        yield Score("retrieval", source, system, f"hit@{k}", estimate(hits, clusters))
    spoken = [row for row in found if not math.isnan(row.said)]
    said = estimate([(row.said,) for row in spoken], [row.article for row in spoken])
    yield Score("answer", source, system, "answer in text", said)
    both = [(True, row.confidence, row.article) for row in found]
    both += [(False, row.confidence_without, row.article) for row in found if not math.isnan(row.confidence_without)]
    labels, scores, groups = zip(*both, strict=True)
    note = FITTED_HERE if system == _OURS else ""
    yield Score("abstention", source, system, "AUROC", auroc_of(labels, scores, groups), note)


def _article(article: QuestionedCorpus, encoder: Encoder, most: int, rng: random.Random) -> Iterator[tuple[str, _Row]]:
    """(system, row), for each question and system."""
    answerable = [asked for asked in article.asked if asked.sentence_ids]
    chosen = rng.sample(answerable, min(most, len(answerable)))
    known: dict[str, Encoding] = {}
    whole = _systems(article.corpus, encoder, known)
    rest: dict[int, dict[str, Ask] | None] = {}
    for asked in chosen:
        passage = asked.passage_id
        if passage is not None and passage not in rest:
            kept = [p.text for p in article.corpus.passages if p.id != passage]
            rest[passage] = _systems(corpus_of("rest", kept), encoder, known) if len(kept) >= _FEWEST_PASSAGES else None
        without = rest.get(passage) if passage is not None else None
        for system, ask in whole.items():
            found = ask(asked.question)
            said = float(any(answer in found.answer for answer in asked.answers)) if asked.answers else float("nan")
            alone = without[system](asked.question).confidence if without else float("nan")
            yield system, _Row(article.name, _rank(found.texts, asked, article.corpus), said, found.confidence, alone)


def _rank(texts: Sequence[str], asked: Asked, corpus: Corpus) -> float:
    wanted = [corpus.sentences[i].text for i in asked.sentence_ids]
    ranks = (rank for rank, text in enumerate(texts, start=1) if any(sentence in text for sentence in wanted))
    return float(next(ranks, float("inf")))


def _systems(corpus: Corpus, encoder: Encoder, known: dict[str, Encoding]) -> dict[str, Ask]:
    encodings = encode_all(encoder, corpus, known)
    cosine = CosineScorer.build(corpus, encoder, encodings)
    return {
        _OURS: _footnote(corpus, retrieval_over(corpus, encoder, encodings), cosine),
        "tutorial (500-character chunks)": _chunks(corpus, encoder, known),
        "BM25, sentences": _plain(corpus, build_lexical(corpus)),
        "dense, sentences": _plain(corpus, ExactDense(cosine)),
    }


def _footnote(corpus: Corpus, retrieval: Retrieval, cosine: CosineScorer) -> Ask:
    answerer = ExtractiveAnswerer(corpus, cosine.likeness, lambda *_: ())

    def ask(question: str) -> Found:
        evidence = retrieval.gate(retrieval.retriever(Query("", retrieval.speller.correct(question))))
        draft = answerer.answer(replace(evidence, kind="answer"))
        texts = _texts(corpus, evidence.hits)
        return Found(texts, evidence.confidence, " ".join(sentence.text for sentence in draft.sentences))

    return ask


def _plain(corpus: Corpus, searcher: Searcher) -> Ask:
    def ask(question: str) -> Found:
        hits = searcher.search(question, max(RANKS))
        texts = _texts(corpus, hits)
        return Found(texts, hits[0].score if hits else 0.0, " ".join(texts[:_SHOWN]))

    return ask


def _texts(corpus: Corpus, hits: Sequence[Hit]) -> list[str]:
    return [corpus.sentences[hit.sentence_id].text for hit in hits]


def _chunks(corpus: Corpus, encoder: Encoder, known: dict[str, Encoding]) -> Ask:
    """The tutorial pipeline with exact cosine in memory: Chroma would be built anew for each of hundreds of corpora."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP)
    texts = [chunk for document in corpus.documents.values() for chunk in splitter.split_text(document.text)]
    missing = [text for text in dict.fromkeys(texts) if text not in known]
    known.update(zip(missing, encoder.encode(missing), strict=True))
    vectors = np.stack([known[text].vector for text in texts])

    def ask(question: str) -> Found:
        cosines = vectors @ encoder.encode_query(question).vector
        order = np.argsort(-cosines, kind="stable")[: max(RANKS)]
        return Found([texts[i] for i in order], float(cosines[order[0]]), texts[order[0]])

    return ask
