"""An index that is never written: for measuring on many small corpora."""

from collections.abc import Sequence

import numpy as np

from bot.index.build import lexical_text
from bot.index.lexical import LexicalIndex
from bot.index.memory import CosineScorer, TokenIndex, piece_idf
from bot.ports import Encoder, Encoding
from bot.retrieval.evidence import EvidenceReader
from bot.retrieval.hybrid import HybridSearcher
from bot.terms import language_of
from bot.values import Corpus, Hit


class ExactDense:
    """A Searcher: exact cosine, where Chroma's is approximate."""

    def __init__(self, scorer: CosineScorer) -> None:
        self._scorer = scorer

    def search(self, text: str, k: int) -> tuple[Hit, ...]:
        scores = self._scorer.scores(text, range(len(self._scorer.vectors)))
        return tuple(Hit(int(i), float(scores[i])) for i in np.argsort(-scores, kind="stable")[:k])


def encode_all(encoder: Encoder, corpus: Corpus, known: dict[str, Encoding]) -> list[Encoding]:
    """Every sentence's encoding, by id; `known`, by text, is used and added to."""
    missing = list(dict.fromkeys(s.text for s in corpus.sentences if s.text not in known))
    known.update(zip(missing, encoder.encode(missing), strict=True))
    return [known[sentence.text] for sentence in corpus.sentences]


def searcher_and_evidence(
    corpus: Corpus, encoder: Encoder, encodings: Sequence[Encoding]
) -> tuple[HybridSearcher, EvidenceReader]:
    """The retrieval of `bot.wiring` over vectors in memory."""
    language = language_of(corpus)
    cosine = CosineScorer(encoder, np.stack([encoding.vector for encoding in encodings]))
    tokens = TokenIndex(
        encoder,
        np.concatenate([encoding.tokens for encoding in encodings]),
        np.cumsum([0, *(len(encoding.pieces) for encoding in encodings)]),
        piece_idf(encodings, encoder.vocabulary, language),
    )
    searcher = HybridSearcher({"dense": ExactDense(cosine), "lexical": lexical_of(corpus)}, {"late": tokens})
    return searcher, EvidenceReader(corpus, tokens, cosine)


def lexical_of(corpus: Corpus) -> LexicalIndex:
    """BM25 over the corpus's sentences, as the build makes it."""
    texts = [lexical_text(corpus, sentence) for sentence in corpus.sentences]
    return LexicalIndex.build(texts, language_of(corpus))
