"""Danger by its wording: patterns that need no model and import nothing heavy."""

import functools
import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files

from bot.guard.normalise import variants


@dataclass(frozen=True, slots=True)
class _Class:
    name: str
    patterns: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None


@functools.cache
def _classes() -> tuple[_Class, ...]:
    text = files("bot.guard").joinpath("patterns.toml").read_text(encoding="utf-8")
    return tuple(
        _Class(
            name=entry["name"],
            patterns=tuple(re.compile(pattern) for pattern in entry["patterns"]),
            unless=re.compile(entry["unless"]) if entry.get("unless") else None,
        )
        for entry in tomllib.loads(text)["class"]
    )


def worded(message: str) -> str | None:
    """The first class of patterns.toml that the message, in any of its variants, is worded like; None if none."""
    readings = variants(message)
    for danger in _classes():
        if danger.unless is not None and danger.unless.search(readings[0]):
            continue
        if any(pattern.search(reading) for reading in readings for pattern in danger.patterns):
            return danger.name
    return None
