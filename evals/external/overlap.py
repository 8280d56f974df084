"""The plain measures that others are held against: shared words, and the longest common subsequence."""

import re
from collections import Counter

from bot.faithfulness.core import longest_common

_WORD = re.compile(r"\w+")


def words_of(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def token_precision(claim: str, passage: str) -> float:
    """Share of the claim's words that the passage has, 0..1."""
    mine = words_of(claim)
    return _shared(claim, passage) / len(mine) if mine else 0.0


def rouge_l_precision(claim: str, passage: str) -> float:
    """Longest common subsequence over the claim's length, 0..1 (Lin 2004)."""
    mine = words_of(claim)
    return longest_common(mine, words_of(passage)) / len(mine) if mine else 0.0


def rouge_l(a: str, b: str) -> float:
    """ROUGE-L as F1, 0..1 (Lin 2004)."""
    mine, theirs = words_of(a), words_of(b)
    total = len(mine) + len(theirs)
    return 2 * longest_common(mine, theirs) / total if total else 0.0


def _shared(a: str, b: str) -> int:
    return (Counter(words_of(a)) & Counter(words_of(b))).total()
