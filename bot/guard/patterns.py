"""Messages by their wording: patterns that need no model and import nothing heavy."""

import functools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from bot.guard.normalise import variants

Group = Literal["danger", "declining", "means"]
"""Of patterns, a file each: what people write in danger; how they ask for what must not be given; what is harmless
unless somebody was in danger or distress before.
"""


@dataclass(frozen=True, slots=True)
class _Class:
    name: str
    patterns: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None


@functools.cache
def _classes(group: Group) -> tuple[_Class, ...]:
    text = files("bot.guard").joinpath(f"patterns_{group}.toml").read_text(encoding="utf-8")
    return tuple(
        _Class(
            name=entry["name"],
            patterns=tuple(re.compile(pattern) for pattern in entry["patterns"]),
            unless=re.compile(entry["unless"]) if entry.get("unless") else None,
        )
        for entry in tomllib.loads(text)["class"]
    )


def worded(message: str, group: Group = "danger") -> str | None:
    """The first class of the group that the message, in any of its variants, is worded like; None if none."""
    return next(_matching(message, group), None)


def all_worded(message: str, group: Group) -> frozenset[str]:
    """Every such class."""
    return frozenset(_matching(message, group))


def _matching(message: str, group: Group) -> Iterator[str]:
    readings = variants(message)
    for each in _classes(group):
        if each.unless is not None and each.unless.search(readings[0]):
            continue
        if any(pattern.search(reading) for reading in readings for pattern in each.patterns):
            yield each.name
