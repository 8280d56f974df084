"""Messages by their wording: patterns that need no model and import nothing heavy."""

import bisect
import functools
import itertools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from bot.guard.normalise import variants, without_marks

Group = Literal["danger", "declining", "means"]
"""Of patterns, a file each: what people write in danger; how they ask for what must not be given; what is harmless
unless somebody was in danger or distress before.
"""

_LEAD = r"(?:^|(?<=[.!?] ))(?:(?:in|according to) (?:\w+ ){1,3}\w+|(?:\w+ ){1,2}years ago),"
"""`In the film, he …` is one clause."""

_CUT = re.compile(
    rf"{_LEAD}|(?P<end>[.,;:!?…()。—]|\s[-–]\s|\b(?:but|because|so)\b"
    r"|\band (?=(?:i|i'm|im|i've|ive|he|she|they|we|my|now|just|then)\b)|(?<=\s)(?=i(?:'?m|'?ve|'d|'ll)?\s))"
)
"""Where a clause ends: at a sign, at a word that joins another to it, and before the visitor's `I`."""


@dataclass(frozen=True, slots=True)
class _Class:
    name: str
    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]

    def is_in(self, reading: str) -> bool:
        """Whether a pattern matches, and no exception in the clause that the match ends in."""
        if not self.unless:
            return any(pattern.search(reading) for pattern in self.patterns)
        ends = {match.end() for pattern in self.patterns for match in pattern.finditer(reading)}
        if not ends:
            return False
        cuts = [0, *(cut.end() for cut in _CUT.finditer(reading) if cut["end"] is not None), len(reading)]
        harmless = [any(each.search(reading[a:b]) for each in self.unless) for a, b in itertools.pairwise(cuts)]
        return not all(harmless[bisect.bisect_left(cuts, end) - 1] for end in ends)


def _compiled(pattern: str) -> re.Pattern[str]:
    """Written as people write, but without marks (vowel signs of Hindi too), as no variant of a message has any."""
    return re.compile(without_marks(pattern))


@functools.cache
def _classes(group: Group) -> tuple[_Class, ...]:
    read = tomllib.loads(files("bot.guard").joinpath(f"patterns_{group}.toml").read_text(encoding="utf-8"))
    about = read.get("about", {})
    return tuple(
        _Class(
            name=entry["name"],
            patterns=tuple(map(_compiled, entry["patterns"])),
            unless=tuple(map(_compiled, (*map(about.__getitem__, entry.get("about", ())), *entry.get("unless", ())))),
        )
        for entry in read["class"]
    )


def worded(message: str, group: Group = "danger") -> str | None:
    """The first class of the group that the message, in any of its variants, is worded like; None if none."""
    return next(_matching(message, group), None)


def all_worded(message: str, group: Group) -> frozenset[str]:
    """Every such class."""
    return frozenset(_matching(message, group))


def _matching(message: str, group: Group) -> Iterator[str]:
    readings = variants(message)
    return (each.name for each in _classes(group) if any(map(each.is_in, readings)))
