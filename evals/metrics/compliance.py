"""Promises that hold for every reply, whatever was asked."""

from collections.abc import Sequence

_BARE = ("crisis", "smalltalk")
"""Kinds of reply that carry no disclaimer."""


def disclaimer_compliance(kind: str, disclaimer: str | None, expected: str | None, sentences: Sequence[str]) -> float:
    """1 when the disclaimer is the corpus's, word for word, where it is due, and nowhere else, else 0.

    sentences: of the answer; none may be the whole disclaimer once more.
    """
    due = None if kind in _BARE else expected
    doubled = due is not None and any(sentence.strip() == due for sentence in sentences)
    return float(disclaimer == due and not doubled)


def verbatim(quote: str, start: int, end: int, text: str | None) -> float:
    """1 when the quote is exactly text[start:end], else 0; text None: there is no such document."""
    return float(text is not None and bool(quote) and 0 <= start < end and text[start:end] == quote)


def every_sentence_cited(kind: str, citations: Sequence[Sequence[int]], numbers: Sequence[int]) -> float:
    """1 unless an answer has no sentence, or one without a citation that exists. citations: of each sentence."""
    if kind != "answer":
        return 1.0
    return float(bool(citations) and all(cited and set(cited) <= set(numbers) for cited in citations))
