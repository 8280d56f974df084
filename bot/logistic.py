"""A logistic model over named features: small enough to be read, and to be kept as JSON."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Self


def sigmoid(log_odds: float) -> float:
    """The probability of these log odds, in 0..1; beyond 60 either way it no longer moves.

    Raises ValueError for what is no number: it must neither answer nor hide a danger.
    """
    if math.isnan(log_odds):
        raise ValueError("the log odds are not a number")
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, log_odds))))


@dataclass(frozen=True, slots=True)
class Logistic:
    """Weights by name of the feature. Fitted by a command of `python -m evals`, which the file names."""

    weights: Mapping[str, float]
    intercept: float

    @classmethod
    def load(cls, package: str, file: str, name: str) -> Self:
        """name: of the model in a JSON file of the package."""
        stored = json.loads(files(package).joinpath(file).read_text(encoding="utf-8"))[name]
        return cls(stored["weights"], stored["intercept"])

    def probability(self, features: Mapping[str, float]) -> float:
        """In 0..1; a feature that the model does not know counts for nothing."""
        total = self.intercept + sum(self.weights.get(name, 0.0) * value for name, value in features.items())
        return sigmoid(total)
