"""The terms of a text: what lexical search, coverage and likeness count."""

import functools
from collections.abc import Sequence
from importlib.resources import files

from bot.text import words
from bot.values import Corpus

_STEMMERS = {"en": "english", "de": "german", "fr": "french", "es": "spanish", "it": "italian", "nl": "dutch"}
_STOP_WORDS = {
    "en": "STOPWORDS_EN_PLUS",
    "de": "STOPWORDS_GERMAN",
    "fr": "STOPWORDS_FRENCH",
    "es": "STOPWORDS_SPANISH",
    "it": "STOPWORDS_ITALIAN",
    "nl": "STOPWORDS_DUTCH",
}
"""By language code; for another language words count as they are."""

_FRAME = {
    "en": frozenset(
        "about actually according anyone article ask asking bit briefly called describe described does doesnt dont "
        "exactly explain explained give gives going got guys hello help hey hi info information kind know like "
        "mean means meant mention mentioned mentions page please question quick read reading really saw say saying "
        "says site show tell thanks text thing things think want wanted website wondering would".split()
    )
}
"""Words of asking, not of what is asked: how a question is framed tells nothing of its topic."""


def terms(text: str, language: str) -> list[str]:
    """Stemmed words without stop words and words of asking. A hyphenated word counts whole and in its parts: 5-HT2A is
    found by `5HT2A` and by `HT2A`.
    """
    found = []
    for word in words(text):
        word = word.removesuffix("'s").removesuffix("’s")
        parts = [part for part in word.replace(".", "-").replace("–", "-").split("-") if part]
        found.extend(parts)
        if len(parts) > 1:
            found.append("".join(parts))
    code = _code(language)
    stop = _stop_words(code)
    return _stem(tuple(word for word in found if word not in stop), code)


def stems(found: Sequence[str], language: str) -> list[str]:
    """The stem of each word, in order; words of a language without stemmer stay as they are."""
    return _stem(tuple(found), _code(language))


def language_of(corpus: Corpus) -> str:
    """The language most documents are in; one index has one language's stop words and stems."""
    languages = [document.language for document in corpus.documents.values()]
    return max(dict.fromkeys(languages), key=languages.count)


def tells_something(word: str, language: str) -> bool:
    """False for a stop word, and for what has neither a letter nor a digit."""
    return any(char.isalnum() for char in word) and word.lower() not in _stop_words(_code(language))


def _code(language: str) -> str:
    """`en` for `en-GB`."""
    return language.split("-")[0].lower()


def _stem(found: tuple[str, ...], code: str) -> list[str]:
    if code not in _STEMMERS:
        return list(found)
    import Stemmer

    return list(Stemmer.Stemmer(_STEMMERS[code]).stemWords(found))


@functools.cache
def _stop_words(code: str) -> frozenset[str]:
    from bm25s import stopwords

    if code not in _STOP_WORDS:
        return frozenset()
    return frozenset(getattr(stopwords, _STOP_WORDS[code])) | _FRAME.get(code, frozenset())


@functools.cache
def english_ranks() -> dict[str, int]:
    """Word → rank by frequency, from the list that symspellpy carries (Google Books and SCOWL)."""
    listing = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text(encoding="utf-8-sig")
    return {line.split(" ", 1)[0]: rank for rank, line in enumerate(listing.splitlines())}
