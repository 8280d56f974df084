"""The figures of a text that a mistake about would do harm: doses, percentages, years."""

import re
from collections.abc import Sequence

import numpy as np

from bot.ports import Array
from bot.text import words
from bot.values import Corpus, Hit

_BEST = 3

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


def figures(text: str) -> set[str]:
    """The doses, percentages and years in `text`, each in one spelling: `25 mg` and `25mg` are the same."""
    found = set()
    for match in _FIGURE.finditer(_PRICE.sub(" ", text)):
        if not match["count"]:
            found.add(match["year"] or _amount(match["amount"]) + _unit(match["unit"].lower()))
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


class Figures:
    """Holds the figures of a question against those of the passages found."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._authors = {name.lower() for s in corpus.sentences for name in _AUTHOR.findall(s.text)}
        self._held = [self._told(passage.text) | _numbers(passage.text) for passage in corpus.passages]

    def lacking(self, text: str, hits: Sequence[Hit]) -> bool:
        """Whether the question names a dose, percentage or year that none of the three best passages has, or has
        together with the author in the question: Doss is cited for 2021, so 2019 is not his, wherever else it stands.
        """
        asked = self._told(text)
        if not figures(text):
            return False
        best = {self._corpus.sentences[hit.sentence_id].passage_id for hit in hits[:_BEST]}
        return not any(asked <= self._held[passage_id] for passage_id in best)

    def scores(self, text: str, sentence_ids: Sequence[int]) -> Array:
        """A Scorer: the share of the question's figures and cited authors that the sentence's passage has, 0..1; 0 for
        a question without any.
        """
        asked = self._told(text)
        passages = [self._corpus.sentences[i].passage_id for i in sentence_ids]
        shares = [len(asked & self._held[passage_id]) / len(asked) if asked else 0.0 for passage_id in passages]
        return np.asarray(shares, dtype=np.float32)

    def _told(self, text: str) -> set[str]:
        """The figures and the cited authors in a text."""
        found = {word.removesuffix("'s").removesuffix("’s") for word in words(text)}
        return figures(text) | found & self._authors
