"""What every Searcher promises, the fake included."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from bot.index.lexical import LexicalIndex
from bot.index.memory import CosineScorer, TokenIndex
from bot.index.vectors import DenseIndex, open_client
from bot.ports import Searcher
from bot.retrieval.hybrid import HybridSearcher
from bot.values import Corpus
from evals.in_memory import ExactDense, encode_all
from tests.fakes import FakeEncoder, FakeSearcher, corpus_from

Make = Callable[[Corpus, object], Searcher]
QUERIES = [
    "receptors in the cortex",
    "cortex",
    "zebra",
    "?",
    "CORTEX cortex",
    "the of and",
    "🙂",
    "5-HT2A",
]


def dense(corpus: Corpus, folder: object) -> Searcher:
    encoder = FakeEncoder()
    vectors = np.stack([e.vector for e in encoder.encode([s.text for s in corpus.sentences])])
    return DenseIndex.build(open_client(folder, ""), "sentences", vectors, encoder)  # type: ignore[arg-type]


def exact(corpus: Corpus, _: object) -> Searcher:
    encoder = FakeEncoder()
    vectors = np.stack([e.vector for e in encoder.encode([s.text for s in corpus.sentences])])
    return ExactDense(CosineScorer(encoder, vectors))


def lexical(corpus: Corpus, _: object) -> Searcher:
    return LexicalIndex.build([s.text for s in corpus.sentences], "en")


def reopened_lexical(corpus: Corpus, folder: object) -> Searcher:
    lexical(corpus, folder).save(folder)  # type: ignore[attr-defined]
    return LexicalIndex.open(folder, "en")  # type: ignore[arg-type]


def hybrid(corpus: Corpus, folder: object) -> Searcher:
    encoder = FakeEncoder()
    late = TokenIndex.build(corpus, encoder, encode_all(encoder, corpus, {}))
    return HybridSearcher({"dense": exact(corpus, folder), "lexical": lexical(corpus, folder)}, {"late": late})


def fake(corpus: Corpus, _: object) -> Searcher:
    return FakeSearcher(corpus)


@pytest.fixture(params=[dense, exact, lexical, reopened_lexical, hybrid, fake], ids=lambda make: make.__name__)
def searcher(request: pytest.FixtureRequest, tmp_path) -> Searcher:
    corpus = corpus_from(
        "Receptors sit in the cortex. Cortex is grey.",
        "Trials gave one dose. The dose was small. 5-HT2A receptors matter.",
    )
    return request.param(corpus, tmp_path)


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("k", [1, 3, 100])
def test_at_most_k_distinct_finite_descending_and_repeatable(searcher: Searcher, query: str, k: int) -> None:
    hits = searcher.search(query, k)
    assert len(hits) <= min(k, 5)
    assert len({hit.sentence_id for hit in hits}) == len(hits)
    assert all(0 <= hit.sentence_id < 5 and math.isfinite(hit.score) for hit in hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert searcher.search(query, k) == hits


@pytest.mark.parametrize("k", [0, -1])
def test_k_below_one_is_refused(searcher: Searcher, k: int) -> None:
    with pytest.raises(ValueError, match="k must be at least 1"):
        searcher.search("cortex", k)


def test_the_sentence_that_says_it_comes_first(searcher: Searcher) -> None:
    assert searcher.search("which receptors sit in the cortex", 3)[0].sentence_id == 0
