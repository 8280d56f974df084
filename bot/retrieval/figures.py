"""The figures of a text that a mistake about would do harm: doses, percentages, years."""

import re
from collections.abc import Sequence
from itertools import dropwhile, takewhile
from typing import Literal

import numpy as np

from bot.ports import Array
from bot.retrieval.asking import is_bare, questions_in
from bot.segmentation import sentence_spans
from bot.terms import language_of, terms
from bot.text import WORD
from bot.values import Corpus, Hit

Kind = Literal["dose", "percentage", "year", "author"]
Mention = tuple[Kind, str]
"""A figure or a cited author, in its one spelling."""

_BEST = 3

_STANDS_WITH: dict[Kind, tuple[Kind, ...]] = {
    "dose": ("percentage", "year", "author"),
    "percentage": ("dose", "year", "author"),
    "year": ("author",),
    "author": ("year",),
}
"""What must stand in one passage with a mention. A year needs no dose: one may ask how a trial differs from a book."""

_AUTHOR = re.compile(r"\b([A-Z][\w’'-]+), (?:[A-Z]\.[ ,]*)+")
"""A surname as a bibliography gives it: `Doss, M. K.`"""

_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
"""`2,500` and `2,500.5`, as English has them; `0,125` and `2,5` are decimals."""

_FIGURE = re.compile(
    rf"(?<![\w.,])(?:(?P<amount>{_THOUSANDS.pattern}|\d+(?:[.,]\d+)?|[.,]\d+)[\s-]?"
    r"(?P<unit>mgs?|mill?igram(?:me)?s?|mcg|[uµμ]g|microgram(?:me)?s?|g|gram(?:me)?s?|ml|%|per ?cent)"
    r"|(?P<year>(?:19|20)\d\d)|(?P<count>(?:1,9|2,0)\d\d(?![.,]\d)))(?!\w)",
    re.IGNORECASE,
)
"""count: a plain number that would be a year without its comma."""

_PRICE = re.compile(
    r"(?<!\d)(?<!\d\s)(?:[$€£¥]|\b(?:USD|EUR|GBP|CHF))\s?(?:19|20)\d\d\b"
    r"|\b(?:19|20)\d\d(?:\.\d+)?[\s-]?(?:[$€£¥](?!\s?\d)|(?:dollars?|euros?|pounds?|francs?|USD|EUR|GBP|CHF)\b)",
    re.IGNORECASE,
)
"""One that would be read as a year. In `2020 $5` the year is none."""

_UNITS = (
    (re.compile("mgs|mill?igram(?:me)?s?"), "mg"),
    (re.compile("mcg|[uμ]g|microgram(?:me)?s?"), "µg"),
    (re.compile("gram(?:me)?s?"), "g"),
    (re.compile("per ?cent"), "%"),
)
"""Other spellings, and the one kept."""

_DENIED = re.compile(
    r"(?:(?:^|[.,;:!?–—])\W*(?:(?:no|nope|sorry)\W+)?not|\bmeant? not|\b(?:do|did)(?: not|n['’]?t) mean)\b"
    r"(?:(?!\bbut\b)[^.,;:!?–—]|[.,](?=\d))*",
    re.IGNORECASE,
)
"""`Not the 2022 one, the 2021 one`; but in `Why was it not 10mg?` that dose is asked about."""

_EITHER = re.compile(r"\b(?:19|20)\d\d(?:\W+\w+){0,4}?\W+or\W+(?:\w+\W+){0,4}?(?:19|20)\d\d\b", re.IGNORECASE)
"""Years to choose from."""

_BACK = re.compile(
    r"\b(?:it|they|them|those|he|she|him|(?:this|these)(?! (?:article|page|site|website|blog|post|text)s?\b))\b"
    r"|\b(?:what|which|who|when|where|why|how|is|are|was|were|do|does|did|can|could|will|would|should|has|have|had|and"
    r"|of|in|on|at|for|with|by|from|about|after|before|to|like) (?:that|its|their|theirs|his|her|hers)\b"
    r"|\bthat(?: one)?\W*$",
    re.IGNORECASE,
)
"""Words that stand for something said before; `evidence that` is none, and `this article` is the page."""

