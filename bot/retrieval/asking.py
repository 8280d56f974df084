"""What a message asks: its questions, without the story around them.

English rules; a message in another language is one question.
"""

import re

from bot.segmentation import sentence_spans
from bot.terms import terms

_ASKING = (
    r"(?:(?:in|at|on|by|from|to|for|with|of|after|before|within|over|under|about|through)\s+(?:which|what|whom|whose|how)"
    r"|who|whom|whose|what|what's|when|where|why|how|which|is|are|was|were|does|do|did|can|could|will|would|should"
    r"|has|have|had|may|might|wat|waht|wich|wher|dose)"
)
_REQUESTING = r"(?:(?:please|pls|can you|could you|would you)\s+)*(?:tell me|tell us|explain|describe|show me)"
_STARTS_ASKING = re.compile(rf"[\s\"'“‘(]*(?:and |but |so |or |also )?(?:{_ASKING}|{_REQUESTING})\b", re.IGNORECASE)
_HAVING = (
    r"(?:has|have|had)\s+(?:an?\s|(?!(?:i|you|we|he|she|it|they|there|this|that|these|those|the|anyone|anybody)\b)"
    r"(?!(?:[\w-]+\s+){1,3}(?:been|ever|\w+ed)\b))"
)
"""`Who got 25mg and had a response?` asks one thing."""

_SECOND = re.compile(
    rf"[\s,;?]+(?:and|plus)\s+(?:also |then |if so,? |if not,? )?(?!{_HAVING})(?={_ASKING}\s)", re.IGNORECASE
)
_CONFIRMING = re.compile(
    r"(?:,\s*(?:is|are|was|were|does|do|did|has|have|had|can|could|will|would|should)(?:n['’]?t)?\s+(?:it|they|he|she|that|there|you)"
    r"|,?\s*(?:right|correct|true|no|yes))\s*\?+\s*$|\bis (?:that|it|this) (?:so|true|right|correct)\b",
    re.IGNORECASE,
)
_ASSUMING = re.compile(r"^\W*(?:since|given(?: that)?|as|because|considering|now that|if|seeing that)\s", re.IGNORECASE)
_LEAST_WORDS = 3
_LEAST_TERMS = 2


def questions_in(text: str) -> tuple[str, ...]:
    """The questions that `text` asks, in order; `text` itself where none stands out."""
    sentences = [text[start:end] for start, end in sentence_spans(text, "en")]
    parts: list[str] = []
    before = ""
    for sentence in sentences:
        if sentence.endswith("?") or _STARTS_ASKING.match(sentence):
            parts += [f"{before} {sentence}"] if before and is_bare(sentence) else _parts(sentence)
            before = ""
        else:
            before = sentence
    return tuple(parts) or (text,)


def is_bare(question: str) -> bool:
    """Whether the question is understood only with what stands before it: `Why is that?`"""
    return len(set(terms(question, "en"))) < _LEAST_TERMS


def assumes(text: str) -> bool:
    """Whether the message states something of its own and builds on it, or wants it confirmed: `It failed, didn't it?`

    What it states may be false; then the sentence that says otherwise is the answer.
    """
    return any(
        _CONFIRMING.search(text[start:end]) or _ASSUMING.match(text[start:end])
        for start, end in sentence_spans(text, "en")
    )


def _parts(sentence: str) -> list[str]:
    """`What is X and who found it?` asks two things; `How do X and Y differ?` one."""
    if not _STARTS_ASKING.match(sentence):
        return [sentence]
    parts = [part.strip() for part in _SECOND.split(sentence) if part.strip()]
    if len(parts) > 1 and all(len(part.split()) >= _LEAST_WORDS for part in parts):
        return parts
    return [sentence]
