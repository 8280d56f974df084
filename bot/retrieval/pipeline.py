"""The parts of retrieval put together, whatever holds the index."""

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
from bot.values import Corpus

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
        familiarity = FamiliarityReader(corpus, signals.bank, figures) if signals.bank is not None else None
        reader = EvidenceReader(corpus, signals.tokens, signals.cosine, wording.translate)
        return cls(
            speller=Speller(corpus),
            retriever=Retriever(HybridSearcher(searchers, {"late": signals.tokens, "figures": figures}), RETRIEVED),
            gate=Gate(figures, reader, familiarity, Answerability.load(bank=signals.bank is not None)),
        )

    def searcher(self) -> Searcher:
        """Retrieval alone, spelling set right."""
        return TranslatingSearcher(self.retriever, self.speller.correct)
