"""Other people's documents, one index each: finding the answer's sentence, and knowing when it is not there."""

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.index.build import build_lexical
from bot.index.memory import CosineScorer
from bot.ports import Encoder, Encoding, Searcher
from bot.retrieval.evidence import Answerability
from bot.values import Corpus, Hit
from evals.external.score import Score, auroc_of
from evals.in_memory import ExactDense, encode_all, searcher_and_evidence
from evals.peers.tutorial import CHUNK, OVERLAP
from evals.public import QED_FILE, SQUAD_FILES, Asked, QuestionedCorpus, corpus_of, read_qed, read_squad
from evals.stats import estimate

RANKS = (1, 3, 5)
_FEWEST_PASSAGES = 3

Found = tuple[list[str], float]
"""Texts best first, and the system's confidence that they answer."""

Ask = Callable[[str], Found]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is measured."""

    articles: int
    questions: int
    """Answerable ones, of each article."""


def retrieval_scores(data: Path, encoder: Encoder, limits: Limits, seed: int = 0) -> Iterator[Score]:
    """hit@k of the sentence that holds the answer; AUROC of confidence between each question on the whole article
    and on the article without the answering passage.
    """
    rng = random.Random(seed)
    sources: dict[str, Callable[[], Iterator[QuestionedCorpus]]] = {
        "SQuAD": lambda: read_squad(data / SQUAD_FILES[0]),
        "COVID-QA": lambda: read_squad(data / SQUAD_FILES[1]),
        "QED": lambda: read_qed(data / QED_FILE, encoder),
    }
    for name, articles in sources.items():
        rows: dict[str, list[tuple[str, float, float, float]]] = {}
        for article in itertools.islice(articles(), limits.articles):
            for system, row in _article(article, encoder, limits.questions, rng):
                rows.setdefault(system, []).append((article.name, *row))
        for system, found in rows.items():
            clusters = [article for article, *_ in found]
            for k in RANKS:
                hits = [(float(rank <= k),) for _, rank, _, _ in found]
                yield Score("retrieval", name, system, f"hit@{k}", estimate(hits, clusters))
            both = [(True, with_, a) for a, _, with_, _ in found] + [
                (False, without, a) for a, _, _, without in found if without == without
            ]
            labels, scores, groups = zip(*both, strict=True)
            yield Score("abstention", name, system, "AUROC", auroc_of(labels, scores, groups))


def _article(
    article: QuestionedCorpus, encoder: Encoder, most: int, rng: random.Random
) -> Iterator[tuple[str, tuple[float, float, float]]]:
    """(system, (rank of the first text with the answer's sentence, confidence with it, and without it or nan))."""
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
            texts, confidence = ask(asked.question)
            alone = without[system](asked.question)[1] if without else float("nan")
            yield system, (_rank(texts, asked, article.corpus), confidence, alone)


def _rank(texts: Sequence[str], asked: Asked, corpus: Corpus) -> float:
    wanted = [corpus.sentences[i].text for i in asked.sentence_ids]
    ranks = (rank for rank, text in enumerate(texts, start=1) if any(sentence in text for sentence in wanted))
    return float(next(ranks, float("inf")))


def _systems(corpus: Corpus, encoder: Encoder, known: dict[str, Encoding]) -> dict[str, Ask]:
    encodings = encode_all(encoder, corpus, known)
    hybrid, reader = searcher_and_evidence(corpus, encoder, encodings)
    model = Answerability.load()
    lexical, dense = build_lexical(corpus), ExactDense(CosineScorer.build(corpus, encoder, encodings))

    def footnote(question: str) -> Found:
        hits = hybrid.search(question, max(RANKS))
        return _texts(corpus, hits), model.probability(reader.features(question, hits))

    return {
        "footnote": footnote,
        "tutorial (500-character chunks)": _chunks(corpus, encoder, known),
        "BM25, sentences": _plain(corpus, lexical),
        "dense, sentences": _plain(corpus, dense),
    }


def _plain(corpus: Corpus, searcher: Searcher) -> Ask:
    def ask(question: str) -> Found:
        hits = searcher.search(question, max(RANKS))
        return _texts(corpus, hits), hits[0].score if hits else 0.0

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
        return [texts[i] for i in order], float(cosines[order[0]])

    return ask
