"""Citation recall and precision as ALCE defines them (Gao et al. 2023, arXiv 2305.14627, section 3.3).

Both rest on a judge of support: given passages and a sentence, whether the passages jointly support it.
ALCE uses an NLI model; the caller passes its own.
"""

from collections.abc import Callable, Sequence

Supports = Callable[[Sequence[str], str], bool]


def citation_recall(sentence: str, quotes: Sequence[str], supports: Supports) -> float:
    """1 when the sentence has a citation and its quotes together support it, else 0."""
    return float(bool(quotes) and supports(quotes, sentence))


def citation_precision(sentence: str, quotes: Sequence[str], supports: Supports) -> list[float]:
    """One value a citation: 1 unless it is irrelevant.

    Irrelevant: the sentence has recall 0; or the quote alone does not support it, and the others still
    do without it.
    """
    if not citation_recall(sentence, quotes, supports):
        return [0.0] * len(quotes)
    found = []
    for i, quote in enumerate(quotes):
        others = [*quotes[:i], *quotes[i + 1 :]]
        needless = not supports([quote], sentence) and bool(others) and supports(others, sentence)
        found.append(float(not needless))
    return found
