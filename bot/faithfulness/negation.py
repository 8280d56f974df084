"""Whether claim and evidence negate the same."""

from collections.abc import Iterable

from bot.faithfulness.alignment import Aligned, key, keys
from bot.faithfulness.lexicon import Lexicon
from bot.faithfulness.words import Parsed, Word

_SCOPE = 4
"""Words after a cue of negation among which the word that it negates stands."""


def negation_added(aligned: Aligned, lexicon: Lexicon) -> float:
    """1 when the claim negates and no sentence of the window does; .5 when they do, but not the same words."""
    if not _negates(aligned.claim, lexicon):
        return 0.0
    near = aligned.near()
    if not any(_negates(sentence, lexicon) for sentence in near):
        return 1.0
    held = set().union(*(keys(sentence) for sentence in near))
    return float(bool((_negated(aligned.claim, lexicon) & held) - _negated_in(near, lexicon))) / 2


def negation_dropped(aligned: Aligned, lexicon: Lexicon) -> float:
    """1 when the best sentence negates a word that the claim takes from it and does not negate."""
    best = aligned.best
    plain = keys(aligned.claim) - _negated(aligned.claim, lexicon)
    return float(bool(_negated(best, lexicon) & plain - _plain(best, lexicon)))


def _is_negation(word: Word, lexicon: Lexicon) -> bool:
    return word.text in lexicon.negations or word.text.endswith("n't")


def _negates(sentence: Parsed, lexicon: Lexicon) -> bool:
    return any(_is_negation(word, lexicon) for word in sentence.words)


def _negated(sentence: Parsed, lexicon: Lexicon) -> set[str]:
    """Keys of the first content word after each cue of negation, where one follows closely."""
    return {key(sentence.words[i]) for i in _negated_places(sentence, lexicon)}


def _negated_in(sentences: Iterable[Parsed], lexicon: Lexicon) -> set[str]:
    return set().union(*(_negated(sentence, lexicon) for sentence in sentences))


def _plain(sentence: Parsed, lexicon: Lexicon) -> set[str]:
    """Keys of the content words that also stand in the sentence without being negated."""
    negated = _negated_places(sentence, lexicon)
    return {key(sentence.words[i]) for i in sentence.content if i not in negated}


def _negated_places(sentence: Parsed, lexicon: Lexicon) -> set[int]:
    found = set()
    for i, word in enumerate(sentence.words):
        if _is_negation(word, lexicon):
            after = [
                j for j in sentence.content if i < j <= i + _SCOPE and not _is_negation(sentence.words[j], lexicon)
            ]
            found.update(after[:1])
    return found
