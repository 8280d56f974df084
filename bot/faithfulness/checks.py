"""What can be wrong with a claim, one check a function: each gives 0 where nothing is amiss, and more where it is."""

import re
from collections.abc import Callable, Iterable, Mapping

from bot.faithfulness.alignment import Aligned, key, keys
from bot.faithfulness.lexicon import Lexicon
from bot.faithfulness.negation import negation_added, negation_dropped
from bot.faithfulness.words import Parsed, Word
from bot.text import straight_quotes

_CONTEXT = 4
"""Content words to either side of a number that say what it counts."""
_SIMILAR = 0.6
"""Cosine of contextual word vectors from which on two words may stand for each other."""


def number_differs(aligned: Aligned, _: Lexicon) -> float:
    """Share of the claim's numbers that the evidence lacks."""
    held = {word.number for sentence in aligned.passages.sentences for word in sentence.words}
    numbers = [word.number for word in aligned.claim.words if word.number is not None]
    return sum(number not in held for number in numbers) / len(numbers) if numbers else 0.0


def unit_differs(aligned: Aligned, lexicon: Lexicon) -> float:
    """1 when a number counts another unit in the claim than wherever the evidence has that number."""
    held = [pair for sentence in aligned.passages.sentences for pair in _quantities(sentence, lexicon)]
    for number, unit in _quantities(aligned.claim, lexicon):
        units = {other for value, other in held if value == number}
        if unit and units and unit not in units and None not in units:
            return 1.0
    return 0.0


def time_differs(aligned: Aligned, lexicon: Lexicon) -> float:
    """1 when the claim counts in a unit of time that the evidence lacks, and the window in another."""
    held = {word.stem for sentence in aligned.passages.sentences for word in sentence.words}
    claimed = {word.stem for word in aligned.claim.words} & lexicon.time_units
    near = {word.stem for sentence in aligned.near() for word in sentence.words} & lexicon.time_units
    return float(bool(claimed - held and near))


def number_misplaced(aligned: Aligned, _: Lexicon) -> float:
    """How much better the words around a number of the claim fit around another number of the evidence, 0..1."""
    worst = 0.0
    places = [(s, j) for s in aligned.passages.sentences for j, other in enumerate(s.words) if other.number is not None]
    for i, word in enumerate(aligned.claim.words):
        if word.number is None:
            continue
        fits = [(_context_fit(aligned.claim, i, s, j), s.words[j].number == word.number) for s, j in places]
        own = max((fit for fit, is_same in fits if is_same), default=None)
        if own is not None:
            worst = max(worst, *(fit - own for fit, _ in fits))
    return worst


def name_absent(aligned: Aligned, _: Lexicon) -> float:
    """Share of the claim's names that the evidence lacks, also as initials or in part."""
    names = [word for word in aligned.claim.words if word.is_name and word.number is None]
    return sum(not _names_in(aligned, word) for word in names) / len(names) if names else 0.0


def name_misplaced(aligned: Aligned, _: Lexicon) -> float:
    """1 when a name of the claim is in the evidence, but the best sentence has another that the claim lacks."""
    best = aligned.best
    lacking = [word for word in aligned.claim.words if word.is_name and word.number is None and not _named(best, word)]
    others = [word for word in best.words if word.is_name and word.number is None and not _named(aligned.claim, word)]
    return float(bool(others) and any(_names_in(aligned, word) for word in lacking))


def opposite(aligned: Aligned, lexicon: Lexicon) -> float:
    """Number of the claim's words whose opposite stands in the window while they themselves do not."""
    near = {word.stem for sentence in aligned.near() for word in sentence.words}
    lacking = [word for word in aligned.claim.words if word.stem not in near and word.number is None]
    return float(sum(any(lexicon.are_opposites(word.stem, stem) for stem in near) for word in lacking))


def opposite_of_counterpart(aligned: Aligned, lexicon: Lexicon) -> float:
    """Number of the claim's content words that the best sentence lacks while it has their opposite."""
    best = {word.stem for word in aligned.best.words}
    found = [m for m in aligned.matches if m.word.stem not in best]
    return float(sum(any(lexicon.are_opposites(m.word.stem, stem) for stem in best) for m in found))


def hedge_dropped(aligned: Aligned, lexicon: Lexicon) -> float:
    """1 when the best sentence hedges and the claim does not."""
    return float(_has(aligned.best, lexicon.hedges) and not _has(aligned.claim, lexicon.hedges))


def certainty_added(aligned: Aligned, lexicon: Lexicon) -> float:
    """Number of words of certainty in the claim that the window lacks."""
    return float(len(_texts(aligned.claim, lexicon.boosters) - _texts_of(aligned.near(), lexicon.boosters)))


def scope_differs(aligned: Aligned, lexicon: Lexicon) -> float:
    """Number of quantifiers in the claim that the window lacks."""
    return float(len(_texts(aligned.claim, lexicon.quantifiers) - _texts_of(aligned.near(), lexicon.quantifiers)))


