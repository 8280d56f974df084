"""How probable it is that what was found answers the question."""

import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Self

from bot.context import context_of
from bot.ports import Matcher, Scorer
from bot.terms import language_of, terms
from bot.values import Corpus, Hit

_BEST = 3


@dataclass(frozen=True, slots=True)
class Answerability:
    """A logistic model over named features. Fitted by `python -m evals fit-answerability`."""

    weights: Mapping[str, float]
    intercept: float
    threshold: float
    """Probability in 0..1 from which on a question is answered."""

    @classmethod
    def load(cls) -> Self:
        text = files("bot.retrieval").joinpath("answerability.json").read_text(encoding="utf-8")
        stored = json.loads(text)
        return cls(stored["weights"], stored["intercept"], stored["threshold"])

    def probability(self, features: Mapping[str, float]) -> float:
        """In 0..1. Raises KeyError for a feature that is not given."""
        total = self.intercept + sum(weight * features[name] for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, total))))


class EvidenceReader:
    """Measures the best hit against the question, in features that a person can check."""

    def __init__(self, corpus: Corpus, matcher: Matcher, dense: Scorer) -> None:
        """dense: a scorer whose scores are cosines."""
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

    def lacks_a_figure(self, text: str, hits: Sequence[Hit]) -> bool:
        """Whether the question names a dose, percentage or year that none of the best passages has."""
        passages = [self._corpus.passage_of(hit.sentence_id).text for hit in hits[:_BEST]]
        held = {figure for passage in passages for figure in figures(passage)}
        return bool(figures(text) - held)

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


FEATURES = ("late", "passage_late", "weakest", "dense", "coverage", "unknown", "lead")

_FIGURE = re.compile(
    r"(?<![\w.])(?:(?P<amount>\d+(?:[.,]\d+)?)\s?(?P<unit>mg|mcg|ug|µg|g|grams?|ml|%|percent)|(?P<year>(?:19|20)\d\d))(?!\w)",
    re.IGNORECASE,
)


def figures(text: str) -> set[str]:
    """The doses, percentages and years in `text`, each in one spelling: `25 mg` and `25mg` are the same."""
    found = set()
    for match in _FIGURE.finditer(text):
        unit = (match["unit"] or "").lower().replace("percent", "%")
        found.add(match["year"] or match["amount"].replace(",", ".") + unit)
    return found
