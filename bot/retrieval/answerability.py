"""The model behind `confidence`: features of what was found → a probability."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Self

from bot.logistic import sigmoid


@dataclass(frozen=True, slots=True)
class Answerability:
    """A logistic model over named features. Fitted by `python -m evals fit-answerability`."""

    weights: Mapping[str, float]
    intercept: float
    threshold: float
    """Probability in 0..1 from which on a question is answered."""

    @classmethod
    def load(cls, *, bank: bool) -> Self:
        """The model for corpora with a question bank, or the one for those without."""
        text = files("bot.retrieval").joinpath("answerability.json").read_text(encoding="utf-8")
        stored = json.loads(text)["with_bank" if bank else "without_bank"]
        return cls(stored["weights"], stored["intercept"], stored["threshold"])

    def probability(self, features: Mapping[str, float]) -> float:
        """In 0..1. Raises KeyError for a feature that is not given."""
        total = self.intercept + sum(weight * features[name] for name, weight in self.weights.items())
        return sigmoid(total)
