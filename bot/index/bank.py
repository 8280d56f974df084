"""The question bank as an index: which sentences answered the questions most like this one."""

import functools
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from bot.index.memory import TokenIndex
from bot.ports import Array, Encoder, Encoding, Votes
from bot.terms import language_of
from bot.values import BankQuestion, Corpus, Hit
from bot.vectors import unit

Mask = npt.NDArray[np.bool_]

TEMPERATURE = 0.05
"""Of the votes, in units of likeness: at this much less likeness a question's vote weighs 1/e."""

SHRINKAGE = 0.3
"""Share of the sphere in the covariance that the vectors are whitened with, 0..1."""

SHORTLIST = 128
"""Questions of each kind, answered and not, that are compared token by token: the nearest by their vectors."""

_RIDGE = 1.0
_CACHED = 64
_FAINT = 1e-3

_ROUNDING = 1e-6
"""Mean square of the differences within groups, of vectors of length 1, below which they are rounding alone."""


class BankIndex:
    """A Bank. Also a Searcher, by the logarithm of a sentence's share of the votes.

    Likeness of two questions is the mean of two: the cosine of their vectors, whitened by how questions with the
    same answer differ (as in Fisher's discriminant: wording that tells nothing of the answer counts less); and
    IDF-weighted MaxSim of their token vectors, as for sentences.
    """

    def __init__(
        self, bank: Sequence[BankQuestion], corpus: Corpus, encoder: Encoder, encodings: Mapping[str, Encoding]
    ) -> None:
        """bank: at least one question. encodings: by text, at least of the questions."""
        own = [encodings[question.text] for question in bank]
        raw = np.stack([encoding.vector for encoding in own])
        self._bank = bank
        self._encoder = encoder
        self._mean = raw.mean(axis=0)
        self._whitening = _whitening(raw, bank)
        self._vectors = unit((raw - self._mean) @ self._whitening)
        self._tokens = TokenIndex.of(own, encoder, language_of(corpus))
        self._answers = np.zeros((len(bank), len(corpus.sentences)), dtype=np.float32)
        for row, question in enumerate(bank):
            shares = 1 / np.arange(1, len(question.sentence_ids) + 1)
            self._answers[row, list(question.sentence_ids)] = shares / shares.sum()
        self._known = np.flatnonzero(self._answers.any(axis=0))
        self._answered: Mask = np.asarray(self._answers.any(axis=1))
        self._leaning = _ridge(raw - self._mean, self._answered)
        self.votes = functools.lru_cache(maxsize=_CACHED)(self._votes)

    def search(self, text: str, k: int) -> tuple[Hit, ...]:
        """Only sentences that answer some question of the bank."""
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k!r}")
        scores = np.log(self.votes(text).sentences[self._known] + _FAINT)
        best = np.argsort(-scores, kind="stable")[:k]
        return tuple(Hit(int(self._known[i]), float(scores[i])) for i in best)

    def _votes(self, text: str) -> Votes:
        centred = self._encoder.encode_query(text).vector - self._mean
        dense = self._vectors @ unit(centred @ self._whitening)
        rows = np.concatenate([_highest(dense, self._answered), _highest(dense, ~self._answered)])
        likeness = (dense[rows] + self._tokens.scores(text, rows.tolist())) / 2
        weights = np.exp((likeness - likeness.max()) / TEMPERATURE)
        weights /= weights.sum()
        answered = self._answered[rows]
        unlike = rows[np.argmax(np.where(answered, -np.inf, likeness))]
        return Votes(
            sentences=np.asarray(weights @ self._answers[rows], dtype=np.float32),
            answered=float(weights[answered].sum()),
            nearest_answered=float(likeness[answered].max(initial=-1.0)),
            nearest_unanswered=float(likeness[~answered].max(initial=-1.0)),
            leaning=float(centred @ self._leaning),
            related_ids=self._bank[unlike].related_ids,
        )


def _highest(scores: Array, among: Mask) -> npt.NDArray[np.int64]:
    """Rows of the SHORTLIST highest scores among the rows chosen."""
    rows = np.flatnonzero(among)
    return np.asarray(rows[np.argsort(-scores[rows], kind="stable")[:SHORTLIST]])


def _ridge(vectors: Array, answered: Mask) -> Array:
    """Weights, shape (d,), of the least squares of `answered` on centred vectors, shrunk by _RIDGE."""
    wanted = answered - answered.mean()
    return np.asarray(np.linalg.solve(vectors.T @ vectors + _RIDGE * np.eye(vectors.shape[1]), vectors.T @ wanted))


def _whitening(vectors: Array, bank: Sequence[BankQuestion]) -> Array:
    """The inverse root of the covariance within groups of questions with the same answer, shrunk to a sphere.

    The identity where no group has questions that differ.
    """
    groups: dict[tuple[int, ...], list[int]] = {}
    for row, question in enumerate(bank):
        if question.sentence_ids:
            groups.setdefault(question.sentence_ids, []).append(row)
    within = [vectors[rows] - vectors[rows].mean(axis=0) for rows in groups.values() if len(rows) > 1]
    size = vectors.shape[1]
    spread = np.concatenate(within or [np.zeros((1, size), dtype=np.float32)])
    covariance = spread.T @ spread / len(spread)
    if np.trace(covariance) < _ROUNDING:
        return np.eye(size, dtype=np.float32)
    covariance = (1 - SHRINKAGE) * covariance + SHRINKAGE * np.trace(covariance) / size * np.eye(size)
    values, axes = np.linalg.eigh(covariance)
    return np.asarray(axes @ np.diag(values**-0.5) @ axes.T, dtype=np.float32)
