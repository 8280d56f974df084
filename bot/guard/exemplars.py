"""Messages written beforehand: of people in danger, of what must be declined, and of harmless ones that sound alike."""

import functools
import itertools
from dataclasses import dataclass
from importlib.resources import files

SAFE = "safe"
SUICIDAL = ("explicit", "veiled", "imminent", "thirdparty")
DANGERS = (*SUICIDAL, "harm", "acute")
DISTRESS = "distress"
DECLINED = ("dosing", "sourcing", "medical", "stopping", "booking", "minor")
"""Classes that are refused, with who can help instead."""
NOTED = ("practice", "safety", "copying", "injection")
"""Classes that something else follows from."""
_FILES = tuple(f"exemplars_{name}.tsv" for name in ("suicidal", "danger", "medical", "other"))

KINDS = (*DANGERS, DISTRESS, *DECLINED, *NOTED)


@dataclass(frozen=True, slots=True)
class Exemplar:
    """A message written beforehand. `sign` is `+`, or `-` for a near miss of the label."""

    label: str
    sign: str
    author: str
    message: str

    @property
    def kind(self) -> str:
        return self.label if self.sign == "+" else SAFE


@functools.cache
def exemplars() -> tuple[Exemplar, ...]:
    """Every line of the files of exemplars: label, sign, author, message."""
    folder = files("bot.guard")
    lines = (folder.joinpath(name).read_text(encoding="utf-8").splitlines() for name in _FILES)
    return tuple(Exemplar(*line.split("\t", 3)) for line in itertools.chain.from_iterable(lines))
