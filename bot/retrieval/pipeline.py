"""The parts of retrieval put together, whatever holds the index."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.ports import Bank, Matcher, Scorer, Searcher
from bot.retrieval.answerability import Answerability
from bot.retrieval.evidence import EvidenceReader
from bot.retrieval.familiarity import FamiliarityReader
from bot.retrieval.figures import Figures
from bot.retrieval.gate import Gate
from bot.retrieval.hybrid import HybridSearcher
from bot.retrieval.retriever import Retriever, TranslatingSearcher
from bot.retrieval.spelling import Speller
from bot.retrieval.wording import Wording
from bot.values import BankQuestion, Corpus

_log = logging.getLogger(__name__)

NEAR_MISSES = 1 / 8
"""For each answered question of a bank, from which on it tells what the pages do not answer. On samples of this
corpus's bank, of 100 to 1,000 answered questions, the model with a bank is the better one throughout with one near miss
for five, as often the worse one with one for ten, and with none it answers nine in ten of what it should not."""

RETRIEVED = 12
"""Hits handed on for an answer: enough for its few sentences after duplicates are taken out."""


class _Tokens(Scorer, Matcher, Protocol):
    """Token vectors."""


class _Questions(Bank, Searcher, Protocol):
    """A question bank that is searched."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What an index offers."""

    dense: Searcher
    lexical: Searcher
    tokens: _Tokens
    cosine: Scorer
    """Scores are cosines."""
    bank: _Questions | None
    """None for a corpus without questions written beforehand."""


@dataclass(frozen=True, slots=True)
class Retrieval:
    """From a message to evidence."""

    speller: Speller
    retriever: Retriever
    gate: Gate

    @classmethod
    def over(cls, corpus: Corpus, signals: Signals) -> "Retrieval":
        wording, figures = Wording(corpus), Figures(corpus)
        searchers = {"dense": signals.dense, "lexical": TranslatingSearcher(signals.lexical, wording.translate)}
        if signals.bank is not None:
            searchers["bank"] = signals.bank
        familiarity = None
        if signals.bank is not None and _tells_silence(corpus.bank):
            familiarity = FamiliarityReader(corpus, signals.bank, figures)
        reader = EvidenceReader(corpus, signals.tokens, signals.cosine, wording.translate)
        return cls(
            speller=Speller(corpus),
            retriever=Retriever(HybridSearcher(searchers, {"late": signals.tokens, "figures": figures}), RETRIEVED),
            gate=Gate(figures, reader, familiarity, Answerability.load(bank=familiarity is not None)),
        )

    def searcher(self) -> Searcher:
        """Retrieval alone, spelling set right."""
        return TranslatingSearcher(self.retriever, self.speller.correct)


def _tells_silence(bank: Sequence[BankQuestion]) -> bool:
    """Whether it has questions that the pages answer, and enough that they do not."""
    answered = sum(bool(question.sentence_ids) for question in bank)
    near_misses = len(bank) - answered
    if 0 < NEAR_MISSES * answered <= near_misses:
        return True
    _log.warning(
        "Of the bank's questions the pages do not answer %d, and answer %d: too few, of near misses or of others, to"
        " tell by them when to be silent. Write a near miss for every eight answered.", near_misses, answered,
    )  # fmt: skip
    return False