_PHRASE = r"((?:[\w’'-]+\s*){1,3})"
_NEW = re.compile(rf"\b(?:an?|another|(?:19|20)\d\d|\d+ ?%)\s+{_PHRASE}", re.IGNORECASE)
_KNOWN = re.compile(rf"\bthe\s+{_PHRASE}", re.IGNORECASE)
"""`I read of a trial in 2019. What did the trial show?`"""

_SUBJECT = re.compile(
    r"\b(?:the|about|what(?:['’]s| is| are)|who(?:['’]s| is| was)"
    rf"|(?:do|does|did|can|could|will|would)(?! (?:(?:any|every|some|no)(?:one|body|thing)|there)\b))\s+{_PHRASE}",
    re.IGNORECASE,
)
"""`What is tea?` and `Does tea help?` are of few words and yet understood alone; `What changed?` is not."""

_OWN = re.compile(
    r"\b(?:i|we|my \w+)(?:['’](?:m|ve)| am| is| was| have| has)? (?:\w+ly |now |already |been )*"
    r"(?:on|tak(?:e|es|en|ing)|took|us(?:e|es|ed|ing)|prescribed|given)\b"
    r"|\b(?:put|gave|prescribed|started) (?:me|us)\b",
    re.IGNORECASE,
)
"""What a visitor takes."""


def figures(text: str) -> set[str]:
    """The doses, percentages and years in `text`, each in one spelling: `25 mg` and `25mg` are the same."""
    return {name for _, _, name in _figures(_without_prices(text))}


def _without_prices(text: str) -> str:
    return _PRICE.sub(" ", text)


def _figures(text: str) -> list[tuple[int, Kind, str]]:
    """Where each begins, its kind and name, in order. text: without prices."""
    found: list[tuple[int, Kind, str]] = []
    for match in _FIGURE.finditer(text):
        if match["year"]:
            found.append((match.start(), "year", match["year"]))
        elif match["amount"]:
            unit = _unit(match["unit"].lower())
            found.append((match.start(), "percentage" if unit == "%" else "dose", _amount(match["amount"]) + unit))
    return found


def _numbers(text: str) -> set[str]:
    """What may be meant by a number that reads as a year: years, prices and counts."""
    found = {match["year"] or match["count"] for match in _FIGURE.finditer(text)}
    return {number.replace(",", "") for number in found if number}


def _amount(digits: str) -> str:
    plain = digits.replace(",", "" if _THOUSANDS.fullmatch(digits) else ".")
    return f"0{plain}" if plain.startswith(".") else plain


def _unit(written: str) -> str:
    return next((kept for spelling, kept in _UNITS if spelling.fullmatch(written)), written)


def _asked(text: str) -> str:
    first = questions_in(text)[0]
    *_, (start, _) = [(0, 0), *sentence_spans(first, "en")]
    question = first[start:]
    told = text[: max(text.find(question), 0)]
    if _BACK.search(question) or (is_bare(question) and not _phrases(_SUBJECT, question)):
        return text
    if _phrases(_NEW, told) & _phrases(_KNOWN, question):
        return text
    sentences = [told[start:end] for start, end in sentence_spans(told, "en")]
    kept = [s for s in sentences if not figures(s) or (_tells_dose(s) and not _OWN.search(s))]
    return " ".join([*kept, text[len(told) :]])


def _phrases(pattern: re.Pattern[str], text: str) -> set[str]:
    """Stems of the phrases that it finds."""
    return set(terms(" ".join(pattern.findall(text)), "en"))


def _tells_dose(text: str) -> bool:
    return any(kind == "dose" for _, kind, _ in _figures(text))


