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

_FIGURE = re.compile(
    r"(?<![\w.,])(?:(?P<amount>\d+(?:[.,]\d+)?|[.,]\d+)[\s-]?"
    r"(?P<unit>mgs?|mill?igram(?:me)?s?|mcg|[uµμ]g|microgram(?:me)?s?|g|gram(?:me)?s?|ml|%|per ?cent)"
    r"|(?P<year>(?:19|20)\d\d))(?!\w)",
    re.IGNORECASE,
)

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
    for match in _FIGURE.finditer(text):
        found.add(match["year"] or _amount(match["amount"]) + _unit(match["unit"].lower()))
    return found


def _amount(digits: str) -> str:
    plain = digits.replace(",", ".")
    return f"0{plain}" if plain.startswith(".") else plain


def _unit(written: str) -> str:
    return next((kept for spelling, kept in _UNITS if spelling.fullmatch(written)), written)


class Figures:
    """Holds the figures of a question against those of the passages found."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._authors = {name.lower() for s in corpus.sentences for name in _AUTHOR.findall(s.text)}
        self._held = [self._told(passage.text) for passage in corpus.passages]

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
