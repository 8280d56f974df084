"""How probable it is that what was found answers the question."""

import math
from collections import Counter
from collections.abc import Callable, Sequence

from bot.context import context_of
from bot.ports import Matcher, Scorer
from bot.terms import language_of, terms
from bot.values import Corpus, Hit

FEATURES = ("late", "passage_late", "weakest", "dense", "coverage", "unknown", "lead")

_BEST = 3


def _as_it_is(text: str) -> str:
    return text


class EvidenceReader:
    """Measures the best hit against the question, in features that a person can check."""

    def __init__(
        self, corpus: Corpus, matcher: Matcher, dense: Scorer, translate: Callable[[str], str] = _as_it_is
    ) -> None:
        """dense: a scorer whose scores are cosines. translate: the visitor's words into the corpus's."""
        self._translate = translate
        self._corpus = corpus
        self._matcher = matcher
        self._dense = dense
        self._language = language_of(corpus)
        self._passage_terms = [
            frozenset(terms(f"{context_of(passage)} {passage.text}", self._language)) for passage in corpus.passages
        ]
        self._holding = Counter(term for found in self._passage_terms for term in found)

    def features(self, text: str, hits: Sequence[Hit]) -> dict[str, float]:
        """About the best hit and the passage it stands in; all 0 when there is no hit.

        late, passage_late: IDF-weighted mean cosine of the question's tokens with their best matches
            in the sentence, and in the passage, -1..1.
        weakest: lowest such match in the passage, -1..1.
        dense: highest cosine of the question with one of the three best hits, -1..1.
        coverage: IDF-weighted share of the question's terms in the passage, 0..1.
        unknown: such share that is nowhere in the corpus, 0..1.
        lead: the best hit's fused score.
        """
        if not hits:
            return dict.fromkeys(FEATURES, 0.0)
        text = self._translate(text)
        best = hits[0].sentence_id
        passage = self._corpus.passage_of(best)
        coverage, unknown = self._coverage(text, passage.id)
        late, _ = self._late(text, [best])
        passage_late, weakest = self._late(text, passage.sentence_ids)
        return {
            "late": late,
            "passage_late": passage_late,
            "weakest": weakest,
            "dense": float(self._dense.scores(text, [hit.sentence_id for hit in hits[:_BEST]]).max()),
            "coverage": coverage,
            "unknown": unknown,
            "lead": hits[0].score,
        }

    def _late(self, text: str, sentence_ids: Sequence[int]) -> tuple[float, float]:
        weights, best = self._matcher.matches(text, sentence_ids)
        telling = weights > 0
        if not telling.any():
            return 0.0, 0.0
        return float(best @ weights / weights.sum()), float(best[telling].min())

    def _coverage(self, text: str, passage_id: int) -> tuple[float, float]:
        count = len(self._passage_terms)
        weights = {
            term: math.log1p((count - self._holding[term] + 0.5) / (self._holding[term] + 0.5))
            for term in terms(text, self._language)
        }
        total = sum(weights.values())
        if not total > 0:
            return 0.0, 1.0
        here = sum(weight for term, weight in weights.items() if term in self._passage_terms[passage_id])
        nowhere = sum(weight for term, weight in weights.items() if not self._holding[term])
        return here / total, nowhere / total
