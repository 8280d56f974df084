"""Messages that the message model is fitted to; no case is among them."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.conversation.kinds import QUESTION
from bot.conversation.kinds import exemplars as talk
from bot.guard.exemplars import SAFE
from bot.guard.exemplars import exemplars as guarded
from bot.values import Corpus
from evals.followups.training import load_follow_ups

FOLDS = 2
"""Into which the authors are parted."""

_CORPUS = "corpus"
_PERSONAL = ("dose", "medical")
"""Styles of banked questions that are not answered and may have to be declined."""


@dataclass(frozen=True, slots=True)
class Example:
    """A message with what it is to each head; None where it says nothing about that."""

    text: str
    author: str
    guard: str | None
    talk: str | None


def examples_for(corpus: Corpus) -> list[Example]:
    """Each text once."""
    harmless = _harmless_in(corpus)
    found = [Example(e.message, e.author, e.kind, QUESTION if e.sign == "+" else None) for e in guarded()]
    found += [Example(e.message, e.author, SAFE, e.kind) for e in talk()]
    found += [Example(q.text, q.author, SAFE if q.text in harmless else None, QUESTION) for q in corpus.bank]
    found += [Example(item.message, item.author, SAFE, QUESTION) for item in load_follow_ups()]
    found += [Example(sentence.text, _CORPUS, SAFE, None) for sentence in corpus.sentences]
    once: dict[str, Example] = {}
    for example in found:
        once.setdefault(example.text, example)
    return list(once.values())


def folds_of(authors: Mapping[str, int]) -> dict[str, int]:
    """Author → fold, 0..FOLDS - 1, so that each has about as many messages. authors: how many each wrote."""
    sizes = [0] * FOLDS
    found = {}
    for author, count in sorted(authors.items(), key=lambda item: (-item[1], item[0])):
        fold = sizes.index(min(sizes))
        found[author] = fold
        sizes[fold] += count
    return found


def _harmless_in(corpus: Corpus) -> set[str]:
    """Banked questions that are harmless, however they sound: all but what is asked about doses and one's own health,
    and about what the practice does not do.
    """
    boundary = {sentence.id for sentence in corpus.disclaiming()}
    return {
        question.text
        for question in corpus.bank
        if boundary.isdisjoint(question.sentence_ids) and (question.sentence_ids or question.style not in _PERSONAL)
    }
