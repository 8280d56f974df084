"""How right an answer's words are."""

import re
import string
from collections import Counter
from collections.abc import Iterable, Sequence

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = frozenset(string.punctuation + "“”‘’—–…™")


def must_include(text: str, entries: Sequence[str]) -> float:
    """Share of entries of which one alternative (parted by `|`) stands in the text, case apart; 1 without entries."""
    said = " ".join(text.lower().split())
    found = [any(part.strip().lower() in said for part in entry.split("|")) for entry in entries]
    return sum(found) / len(found) if found else 1.0


def token_f1(text: str, reference: str) -> float:
    """F1 of the bags of words, 0..1, as SQuAD's script normalises them (Rajpurkar et al. 2016).

    Lower case, without punctuation and English articles. Both empty: 1; one empty: 0.
    """
    mine, theirs = _tokens(text), _tokens(reference)
    if not mine or not theirs:
        return float(mine == theirs)
    shared = sum((Counter(mine) & Counter(theirs)).values())
    if shared == 0:
        return 0.0
    precision, recall = shared / len(mine), shared / len(theirs)
    return 2 * precision * recall / (precision + recall)


def best_token_f1(text: str, references: Iterable[str]) -> float:
    """The highest F1 with one of the references; 0 without any."""
    return max((token_f1(text, reference) for reference in references), default=0.0)


def _tokens(text: str) -> list[str]:
    plain = "".join(" " if char in "—–-" else char for char in text.lower())
    plain = "".join(char for char in plain if char not in _PUNCTUATION)
    return _ARTICLES.sub(" ", plain).split()
