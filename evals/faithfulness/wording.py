"""Sentences and their words, for statements made by rule."""

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from bot.faithfulness.lexicon import load_lexicon
from bot.faithfulness.words import Word, words_of
from bot.terms import stems

SHORTEST = 7
"""Words of a statement."""


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence with what stands around it."""

    text: str
    paragraph: str
    elsewhere: str
    """Prose of the same article, outside the paragraph."""


def words_in(text: str) -> tuple[Word, ...]:
    return words_of(text, load_lexicon())


def replaced(text: str, word: Word, by: str) -> str:
    return text[: word.start] + (capital(by) if text[word.start].isupper() else by) + text[word.end :]


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def uncapital(text: str) -> str:
    return text if re.match(r"[A-Z][\w-]*[A-Z]|[A-Z]\w+ [A-Z]|I\b", text) else text[:1].lower() + text[1:]


@functools.cache
def partners_of(kind: str) -> Mapping[str, list[str]]:
    """Each word of the lexicon's pairs of that kind, with its partners."""
    stored = json.loads(files("bot.faithfulness").joinpath("lexicon.json").read_text(encoding="utf-8"))
    partners: dict[str, list[str]] = {}
    for a, b in (pair.split() for pair in stored[kind]):
        partners.setdefault(a, []).append(b)
        partners.setdefault(b, []).append(a)
    return partners


def inflected(word: Word, partners: Mapping[str, list[str]]) -> list[str]:
    """Partners of a word that stands there inflected, inflected likewise."""
    for ending in ("s", "ed", "d", "ing", "ly"):
        for base in (word.text.removesuffix(ending), word.text.removesuffix(ending) + "e"):
            if word.text.endswith(ending) and base in partners and stems([base], "en") == [word.stem]:
                return [_with_ending(other, ending) for other in partners[base]]
    return []


def _with_ending(base: str, ending: str) -> str:
    if ending in ("ed", "d", "ing") and base.endswith("e"):
        return base[:-1] + ("ing" if ending == "ing" else "ed")
    return base + ("ed" if ending == "d" else ending)
