"""How like a question is to those written beforehand, answered and not, and what in it is strange to both."""

import math
from collections.abc import Sequence

from bot.ports import Bank
from bot.retrieval.figures import Figures
from bot.terms import english_ranks, language_of, stems, terms
from bot.text import words
from bot.values import Corpus, Hit

FEATURES = ("votes", "margin", "nearest", "leaning", "agreement", "strange", "figure_absent")

_BEST = 3
_NO_RANK = 1_000_000
"""Rank of a word that common English does not have; log(rank) / log(_NO_RANK) is its strangeness."""


class FamiliarityReader:
    """Measures a question against a question bank, in features that a person can check."""

    def __init__(self, corpus: Corpus, bank: Bank, figures: Figures) -> None:
        self._corpus = corpus
        self._bank = bank
        self._figures = figures
        self._language = language_of(corpus)
        known = [passage.text for passage in corpus.passages]
        known += [heading for passage in corpus.passages for heading in passage.headings]
        known += [question.text for question in corpus.bank if question.sentence_ids]
        known += [phrase for phrases in corpus.glossary.values() for phrase in phrases]
        self._known = {term for text in known for term in terms(text, self._language)}
        self._ranks = english_ranks() if self._language.startswith("en") else {}

    def features(self, text: str, hits: Sequence[Hit]) -> dict[str, float]:
        """About the question, and the best hits for it.

        votes: share of the votes of answered questions, 0..1.
        margin: likeness of the nearest answered question less that of the nearest unanswered one, -2..2.
        nearest: likeness of the nearest answered question, -1..1.
        leaning: what a linear reading of the question's vector makes of it, about -1..1.
        agreement: share of the votes on the three best hits and the passages they stand in, 0..1.
        strange: rarity in English of the rarest word that neither the corpus nor an answered question has, 0..1.
        figure_absent: 1 where `Figures.lacking` says so.
        """
        votes = self._bank.votes(text)
        near = {i for hit in hits[:_BEST] for i in self._corpus.passage_of(hit.sentence_id).sentence_ids}
        return {
            "votes": votes.answered,
            "margin": votes.nearest_answered - votes.nearest_unanswered,
            "nearest": votes.nearest_answered,
            "leaning": votes.leaning,
            "agreement": float(votes.sentences[list(near)].sum()),
            "strange": self._strangeness(text),
            "figure_absent": float(self._figures.lacking(text, hits)),
        }

    def elsewhere(self, text: str) -> tuple[int, ...]:
        """Sentences that say where to turn, where the bank has them for the unanswered question most like this one."""
        votes = self._bank.votes(text)
        return votes.related_ids if votes.nearest_unanswered > votes.nearest_answered else ()

    def _strangeness(self, text: str) -> float:
        found = [0.0]
        for word in words(text):
            if word.isalpha() and not set(terms(word, self._language)) <= self._known:
                rank = self._ranks.get(word) or self._ranks.get(stems([word], self._language)[0]) or _NO_RANK
                found.append(math.log(rank + 1) / math.log(_NO_RANK + 1))
        return max(found)