class Figures:
    """Holds the figures of a question against those of the passages found."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._is_english = language_of(corpus).startswith("en")
        self._authors = {name.lower() for s in corpus.sentences for name in _AUTHOR.findall(s.text)}
        self._held = [
            {name for _, _, name in self._told(passage.text)} | _numbers(passage.text) for passage in corpus.passages
        ]

    def asked(self, text: str) -> str:
        """`text` without the sentences before its first question that tell a figure, unless that points back to them.

        A dose stays, unless it is what the visitor takes: an answer about 25mg after `They gave 10mg.` is the worse
        mistake. English rules; a text for a corpus in another language stays as it is.
        """
        return _asked(text) if self._is_english else text

    def lacking(self, text: str, hits: Sequence[Hit]) -> bool:
        """Whether the question names a dose, percentage or year that none of the three best passages has, or of all
        found where it names several years: seldom does one passage have two. Only what `asked` leaves counts.

        What is named together must stand together in one of these passages. An author with a year beside his name, and
        each such year with an author beside it, unless years are to choose from: Doss is cited for 2021, so 2019 is not
        his, wherever else it stands. And a dose or percentage with one of the years, authors and amounts of the other
        kind beside it: `25mg in 2019` is one thing, and where another year had 25mg, no passage tells of it. `Beside`
        are those next before and after, with the others of a list: `the 25mg of 2019 or 2022` needs one of the two.
        """
        told = self._wanted(self.asked(text))
        if all(kind == "author" for kind, _ in told):
            return False
        several = len({name for kind, name in told if kind == "year"}) > 1
        found = {self._corpus.sentences[hit.sentence_id].passage_id for hit in (hits if several else hits[:_BEST])}
        held = [self._held[passage_id] for passage_id in found]
        return not all(any(_meets(needs, names) for names in held) for needs in _needs(told, _EITHER.search(text)))

    def scores(self, text: str, sentence_ids: Sequence[int]) -> Array:
        """A Scorer: the share of the question's figures and cited authors that the sentence's passage has, 0..1; 0 for
        a question without any.
        """
        asked = {name for _, name in self._wanted(text)}
        passages = [self._corpus.sentences[i].passage_id for i in sentence_ids]
        shares = [len(asked & self._held[passage_id]) / len(asked) if asked else 0.0 for passage_id in passages]
        return np.asarray(shares, dtype=np.float32)

    def _wanted(self, text: str) -> list[Mention]:
        """In order, without `not the 2022 one` where another year is named."""
        denials = [match.span() for match in _DENIED.finditer(_without_prices(text))]
        told = [(any(start <= at < end for start, end in denials), kind, name) for at, kind, name in self._told(text)]
        kinds = {kind for denied, kind, _ in told if not denied}
        return [(kind, name) for denied, kind, name in told if not (denied and kind in kinds)]

    def _told(self, text: str) -> list[tuple[int, Kind, str]]:
        """The figures and the cited authors in a text, as `_figures` has them."""
        plain = _without_prices(text)
        found = _figures(plain)
        for match in WORD.finditer(plain):
            word = match.group().lower().removesuffix("'s").removesuffix("’s")
            if word in self._authors:
                found.append((match.start(), "author", word))
        return sorted(found)


def _meets(needs: Sequence[set[str]], names: set[str]) -> bool:
    return all(need & names for need in needs)


def _needs(told: Sequence[Mention], may_choose: object) -> list[list[set[str]]]:
    """For each mention what one passage must have: one of each set."""
    found = []
    for at, (kind, name) in enumerate(told):
        others = () if kind == "year" and may_choose else _STANDS_WITH[kind]
        beside = (_beside(told, at, other) for other in others)
        found.append([{name}, *(names for names in beside if names)])
    return found


def _beside(told: Sequence[Mention], at: int, kind: Kind) -> set[str]:
    """Those of a kind next before and after the mention at a place, each with the list it stands in."""
    found: set[str] = set()
    for way in (told[:at][::-1], told[at + 1 :]):
        found |= {name for _, name in takewhile(lambda m: m[0] == kind, dropwhile(lambda m: m[0] != kind, way))}
    return found
