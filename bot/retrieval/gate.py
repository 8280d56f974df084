"""Decides whether what was found is enough to answer with."""

from bot.retrieval.evidence import Answerability, EvidenceReader
from bot.values import Evidence, Hits, ReplyKind, Trace

FIGURE_ABSENT = 0.1
"""What is left of the probability when a dose, percentage or year asked about is not in the passages
found. A judgement, not fitted: public questions hold too few to fit it, and on a health page an answer
about 25mg to a question about 10mg is the worse mistake."""


class Gate:
    """Hits → Evidence."""

    def __init__(self, reader: EvidenceReader, model: Answerability) -> None:
        self._reader = reader
        self._model = model

    def __call__(self, hits: Hits) -> Evidence:
        text = hits.query.text
        if not any(char.isalnum() for char in text):
            return Evidence(hits.query, hits.hits, "clarify", 0.0)
        features = self._reader.features(text, hits.hits)
        confidence = self._model.probability(features) if hits.hits else 0.0
        if self._reader.lacks_a_figure(text, hits.hits):
            confidence *= FIGURE_ABSENT
        kind: ReplyKind = "answer" if hits.hits and confidence >= self._model.threshold else "not_covered"
        return Evidence(hits.query, hits.hits, kind, confidence, Trace(evidence=tuple(features.items())))
