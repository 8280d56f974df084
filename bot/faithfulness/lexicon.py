"""The small word lists that the checks read: negation, hedges, opposites, units."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from bot.terms import stems

_OPPOSING_PREFIXES = ("non-", "non", "un", "in", "im", "dis", "anti-", "de", "ir")
_OPPOSED_PREFIXES = (("hyper", "hypo"), ("over", "under"), ("pre", "post"), ("in", "ex"), ("intra", "extra"))
_SHORTEST_STEM = 4
"""A prefix opposes only what is a word of its own: `un` + `it` does not."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """English word lists, by stem where the name says so."""

    negations: frozenset[str]
    hedges: frozenset[str]
    boosters: frozenset[str]
    quantifiers: frozenset[str]
    units: frozenset[str]
    """Stems."""
    time_units: frozenset[str]
    """Stems."""
    causal: frozenset[str]
    """Stems of verbs whose subject and object cannot be exchanged."""
    opposites: frozenset[tuple[str, str]]
    """Pairs of stems, in both orders."""
    number_words: Mapping[str, int]

    def are_opposites(self, a: str, b: str) -> bool:
        """Whether two stems exclude each other: listed, or told apart by a prefix that negates."""
        return (a, b) in self.opposites or _differ_by_prefix(a, b) or _differ_by_prefix(b, a)


def _differ_by_prefix(longer: str, shorter: str) -> bool:
    if len(shorter) >= _SHORTEST_STEM and any(longer == prefix + shorter for prefix in _OPPOSING_PREFIXES):
        return True
    return any(
        longer.startswith(a) and shorter.startswith(b) and longer.removeprefix(a) == shorter.removeprefix(b)
        for a, b in _OPPOSED_PREFIXES
    )


@functools.cache
def load_lexicon() -> Lexicon:
    """The lists in `lexicon.json`, written for this project."""
    stored = json.loads(files("bot.faithfulness").joinpath("lexicon.json").read_text(encoding="utf-8"))
    split = [stems(pair.split(), "en") for pair in stored["antonyms"]]
    pairs = [(a, b) for a, b in split]
    return Lexicon(
        negations=frozenset(stored["negations"].split()),
        hedges=frozenset(stored["hedges"].split()),
        boosters=frozenset(stored["boosters"].split()),
        quantifiers=frozenset(stored["quantifiers"].split()),
        time_units=frozenset(stems(stored["time_units"].split(), "en")),
        units=frozenset(stems(stored["units"].split(), "en")),
        causal=frozenset(stems(stored["causal"].split(), "en")),
        opposites=frozenset([*pairs, *((b, a) for a, b in pairs)]),
        number_words=stored["number_words"],
    )
