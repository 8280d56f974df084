"""Vectors kept in memory: every sentence's own, and its tokens' for late interaction."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.ports import Array, Encoder, Encoding
from bot.terms import tells_something


@dataclass(frozen=True, slots=True)
class TokenIndex:
    """A Scorer and Matcher: IDF-weighted MaxSim.

    Each token of the query takes the cosine of its most similar token in the sentence; the score is
    their mean weighted by IDF, in -1..1. MaxSim is ColBERT's (Khattab and Zaharia 2020, eq. 3); the
    weights replace ColBERT's training, which MiniLM lacks.
    """

    encoder: Encoder
    vectors: Array
    """Shape (tokens of all sentences, d), unit rows."""
    offsets: npt.NDArray[np.int64]
    """Shape (sentences + 1,): sentence i has the rows offsets[i]..offsets[i + 1]."""
    idf: Array
    """Shape (vocabulary,), >= 0."""

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
            spans = zip(starts[filled], ends[filled], strict=True)
            rows = np.concatenate([np.arange(start, end) for start, end in spans])
            firsts = np.concatenate([[0], np.cumsum((ends - starts)[filled])[:-1]])
            best[filled] = np.maximum.reduceat(self.vectors[rows] @ query.tokens.T, firsts, axis=0)
        return weights, best


@dataclass(frozen=True, slots=True)
class CosineScorer:
    """A Scorer: cosine of the query's vector with each sentence's."""

    encoder: Encoder
    vectors: Array
    """Shape (sentences, d), unit rows, by sentence id."""

    def scores(self, text: str, sentence_ids: Sequence[int]) -> Array:
        return np.asarray(self.vectors[list(sentence_ids)] @ self.encoder.encode_query(text).vector)

    def likeness(self, a: int, b: int) -> float:
        """Cosine of two sentences, by their ids."""
        return float(self.vectors[a] @ self.vectors[b])


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
