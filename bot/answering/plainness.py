"""How plainly a sentence is put."""

import math
from collections.abc import Mapping

from bot.text import words
from bot.values import Corpus, Sentence

_RARE = 60_000
"""Rank given to a word that common English does not have: that of a rare one."""

_LONG = 40
"""Words from which on a sentence is as long as it can be, for this."""

_FOR_READERS = ("in practical terms", "in other words", "in plain", "in short", "in simple", "put simply", "this means")
_BONUS = 0.25


def hardness(sentence: Sentence, corpus: Corpus, ranks: Mapping[str, int]) -> float:
    """Lower is plainer, about 0..1.5: how rare the words are and how many; less in an FAQ, in a list of takeaways, or
    where the author says that it is put in practical terms.

    Rarity and length are what readability formulas count (Flesch 1948; Dale and Chall 1948); here words are rare by
    rank in a list of English, not by syllables. ranks: 0.., the most frequent first.
    """
    said = [word for word in words(sentence.text) if word.isalpha()]
    rarity = sum(math.log(ranks.get(word, _RARE) + 1) for word in said) / (len(said) or 1) / math.log(_RARE)
    length = min(len(said), _LONG) / _LONG
    passage = corpus.passage_of(sentence.id)
    written_for_readers = passage.kind == "item" or passage.headings[-1].endswith("?")
    restated = sentence.text.lower().startswith(_FOR_READERS)
    return rarity + length / 2 - _BONUS * written_for_readers - _BONUS * restated
