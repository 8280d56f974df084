"""Misspelt words set right: against the corpus's own words first, then against common English."""

import functools
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.terms import english_ranks, language_of
from bot.text import WORD, words
from bot.values import Corpus

_SHORTEST = 4
"""Shorter words are left alone: most are abbreviations."""

_EDITS = ((9, 3), (6, 2), (_SHORTEST, 1))
"""(from this length on, edits allowed): insertions, deletions, substitutions and swaps of neighbours (OSA)."""

_COMMON = 20_000
"""English words counted as common, most frequent first."""

_ASKED = 3
"""Times that the bank must have a word for others to be set right by it."""

_OPPOSED = (("hypo", "hyper"), ("micro", "macro"))
"""Beginnings that turn a word into its opposite: neither is the other misspelt."""

_CONTRACTED = re.compile(r"(?:is|are|was|were|do|does|did|has|have|had|ca|could|wo|would|should|might|must|need|ai)nt")
"""Negations without their apostrophe: `couldnt` is no misspelt `could`."""

_FOREIGN_SHORTEST, _FOREIGN_EDITS = 7, 1
"""Where common words of the language are not known, what the pages lack is seldom misspelt."""

_UNKNOWN_SHARE, _FEWEST, _ENGLISH = 0.5, 3, 0.01
"""A message is in another language from this share of unknown words on, of this many, with less than this probability
that it is English. None of the questions of the bank is, however misspelt; of 102 in other languages 92 are."""

_LAUGHTER = re.compile(r"(?:bw?a|mw?a)?(?:h+[aeio]+){2,}h*")

_SEPARATORS = re.compile(r"(?<!\d)[-–.’']|[-–.’'](?!\d)")
"""But between two digits: 2.5mg is not 25mg."""


class Speller:
    """Corrects words that neither the corpus, nor its question bank, nor the English language has."""

    def __init__(self, corpus: Corpus) -> None:
        ranks = english_ranks() if language_of(corpus).startswith("en") else {}
        self._is_foreign = not ranks
        own = Counter(_plain_words(sentence.text for sentence in corpus.sentences))
        asked = Counter(_plain_words(question.text for question in corpus.bank if question.style != "typo"))
        said = set(_plain_words(phrase for phrases in corpus.glossary.values() for phrase in phrases))
        self._known = {*ranks, *own, *said, *(word for word, count in asked.items() if count > 1)}
        self._preferred = [word for word in own if len(word) >= _SHORTEST and word.isalpha()]
        self._common = [word for word, rank in ranks.items() if rank < _COMMON and len(word) >= _SHORTEST]
        visitors = said.union(word for word, count in asked.items() if count >= _ASKED).difference(self._common, own)
        self._common += [word for word in sorted(visitors) if self._by_itself(word)]
        self._places = {word: place for place, word in enumerate(self._common)}
        self._written = _written_forms(corpus)

    def correct(self, text: str) -> str:
        """`text` with corrections in place; everything else stays as it was. Where English is meant, a text in another
        language gets the corpus's `5-HT2A` and its like alone.
        """
        is_other = not self._is_foreign and self._is_other_language(text)
        return WORD.sub(lambda match: self._corrected(match.group(), is_other), text)

    def _is_other_language(self, text: str) -> bool:
        said = [word for word in _plain_words([text]) if word.isalpha() and len(word) > 1]
        unknown = sum(word not in self._known for word in said)
        if len(said) < _FEWEST or unknown < _UNKNOWN_SHARE * len(said):
            return False
        return bool(dict(_identifier().rank(text))["en"] < _ENGLISH)

    def _corrected(self, word: str, is_other: bool) -> str:
        lower = word.lower()
        squashed = _SEPARATORS.sub("", lower)
        if squashed in self._written:
            return self._written[squashed]
        if is_other:
            return word
        if not (word.isalpha() and word.isascii()) or lower in self._known or word.isupper() or len(word) < _SHORTEST:
            return word
        if _LAUGHTER.fullmatch(lower) or _CONTRACTED.fullmatch(lower):
            return word
        found = self._nearest(lower, named=word[0].isupper())
        if found is None:
            return word
        return found.capitalize() if word[0].isupper() else found

    def _by_itself(self, word: str) -> bool:
        """Whether the word of some visitors is one, and no common slip of theirs."""
        near = (_first(word, among, 1, {}) for among in (self._preferred, self._common))
        return len(word) >= _SHORTEST and word.isalpha() and not any(near)

    def _nearest(self, word: str, *, named: bool) -> str | None:
        """The nearest word; on a tie the corpus's. A word with a capital may be a name: only the corpus's then."""
        edits = next(most for length, most in _EDITS if len(word) >= length)
        if self._is_foreign:
            edits = _FOREIGN_EDITS if len(word) >= _FOREIGN_SHORTEST else 0
        own = _first(word, self._preferred, edits, {})
        if named:
            return own[1] if own and own[0] <= edits - 1 else None
        english = _first(word, self._common, min(edits, 2), self._places)
        if own and (english is None or own[0] <= english[0]):
            return own[1]
        return english[1] if english else None


@functools.cache
def _identifier() -> Any:
    """Tells all its languages apart, as a visitor may write any; the guard's tells those that it has words for."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _first(word: str, among: Sequence[str], edits: int, ranks: Mapping[str, int]) -> tuple[float, str] | None:
    """(edits, word) of the nearest word that begins alike, the more frequent on a tie.

    People seldom get the beginning wrong, and `esketamine` is no misspelt `ketamine`; but they leave out a silent
    first letter, and swap the first two.
    """
    found = process.extract(word, among, scorer=OSA.distance, score_cutoff=edits, limit=None)
    alike = [(distance, ranks.get(other, 0), other) for other, distance, _ in found if _begin_alike(word, other)]
    best = min(alike, default=None)
    return (best[0], best[2]) if best else None


def _begin_alike(word: str, other: str) -> bool:
    swapped = other[:2] == word[1::-1]
    return (other[0] == word[0] or swapped or other[1:2] == word[0]) and not _opposed(word, other)


def _opposed(word: str, other: str) -> bool:
    pairs = (*_OPPOSED, *((b, a) for a, b in _OPPOSED))
    return any(word.startswith(a) and other.startswith(b) for a, b in pairs)


def _plain_words(texts: Iterable[str]) -> Iterable[str]:
    for text in texts:
        for word in words(text):
            yield from _SEPARATORS.split(word)


def _written_forms(corpus: Corpus) -> dict[str, str]:
    """`5ht2a` → `5-HT2A`: terms of letters and digits as the corpus most often writes them, by their bare letters."""
    found: dict[str, Counter[str]] = {}
    for sentence in corpus.sentences:
        if "doi.org" in sentence.text:
            continue
        for match in WORD.finditer(sentence.text):
            word = match.group()
            if any(char.isdigit() for char in word) and any(char.isalpha() for char in word):
                found.setdefault(_SEPARATORS.sub("", word.lower()), Counter())[word] += 1
    return {squashed: forms.most_common(1)[0][0] for squashed, forms in found.items()}
