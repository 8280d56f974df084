"""Questions that the corpus answers, near to where the visitor is."""

from collections.abc import Sequence

import numpy as np

from bot.ports import Encoder
from bot.text import words
from bot.values import Corpus

MAX_SUGGESTIONS = 3


class QuestionSuggester:
    """Offers the questions that stand as headings in the corpus: those it answers by its own account."""

    def __init__(self, corpus: Corpus, encoder: Encoder) -> None:
        self._corpus = corpus
        self._encoder = encoder
        self._questions = corpus.questions()
        self._vectors = np.asarray([encoding.vector for encoding in encoder.encode(self._questions)])

    def __call__(self, text: str, shown: Sequence[int]) -> tuple[str, ...]:
        """Up to MAX_SUGGESTIONS, nearest first; not the one asked, nor one answered by `shown`."""
        if not self._questions:
            return ()
        answered = {self._corpus.passage_of(i).headings[-1] for i in shown}
        nearness = self._vectors @ self._encoder.encode_query(text).vector
        asked = words(text)
        ranked = [self._questions[i] for i in np.argsort(-nearness, kind="stable")]
        return tuple(q for q in ranked if q not in answered and words(q) != asked)[:MAX_SUGGESTIONS]
