"""Decides whether what was found is enough to answer with."""

import math
from collections.abc import Sequence
from dataclasses import replace

from bot.logistic import sigmoid
from bot.retrieval.answerability import Answerability
from bot.retrieval.asking import assumes, is_bare
from bot.retrieval.evidence import EvidenceReader
from bot.retrieval.familiarity import FamiliarityReader
from bot.retrieval.figures import Figures
from bot.values import Evidence, Hit, Hits, Part, Query, ReplyKind, Trace, last_answer

FIGURE_ABSENT = 0.1
"""What is left of the probability when a dose, percentage or year asked about is not in the passages found, unless the
question states it and so may be set right. A judgement, not fitted: public questions hold too few to fit it, and on a
health page an answer about 25mg to a question about 10mg is the worse mistake."""

MESSAGE_SHARE = 0.7
"""Weight of the message alone beside its standalone question, 0..1. Of the development follow-ups that can be answered
.98 are, and of the others .87 are not; at .5 it is .98 and .82, by the message alone .93 and .92."""

_FAINT = 1e-3


class Gate:
    """Hits → Evidence."""

    def __init__(
        self, figures: Figures, reader: EvidenceReader, familiarity: FamiliarityReader | None, model: Answerability
    ) -> None:
        """familiarity: None for a corpus without question bank, or with one that has hardly a near miss. model: the one
        for such a corpus, or for the other.
        """
        self._figures = figures
        self._reader = reader
        self._familiarity = familiarity
        self._model = model

    def __call__(self, hits: Hits) -> Evidence:
        match hits.query.understanding.relation:
            case "smalltalk":
                return Evidence(hits.query, (), "smalltalk", 0.0)
            case "unclear":
                return Evidence(hits.query, (), "clarify", 0.0)
            case "about_answer":
                return Evidence(hits.query, hits.hits, "answer", _last_confidence(hits.query))
        text = hits.query.text
        if not any(char.isalnum() for char in text):
            return Evidence(hits.query, hits.hits, "clarify", 0.0)
        features = self.features(text, hits.hits)
        own = self._confidence(text, hits.hits, features)
        parts = tuple(self._judged(part, own) for part in hits.parts)
        confidence = max(self._with_readings(own, hits), *(part.confidence for part in parts), 0.0)
        kind: ReplyKind = "answer" if hits.hits and confidence >= self._model.threshold else "not_covered"
        elsewhere = self._familiarity.elsewhere(text) if self._familiarity and kind == "not_covered" else ()
        trace = Trace(evidence=tuple(features.items()))
        return Evidence(hits.query, hits.hits, kind, confidence, parts, elsewhere, trace)

    def _with_readings(self, own: float, hits: Hits) -> float:
        """Of a message that can be read in several ways: the mean, in log odds, of its standalone question's
        probability and the message's own. What the history is about must not speak for a detail that the message asks.
        """
        if not hits.query.readings:
            return own
        message = hits.query.readings[0].text
        alone = self._confidence(message, hits.hits, self.features(message, hits.hits))
        return sigmoid(MESSAGE_SHARE * _log_odds(alone) + (1 - MESSAGE_SHARE) * _log_odds(own))

    def _judged(self, part: Part, whole: float) -> Part:
        """whole: probability of the message, which may say what `how big was it?` means."""
        if not part.hits:
            return part
        confidence = self._confidence(part.text, part.hits, self.features(part.text, part.hits))
        if is_bare(part.text):
            confidence = max(confidence, sigmoid((_log_odds(confidence) + _log_odds(whole)) / 2))
        return replace(part, confidence=confidence, answered=confidence >= self._model.threshold)

    def features(self, text: str, hits: Sequence[Hit]) -> dict[str, float]:
        """Of the evidence, and of the question's likeness to the bank where there is one. A figure told before the
        question is left out: it would make it like questions about that figure.
        """
        text = self._figures.asked(text)
        features = self._reader.features(text, hits)
        if self._familiarity is not None:
            features |= self._familiarity.features(text, hits)
        return features

    def _confidence(self, text: str, hits: Sequence[Hit], features: dict[str, float]) -> float:
        confidence = self._model.probability(features) if hits else 0.0
        lacking = self._figures.lacking(text, hits) and not assumes(text)
        return confidence * FIGURE_ABSENT if lacking else confidence


def _last_confidence(query: Query) -> float:
    """Of the last answer."""
    reply = last_answer(query.history)
    return reply.confidence if reply is not None else 0.0


def _log_odds(probability: float) -> float:
    return math.log((probability + _FAINT) / (1 - probability + _FAINT))
