"""How much of a claim the evidence holds: the measures that stand on their own."""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence

from bot.faithfulness.alignment import Aligned, Match, key, keys
from bot.faithfulness.words import Parsed

_ENOUGH_WORDS, _ENOUGH_LATE = 0.8, 0.7


def idf_precision(aligned: Aligned) -> float:
    """IDF-weighted share of the claim's content words that stand in the evidence, 0..1."""
    held = set().union(*(keys(sentence) for sentence in aligned.passages.sentences))
    return _share(aligned.matches, lambda match: key(match.word) in held)


def window_precision(aligned: Aligned) -> float:
    """The same share, of the window alone."""
    return _share(aligned.matches, lambda match: match.is_same)


def best_precision(aligned: Aligned) -> float:
    """The same share, of the best sentence alone."""
    held = keys(aligned.best)
    return _share(aligned.matches, lambda match: key(match.word) in held)


def word_precision(aligned: Aligned) -> float:
    """Share of all the claim's words, stop words too, that stand in the evidence, 0..1: talk that rests on nothing
    shows in its small words.
    """
    held = {key(word) for sentence in aligned.passages.sentences for word in sentence.words}
    words = aligned.claim.words
    return sum(key(word) in held for word in words) / len(words) if words else 0.0


def sequence_precision(aligned: Aligned) -> float:
    """Longest common subsequence with the best sentence by the claim's length, 0..1: ROUGE-L's precision (Lin 2004)."""
    mine = [key(word) for word in aligned.claim.words]
    return longest_common(mine, [key(word) for word in aligned.best.words]) / len(mine) if mine else 0.0


def bigram_containment(aligned: Aligned) -> float:
    """Share of the claim's pairs of neighbouring words that stand in the evidence, 0..1."""
    claimed = _bigrams(aligned.claim)
    held = set().union(*(_bigrams(sentence) for sentence in aligned.passages.sentences))
    return len(claimed & held) / len(claimed) if claimed else 0.0


def cosine(aligned: Aligned) -> float:
    """Highest cosine of the claim's vector with a sentence's, -1..1."""
    return max(aligned.cosines)


def late(aligned: Aligned) -> float:
    """IDF-weighted mean of each content word's best cosine in the window (MaxSim), -1..1."""
    total = sum(match.weight for match in aligned.matches)
    return sum(match.weight * match.cosine for match in aligned.matches) / total if total else 0.0


def weakest(aligned: Aligned) -> float:
    """The lowest such cosine, -1..1."""
    return min((match.cosine for match in aligned.matches), default=0.0)


def weakest_missing(aligned: Aligned) -> float:
    """1 - the lowest cosine among content words that the window lacks; 0 when it lacks none."""
    return max((1 - match.cosine for match in _missing(aligned)), default=0.0)


def missing_weight(aligned: Aligned) -> float:
    """Sum over the words that the window lacks of weight times (1 - cosine)."""
    return sum(match.weight * (1 - match.cosine) for match in _missing(aligned)) / 10


def word_shortfall(aligned: Aligned) -> float:
    """How far `word_precision` is below .8, 0 to .8: from there on, more of the same words says little."""
    return max(0.0, _ENOUGH_WORDS - word_precision(aligned))


def late_shortfall(aligned: Aligned) -> float:
    """How far `late` is below .7, likewise."""
    return max(0.0, _ENOUGH_LATE - late(aligned))


def length(aligned: Aligned) -> float:
    """Content words of the claim, in tens: a control, so that the other features need not stand for it."""
    return len(aligned.matches) / 10


CORE: Mapping[str, Callable[[Aligned], float]] = {
    f.__name__: f
    for f in (
        idf_precision, window_precision, best_precision, word_precision, sequence_precision, bigram_containment,
        cosine, late, weakest, weakest_missing, missing_weight, word_shortfall, late_shortfall,
    )
}  # fmt: skip


LACKS = tuple(f.__name__ for f in (weakest_missing, missing_weight, word_shortfall, late_shortfall))
"""Of the core, what can only speak against support."""


def _share(matches: Iterable[Match], holds: Callable[[Match], bool]) -> float:
    found = [(match.weight, holds(match)) for match in matches]
    total = sum(weight for weight, _ in found)
    return sum(weight for weight, held in found if held) / total if total else 0.0


def _missing(aligned: Aligned) -> list[Match]:
    return [match for match in aligned.matches if not match.is_same]


def _bigrams(sentence: Parsed) -> set[tuple[str, str]]:
    stems = [key(word) for word in sentence.words]
    return set(itertools.pairwise(stems))


def longest_common(a: Sequence[str], b: Sequence[str]) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(b) + 1)
    for word in a:
        previous, row = row, [0]
        for j, other in enumerate(b):
            row.append(previous[j] + 1 if word == other else max(previous[j + 1], row[j]))
    return row[-1]
