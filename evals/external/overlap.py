"""The plain measures that others are held against: shared words, and the longest common subsequence."""

import re
from collections import Counter

_WORD = re.compile(r"\w+")


def words_of(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def token_precision(claim: str, passage: str) -> float:
    """Share of the claim's words that the passage has, 0..1."""
    mine = words_of(claim)
    return _shared(claim, passage) / len(mine) if mine else 0.0


def token_f1(a: str, b: str) -> float:
    """F1 of the bags of words, 0..1 (knowledge F1, Shuster et al. 2021)."""
    total = len(words_of(a)) + len(words_of(b))
    return 2 * _shared(a, b) / total if total else 0.0


def rouge_l_precision(claim: str, passage: str) -> float:
    """Longest common subsequence over the claim's length, 0..1 (Lin 2004)."""
    mine = words_of(claim)
    return _longest_common(mine, words_of(passage)) / len(mine) if mine else 0.0


def rouge_l(a: str, b: str) -> float:
    """ROUGE-L as F1, 0..1 (Lin 2004)."""
    mine, theirs = words_of(a), words_of(b)
    total = len(mine) + len(theirs)
    return 2 * _longest_common(mine, theirs) / total if total else 0.0


def _shared(a: str, b: str) -> int:
    return (Counter(words_of(a)) & Counter(words_of(b))).total()


def _longest_common(a: list[str], b: list[str]) -> int:
    row = [0] * (len(b) + 1)
    for word in a:
        previous, row = row, [0]
        for j, other in enumerate(b):
            row.append(previous[j] + 1 if word == other else max(previous[j + 1], row[j]))
    return row[-1]
