"""Vectors kept in memory: every sentence's own, and its tokens' for late interaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.context import context_of
from bot.ports import Array, Encoder, Encoding
from bot.terms import language_of, tells_something
from bot.values import Corpus


@dataclass(frozen=True, slots=True)
class TokenIndex:
    """A Scorer and Matcher: IDF-weighted MaxSim.

    Each token of the query takes the cosine of its most similar token in the sentence; the score is
    their mean weighted by IDF, in -1..1. MaxSim is ColBERT's (Khattab and Zaharia 2020, eq. 3); the
    weights replace ColBERT's training, which MiniLM lacks.
    """

    encoder: Encoder
    vectors: npt.NDArray[np.floating]
    """Shape (tokens of all sentences, d), unit rows, in any precision."""
    offsets: npt.NDArray[np.int64]
    """Shape (sentences + 1,): sentence i has the rows offsets[i]..offsets[i + 1]."""
    idf: Array
    """Shape (vocabulary,), >= 0."""

    @classmethod
    def build(cls, corpus: Corpus, encoder: Encoder, encodings: Mapping[str, Encoding]) -> "TokenIndex":
        """A sentence's tokens are its own and those of its context.

        encodings: by text, at least of `texts_of(corpus)`.
        """
        rows = [[encodings[text] for text in texts] for texts in _texts_by_sentence(corpus)]
        vectors, offsets = _stacked(rows)
        own = [encodings[sentence.text] for sentence in corpus.sentences]
        idf = piece_idf(own, encoder.vocabulary, language_of(corpus))
        return cls(encoder, vectors.astype(np.float32), offsets, idf)

    @classmethod
    def of(cls, texts: Sequence[Encoding], encoder: Encoder, language: str) -> "TokenIndex":
        """Over any texts, which then stand where sentences do. Kept in their precision; compared in full."""
        vectors, offsets = _stacked([[text] for text in texts])
        return cls(encoder, vectors, offsets, piece_idf(texts, encoder.vocabulary, language))

    def scores(self, text: str, sentence_ids: Sequence[int]) -> Array:
        weights, best = self._compare(text, sentence_ids)
        if not weights.sum() > 0:
            return np.zeros(len(sentence_ids), dtype=np.float32)
        return np.asarray(best @ (weights / weights.sum()), dtype=np.float32)

    def matches(self, text: str, sentence_ids: Sequence[int]) -> tuple[Array, Array]:
        """As the port Matcher has it."""
        weights, best = self._compare(text, sentence_ids)
        return weights, best.max(axis=0)

    def _compare(self, text: str, sentence_ids: Sequence[int]) -> tuple[Array, Array]:
        """Weights, shape (q,), and best cosines, shape (len(sentence_ids), q), of the query's q tokens."""
        query = self.encoder.encode_query(text)
        weights = self.idf[list(query.pieces)]
        best = np.zeros((len(sentence_ids), len(query.pieces)), dtype=np.float32)
        starts = self.offsets[list(sentence_ids)]
        ends = self.offsets[np.asarray(sentence_ids, dtype=np.int64) + 1]
        filled = np.flatnonzero(ends > starts)
        if len(filled) and len(query.pieces):
            starts, ends = starts[filled], ends[filled]
            if (starts[1:] == ends[:-1]).all():  # one stretch, as for a passage or the whole corpus: no copy
                vectors = self.vectors[starts[0] : ends[-1]]
            else:
                vectors = np.concatenate([self.vectors[a:b] for a, b in zip(starts, ends, strict=True)])
            firsts = np.concatenate([[0], np.cumsum(ends - starts)[:-1]])
            best[filled] = np.maximum.reduceat(vectors.astype(np.float32, copy=False) @ query.tokens.T, firsts, axis=0)
        return weights, best


@dataclass(frozen=True, slots=True)
class CosineScorer:
    """A Scorer: cosine of the query's vector with each sentence's."""

    encoder: Encoder
    vectors: Array
    """Shape (sentences, d), unit rows, by sentence id."""

    @classmethod
    def build(cls, corpus: Corpus, encoder: Encoder, encodings: Mapping[str, Encoding]) -> "CosineScorer":
        """encodings: by text, at least of the sentences."""
        return cls(encoder, np.stack([encodings[sentence.text].vector for sentence in corpus.sentences]))

    def scores(self, text: str, sentence_ids: Sequence[int]) -> Array:
        return np.asarray(self.vectors[list(sentence_ids)] @ self.encoder.encode_query(text).vector)

    def likeness(self, a: int, b: int) -> float:
        """Cosine of two sentences, by their ids."""
        return float(self.vectors[a] @ self.vectors[b])


def texts_of(corpus: Corpus) -> list[str]:
    """Every text that an index of the corpus needs the encoding of, each once."""
    sentences = (text for texts in _texts_by_sentence(corpus) for text in texts)
    return list(dict.fromkeys([*sentences, *(question.text for question in corpus.bank)]))


def _stacked(rows: Sequence[Sequence[Encoding]]) -> tuple[npt.NDArray[np.floating], npt.NDArray[np.int64]]:
    """All token vectors, and where each row's begin, with the end of the last."""
    vectors = np.concatenate([encoding.tokens for row in rows for encoding in row])
    return vectors, np.cumsum([0, *(sum(len(encoding.pieces) for encoding in row) for row in rows)])


def _texts_by_sentence(corpus: Corpus) -> list[list[str]]:
    contexts = {passage.id: context_of(passage) for passage in corpus.passages}
    return [[text for text in (s.text, contexts[s.passage_id]) if text] for s in corpus.sentences]


def piece_idf(encodings: Sequence[Encoding], vocabulary: Sequence[str], language: str) -> Array:
    """Shape (len(vocabulary),): log(1 + (N - n + .5) / (n + .5)), n the sentences that hold the piece.

    Robertson's and Spärck Jones's weight as BM25 uses it, kept above zero. Stop words and punctuation
    weigh nothing: a question's `what` and `?` are rare in statements, yet tell nothing.
    """
    holding = np.zeros(len(vocabulary), dtype=np.float64)
    for encoding in encodings:
        holding[list(set(encoding.pieces))] += 1
    idf = np.log1p((len(encodings) - holding + 0.5) / (holding + 0.5))
    tells = np.asarray([tells_something(piece, language) for piece in vocabulary])
    return np.where(tells, idf, 0.0).astype(np.float32)