def relation_reversed(aligned: Aligned, lexicon: Lexicon) -> float:
    """Share of the words around a causal verb of the claim that stand on the other side of it in the evidence.

    The sides of a passive ("is reduced by") are exchanged first.
    """
    worst = 0.0
    for i, word in enumerate(aligned.claim.words):
        if word.stem not in lexicon.causal:
            continue
        for sentence in aligned.near():
            for j, other in enumerate(sentence.words):
                if other.stem in lexicon.causal and (
                    other.stem == word.stem or _similar(aligned.claim, i, sentence, j)
                ):
                    worst = max(worst, _crossing(aligned.claim, i, sentence, j))
    return worst


def order_differs(aligned: Aligned, _: Lexicon) -> float:
    """Share of pairs of the claim's words found in the best sentence that stand there in the other order, 0..1."""
    places = [m.counterpart for m in aligned.matches if m.is_same and m.sentence == aligned.window[0]]
    pairs = [(a, b) for n, a in enumerate(places) for b in places[n + 1 :] if a != b]
    return sum(a > b for a, b in pairs) / len(pairs) if len(pairs) > 1 else 0.0


Check = Callable[[Aligned, Lexicon], float]

CHECKS: Mapping[str, Check] = {
    f.__name__: f
    for f in (
        number_differs, unit_differs, time_differs, number_misplaced, name_absent, name_misplaced, negation_added,
        negation_dropped, opposite, opposite_of_counterpart, hedge_dropped, certainty_added, scope_differs,
        relation_reversed, order_differs,
    )
}  # fmt: skip


def _quantities(sentence: Parsed, lexicon: Lexicon) -> list[tuple[float, str | None]]:
    """Each number with the unit that follows it within two words, if any."""
    found: list[tuple[float, str | None]] = []
    for i, word in enumerate(sentence.words):
        if word.number is not None:
            after = [_unit(other.stem) for other in sentence.words[i + 1 : i + 3]]
            found.append((word.number, next((unit for unit in after if unit in lexicon.units), None)))
    return found


def _unit(stem: str) -> str:
    return "%" if stem == "percent" else stem


def _context_fit(claim: Parsed, i: int, sentence: Parsed, j: int) -> float:
    """Mean best cosine of the words around claim word i with those around sentence word j; 1 when there are none."""
    left = [n for n in claim.content if n != i and abs(n - i) <= _CONTEXT + 1]
    right = [n for n in sentence.content if n != j and abs(n - j) <= 2 * _CONTEXT]
    if not left or not right:
        return 1.0
    cosines = claim.vectors[left] @ sentence.vectors[right].T
    same = [[key(claim.words[a]) == key(sentence.words[b]) for b in right] for a in left]
    best = [1.0 if any(row) else float(values.max()) for row, values in zip(same, cosines, strict=True)]
    return sum(best) / len(best)


def _names_in(aligned: Aligned, name: Word) -> bool:
    return any(_named(sentence, name) for sentence in aligned.passages.sentences)


def _named(sentence: Parsed, name: Word) -> bool:
    """Whether the sentence has the name, also in part or as the initials of what it says."""
    held = keys(sentence)
    if name.stem in held or all(part in held for part in name.stem.split("-")):
        return True
    initials = "".join(word.text[0] for word in sentence.words if word.is_content)
    return 2 <= len(name.text) <= 5 and name.text.isalpha() and name.text in initials


def _texts(sentence: Parsed, words: frozenset[str]) -> set[str]:
    return {word.text for word in sentence.words} & words


def _texts_of(sentences: Iterable[Parsed], words: frozenset[str]) -> set[str]:
    return set().union(*(_texts(sentence, words) for sentence in sentences))


def _has(sentence: Parsed, words: frozenset[str]) -> bool:
    return bool(_texts(sentence, words))


def _similar(claim: Parsed, i: int, sentence: Parsed, j: int) -> bool:
    return float(claim.vectors[i] @ sentence.vectors[j]) >= _SIMILAR


def _crossing(claim: Parsed, i: int, sentence: Parsed, j: int) -> float:
    """Share of the claim's words beside verb i that stand on the other side of verb j, words on both sides apart."""
    before, after = _sides(claim, i)
    there_before, there_after = _sides(sentence, j)
    moved = len((before & there_after) - there_before) + len((after & there_before) - there_after)
    kept = len((before & there_before) - there_after) + len((after & there_after) - there_before)
    return moved / (moved + kept) if moved + kept else 0.0


_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being|gets?)\s+(?:\w+ly\s+)?$", re.IGNORECASE)


def _sides(sentence: Parsed, i: int) -> tuple[set[str], set[str]]:
    """Keys of the content words that do and that undergo what verb i says."""
    before = {key(sentence.words[n]) for n in sentence.content if n < i}
    after = {key(sentence.words[n]) for n in sentence.content if n > i}
    lead = straight_quotes(sentence.text)[: sentence.words[i].start]
    by = any(word.text == "by" for word in sentence.words[i + 1 : i + 3])
    return (after, before) if by and _PASSIVE.search(lead) else (before, after)
