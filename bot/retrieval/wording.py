"""The corpus's words for what visitors say: a glossary, and abbreviations read both ways."""

import re

from bot.terms import english_ranks
from bot.values import Corpus

_EVERYDAY = 1_000
"""English words counted as such, most frequent first: an abbreviation that is one of them, as WHO or IT, is read as one
only in capitals."""

_BRACKETED = re.compile(r"(?P<long>(?:[\w’'–-]+ ){1,7})\((?P<short>[A-Z][A-Z0-9]{1,9})\)")
_EXPLAINED = re.compile(r"\b(?P<short>[A-Z][A-Z0-9]{1,9})(?: \w+)? — (?P<long>(?:[A-Z][\w’'-]+(?: [a-z]+)? ?){2,7})—")


def abbreviations(corpus: Corpus) -> dict[str, str]:
    """Short form → long form, in lower case, wherever a sentence gives both: `the default mode network (DMN)`.

    By the algorithm of Schwartz and Hearst (2003): the shortest run of words before the bracket that holds the letters
    of the short form in order, the first of them at the beginning of a word.
    """
    found: dict[str, str] = {}
    for sentence in corpus.sentences:
        for pattern in (_BRACKETED, _EXPLAINED):
            for match in pattern.finditer(sentence.text):
                long = _long_form(match["short"].lower(), match["long"].lower().rstrip(" —"))
                if long:
                    found.setdefault(match["short"].lower(), long)
    return found


def _long_form(short: str, preceding: str) -> str | None:
    at = len(preceding)
    for place in range(len(short) - 1, -1, -1):
        at -= 1
        while at >= 0 and (preceding[at] != short[place] or (place == 0 and at and preceding[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return None
    return preceding[at:] if " " in preceding[at:] or "-" in preceding[at:] else None


class Wording:
    """Reads a visitor's words as the corpus's."""

    def __init__(self, corpus: Corpus) -> None:
        both = abbreviations(corpus)
        self._replaced = {_key(said): term for term, phrases in corpus.glossary.items() for said in phrases}
        self._added = {**both, **{long: short for short, long in both.items()}}
        self._everyday = {word for word, rank in english_ranks().items() if rank < _EVERYDAY}
        self._pattern = _pattern([*self._replaced, *self._added])

    def translate(self, text: str) -> str:
        """`text` with the glossary's phrases replaced by its terms, and the other form of abbreviations added.

        Only for matching words; what is shown is never translated.
        """
        return self._pattern.sub(lambda match: self._read(match.group()), text) if self._pattern else text

    def _read(self, said: str) -> str:
        key = _key(said)
        if key in self._replaced:
            return self._replaced[key]
        # `ſ` and `ı` match `s` and `i` whatever the case, but are not they in lower case.
        if key in self._added and (key not in self._everyday or said.isupper()):
            return f"{said} {self._added[key]}"
        return said


def _key(said: str) -> str:
    return " ".join(said.lower().split())


def _pattern(phrases: list[str]) -> re.Pattern[str] | None:
    if not phrases:
        return None
    longest_first = sorted(phrases, key=len, reverse=True)
    alternatives = "|".join(r"\s+".join(map(re.escape, phrase.split())) for phrase in longest_first)
    return re.compile(rf"(?<![\w-])(?:{alternatives})(?![\w-])", re.IGNORECASE)
