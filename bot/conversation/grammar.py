"""English's closed word classes, and what in a message points back to what was said before."""

import re
from dataclasses import dataclass
from typing import Literal

from bot.terms import tells_something, terms
from bot.text import WORD

Role = Literal["content", "determiner", "preposition", "auxiliary", "wh", "stop"]

SINGULAR = frozenset("it its this that one".split())
PLURAL = frozenset("they them their these those ones both theirs".split())
PERSONAL = frozenset("he she him her his hers".split())
SECOND = frozenset("you u ur your yours yourself ya youre you're you’re".split())
POSSESSIVE = frozenset("its their his her".split())
PEOPLE = frozenset(
    "mother mum mom mam dad father parent parents brother sister sibling husband wife spouse partner boyfriend "
    "girlfriend fiance son daughter child children kid kids grandma grandpa grandmother grandfather nan aunt uncle "
    "cousin niece nephew friend friends mate neighbour neighbor colleague boss flatmate roommate doctor gp therapist "
    "psychiatrist nurse".split()
)
"""Whom a visitor's story is about."""
_SUFFIXES = frozenset("s m re ve ll d t".split())
"""What a contraction ends with, after its apostrophe."""

_ROLES: dict[Role, frozenset[str]] = {
    "determiner": frozenset(
        "a an the this that these those my your his her its their our some any each every no".split()
    ),
    "preposition": frozenset(
        "of in on at for with by from to about into over after before between during through against within without "
        "than as like".split()
    ),
    "auxiliary": frozenset(
        "is are was were be been do does did has have had can could will would should may might must".split()
    ),
    "wh": frozenset("what which who whom whose when where why how".split()),
}

_VAGUE = frozenset(
    "something anything everything nothing someone anyone everyone nobody somewhere thing things bit lot kind sort "
    "way".split()
)
"""Words that name nothing by themselves."""

_GENITIVE = re.compile(r"['’]s?$")
_JOINING = re.compile(r"\W*(?:and|but|or|so|also|then)\b", re.IGNORECASE)
_WHAT_ABOUT = re.compile(r"\W*(?:(?:and|but|so|ok|okay|then)\W+)?(?:what|how) about\b", re.IGNORECASE)
_MAX_WORDS = 15
_MAX_TERMS = 6


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text."""

    text: str
    start: int
    end: int
    role: Role


def tokens(text: str) -> list[Token]:
    """The words of `text`, in order."""
    return [Token(m.group(), m.start(), m.end(), role_of(m.group())) for m in WORD.finditer(text)]


def role_of(word: str) -> Role:
    """The closed class that `word` is in, a stop word of no such class, or content. `he's` is in that of `he`."""
    lower = word.lower()
    begins, _, ends = lower.replace("’", "'").partition("'")
    if ends in _SUFFIXES and (role := role_of(begins)) != "content":
        return role
    if len(lower) == 1 or lower in _VAGUE:
        return "stop"
    for role, members in _ROLES.items():
        if lower in members:
            return role
    return "content" if tells_something(word, "en") else "stop"


def bare(phrase: str) -> str:
    """Without the genitive at its end."""
    return _GENITIVE.sub("", phrase)


def cues(message: str) -> dict[str, float]:
    """What tells whether a message leans on history, and on what: each 0..1.

    singular, plural, personal: has such a pronoun; none: has no pronoun. joining: begins with `and` or its like.
    what_about: begins so. bare, single, few: has no, one, two content words. terms, words: how many, scaled.
    """
    found = [token.text.lower() for token in tokens(message)]
    count = len(set(terms(message, "en")))
    singular, plural, personal = (any(word in group for word in found) for group in (SINGULAR, PLURAL, PERSONAL))
    return {
        "singular": float(singular),
        "plural": float(plural),
        "personal": float(personal),
        "none": float(not (singular or plural or personal)),
        "joining": float(_JOINING.match(message) is not None),
        "what_about": float(_WHAT_ABOUT.match(message) is not None),
        "bare": float(count == 0),
        "single": float(count == 1),
        "few": float(count == 2),
        "terms": min(count, _MAX_TERMS) / _MAX_TERMS,
        "words": min(len(found), _MAX_WORDS) / _MAX_WORDS,
    }
