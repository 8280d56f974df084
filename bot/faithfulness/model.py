"""What the measures and checks weigh, and how rare a word is: fitted, but for one rule on numbers."""

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from bot.faithfulness.alignment import Aligned
from bot.faithfulness.checks import CHECKS, number_differs
from bot.faithfulness.core import CORE, length, missing_weight, sequence_precision, weakest_missing
from bot.faithfulness.lexicon import Lexicon

NEAR = (missing_weight.__name__, weakest_missing.__name__, *CHECKS)
"""What weighs more the closer the claim follows its evidence: in a free paraphrase words are missing and hedges drop
without harm, in a sentence that is otherwise a copy each difference has been made."""

ENTAILMENT = "entailment"

NAMES = (*CORE, *CHECKS, *(f"near_{name}" for name in NEAR), length.__name__, ENTAILMENT, f"near_{ENTAILMENT}")
"""Of the features, in the order of `features`."""

_NUMBER_DIFFERS = -0.5
"""Most that the logit of a claim may be that has another number than its evidence: in answers that is decisive, however
else the claim reads; what the weights are fitted to holds sums and numbers in words, of which it is not.
"""


def features(aligned: Aligned, lexicon: Lexicon, entailment: float) -> tuple[float, ...]:
    """What is measured of a claim beside its evidence, as NAMES says. entailment: the cross-encoder's logit."""
    found = {name: measure(aligned) for name, measure in CORE.items()}
    found |= {name: check(aligned, lexicon) for name, check in CHECKS.items()}
    closeness = found[sequence_precision.__name__]
    near = (found[name] * closeness for name in NEAR)
    return (*found.values(), *near, length(aligned), entailment, entailment * closeness)


@dataclass(frozen=True, slots=True)
class SupportModel:
    """A logistic model over NAMES, fitted by `python -m evals fit-faithfulness`, and the rule on numbers."""

    intercept: float
    weights: tuple[float, ...]
    """One a feature."""
    clause_share: float
    """How much the weakest clause of a sentence counts beside the sentence whole, 0..1."""
    idf: Mapping[str, float]
    """By stem, over public prose; a stem that is not in it is rare."""

    def logit(self, values: Sequence[float]) -> float:
        """values: as NAMES says."""
        found = self.intercept + sum(w * v for w, v in zip(self.weights, values, strict=True))
        return min(found, _NUMBER_DIFFERS) if values[NAMES.index(number_differs.__name__)] else found


@functools.cache
def load_model() -> SupportModel:
    """The model in `support.json`."""
    stored = json.loads(files("bot.faithfulness").joinpath("support.json").read_text(encoding="utf-8"))
    return SupportModel(
        intercept=stored["intercept"],
        weights=tuple(stored["weights"][name] for name in NAMES),
        clause_share=stored["clause_share"],
        idf=stored["idf"],
    )
