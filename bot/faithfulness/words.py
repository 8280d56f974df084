"""A sentence as the words that the checks compare, each with its vector."""

import re
from dataclasses import dataclass

import numpy as np

from bot.faithfulness.lexicon import Lexicon
from bot.ports import Array, Encoding
from bot.terms import stems, tells_something
from bot.text import straight_quotes

_TOKEN = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|[^\W\d_]+(?:['\-][^\W_]+)*|[^\W_]+(?:-[^\W_]+)*|%")
"""A number, a word with its hyphens and apostrophes, a code such as 5-HT2A, or a percent sign."""

_CODE = re.compile(r"(?<![\w.])[A-Za-z]*\d+(?:-?[A-Za-z]+\d*[A-Za-z]*)+|(?<![\w.])[A-Za-z]+-?\d\w*")
_AMOUNT = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_GLUED = re.compile(r"\d[\d.,]*(?:mg|mcg|µg|ug|kg|g|ml|cm|mm|km|st|nd|rd|th|s)", re.IGNORECASE)
"""A number with its unit or ending written on to it: 25mg, 8th, 1990s."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence, in order."""

    text: str
    """Lower case."""
    stem: str
    start: int
    """In characters of the sentence as given to `words_of`."""
    end: int
    is_content: bool
    """False for stop words and signs."""
    is_name: bool
    """Written with a capital inside a sentence, in capitals, or with letters and digits mixed."""
    number: float | None
    """The value of a number, in digits or words; None for anything else."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A sentence with its words and their vectors."""

    text: str
    words: tuple[Word, ...]
    vectors: Array
    """Shape (len(words), d), rows of unit length, or zero for a word cut off by the encoder."""
    vector: Array
    """Shape (d,): of the whole sentence."""

    @property
    def content(self) -> tuple[int, ...]:
        """Positions of the words that tell something."""
        return tuple(i for i, word in enumerate(self.words) if word.is_content)


def parse(text: str, encoding: Encoding, lexicon: Lexicon) -> Parsed:
    """encoding: of `text`, with spans."""
    words = words_of(text, lexicon)
    return Parsed(text, words, _word_vectors(words, encoding), encoding.vector)


def words_of(text: str, lexicon: Lexicon) -> tuple[Word, ...]:
    """The words of an English sentence."""
    flat = straight_quotes(text)
    codes = {match.span() for match in _CODE.finditer(flat) if not _GLUED.fullmatch(match.group())}
    spans = sorted({*codes, *(m.span() for m in _TOKEN.finditer(flat) if not _inside(m.span(), codes))})
    lowered = [flat[start:end].lower().removesuffix("'s") for start, end in spans]
    found = stems(lowered, "en")
    return tuple(
        Word(
            text=lowered[i],
            stem=found[i],
            start=start,
            end=end,
            is_content=tells_something(lowered[i], "en"),
            is_name=_is_name(flat[start:end], is_first=i == 0, is_code=(start, end) in codes),
            number=None if (start, end) in codes else _number(lowered[i], lexicon),
        )
        for i, (start, end) in enumerate(spans)
    )


def _inside(span: tuple[int, int], spans: set[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in spans)


def _is_name(written: str, *, is_first: bool, is_code: bool) -> bool:
    if is_code or (len(written) > 1 and written.isupper()):
        return True
    return written[:1].isupper() and not is_first and tells_something(written, "en")


def _number(lowered: str, lexicon: Lexicon) -> float | None:
    match = _AMOUNT.match(lowered)
    if match and (match.group() == lowered or _GLUED.fullmatch(lowered)):
        return float(match.group().replace(",", ""))
    first, _, second = lowered.partition("-")
    if second in lexicon.number_words and first in lexicon.number_words:
        return float(lexicon.number_words[first] + lexicon.number_words[second])
    value = lexicon.number_words.get(lowered)
    return None if value is None else float(value)


def _word_vectors(words: tuple[Word, ...], encoding: Encoding) -> Array:
    """The unit mean of the vectors of the tokens that lie in a word."""
    vectors = np.zeros((len(words), encoding.tokens.shape[1]), dtype=np.float32)
    at = 0
    for row, word in enumerate(words):
        while at < len(encoding.spans) and encoding.spans[at][1] <= word.start:
            at += 1
        last = at
        while last < len(encoding.spans) and encoding.spans[last][0] < word.end:
            vectors[row] += encoding.tokens[last]
            last += 1
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), dtype=np.float32)
