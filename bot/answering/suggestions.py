"""Questions that the corpus answers, near to where the visitor is."""

from collections.abc import Mapping, Sequence

import numpy as np

from bot.ports import Encoder, Encoding
from bot.text import words
from bot.values import Corpus
from bot.vectors import vectors_of

MAX_SUGGESTIONS = 3

_PRESENTABLE = frozenset({"plain", "fact", "comparison"})
"""Styles of banked questions that read well as a suggestion: no slip of the pen, no one's story."""


class QuestionSuggester:
    """Offers questions that the corpus answers: its headings that ask, by its own account, and those of its bank."""

    def __init__(self, corpus: Corpus, encoder: Encoder, encodings: Mapping[str, Encoding]) -> None:
        """encodings: by text, of any texts; what is missing is encoded."""
        self._encoder = encoder
        self._answered_by = dict.fromkeys(corpus.questions(), frozenset[int]())
        for question in self._answered_by:
            ids = (i for p in corpus.passages if p.headings[-1] == question for i in p.sentence_ids)
            self._answered_by[question] = frozenset(ids)
        for banked in corpus.bank:
            if banked.sentence_ids and banked.style in _PRESENTABLE and banked.text.endswith("?"):
                self._answered_by.setdefault(banked.text, frozenset(banked.sentence_ids))
        self._questions = list(self._answered_by)
        self._vectors = vectors_of(self._questions, encoder, encodings)

    def __call__(self, text: str, shown: Sequence[int], asked: Sequence[str]) -> tuple[str, ...]:
        """Up to MAX_SUGGESTIONS, nearest to `text` first; none of `asked`, none answered by `shown`, no two with one
        answer.
        """
        if not self._questions:
            return ()
        nearness = self._vectors @ self._encoder.encode_query(text).vector
        told = set(shown)
        known = [words(text), *map(words, asked)]
        found: list[str] = []
        for i in np.argsort(-nearness, kind="stable"):
            question = self._questions[i]
            answers = self._answered_by[question]
            if words(question) not in known and not answers & told:
                found.append(question)
                told |= answers
            if len(found) == MAX_SUGGESTIONS:
                break
        return tuple(found)
