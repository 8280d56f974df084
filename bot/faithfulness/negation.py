"""Whether claim and evidence negate the same."""

import re
from collections.abc import Iterator

from bot.faithfulness.alignment import Aligned, key, keys
from bot.faithfulness.lexicon import Lexicon
from bot.faithfulness.words import Parsed

_SCOPE = 5
"""Words after a cue of negation among which the words that it negates stand."""

_BREAK = re.compile(r"[,;:.()]|[—–]| - ")
"""What a negation does not reach across."""

_PAIRED = {("rather", "than"), ("instead", "of")}
"""Two words that negate what follows as `not` does."""


def negation_added(aligned: Aligned, lexicon: Lexicon) -> float:
    """1 when the claim negates and no sentence of the window does; .5 when they do, but not the same words."""
    claimed = [places for places in _negated_places(aligned.claim, lexicon) if places]
    if not claimed:
        return 0.0
    near = aligned.near()
    reached = [{key(s.words[i]) for i in places} for s in near for places in _negated_places(s, lexicon)]
    if not reached:
        return 1.0
    held = set().union(*(keys(sentence) for sentence in near))
    first = {key(aligned.claim.words[places[0]]) for places in claimed}
    return float(bool((first & held) - set().union(*reached))) / 2


def negation_dropped(aligned: Aligned, lexicon: Lexicon) -> float:
    """1 when the best sentence negates a word that the claim takes from it and does not negate."""
    best, claim = aligned.best, aligned.claim
    negated = {i for places in _negated_places(best, lexicon) for i in places[:1]}
    plain = {key(best.words[i]) for i in best.content if i not in negated}
    reached = {key(claim.words[i]) for places in _negated_places(claim, lexicon) for i in places}
    return float(bool({key(best.words[i]) for i in negated} & keys(claim) - reached - plain))


def _negated_places(sentence: Parsed, lexicon: Lexicon) -> Iterator[list[int]]:
    """For each cue, the places of the content words within its reach, nearest first; may be none."""
    for i in range(len(sentence.words)):
        if not _is_cue(sentence, i, lexicon):
            continue
        rest = sentence.text[sentence.words[i].end :]
        broken = _BREAK.search(rest)
        end = sentence.words[i].end + (broken.start() if broken else len(rest))
        yield [j for j in sentence.content if i < j <= i + _SCOPE and sentence.words[j].end <= end]


def _is_cue(sentence: Parsed, i: int, lexicon: Lexicon) -> bool:
    text, before = sentence.words[i].text, sentence.words[i - 1].text if i else ""
    if before == "or" and text == "not":
        return False
    return text in lexicon.negations or text.endswith("n't") or (before, text) in _PAIRED
