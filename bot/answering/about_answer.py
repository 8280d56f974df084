"""Doing what a visitor asks about the last answer: its source, its certainty, plainer, shorter, more of it."""

from collections.abc import Callable, Sequence, Set
from dataclasses import replace

from bot.answering.extractive import MAX_SENTENCES, ExtractiveAnswerer
from bot.answering.plainness import hardness
from bot.answering.told import Told
from bot.phrases import ALL_SHOWN, CERTAIN, NO_SUMMARY, NOTHING_SAID_YET, ONLY_QUOTES, PLACE
from bot.terms import english_ranks, language_of
from bot.values import Corpus, Draft, DraftSentence, Evidence, Hit, Notice

_MORE, _READ_ON = 3, 2
"""Further sentences shown; of those, how many at most that follow in the passage."""

_PLAINEST = 2
_NEAR = 0.35
"""Share of the best hit's score from which on a sentence is about the same matter."""

_SUMMARIES = ("key takeaways", "takeaways", "summary", "key points", "at a glance", "in brief", "tl;dr", "overview")
_MAX_SUMMARY = 5


class AboutAnswer:
    """Evidence of a request → Draft. Every sentence shown is the corpus's."""

    def __init__(self, corpus: Corpus, answerer: ExtractiveAnswerer) -> None:
        self._corpus = corpus
        self._answerer = answerer
        self._ranks = english_ranks() if language_of(corpus).startswith("en") else {}
        self._told = Told(corpus)
        self._does: dict[str, Callable[[Evidence, list[int]], Draft]] = {
            "source": self._source,
            "sure": self._sure,
            "simpler": self._simpler,
            "more": self._more,
            "shorter": self._shorter,
            "repeat": self._repeated,
        }

    def answer(self, evidence: Evidence) -> Draft:
        request = evidence.query.understanding.request
        if request == "summary":
            return self._summary(evidence)
        last = self._told.last(evidence.query.history)
        if not last:
            return self._answerer.said(evidence, "clarify", NOTHING_SAID_YET)
        return self._does[request](evidence, last)

    def _source(self, evidence: Evidence, last: list[int]) -> Draft:
        sentences = []
        for i in last:
            section = self._corpus.passage_of(i).headings[-1]
            sentences.append(DraftSentence(PLACE.format(section=section, quote=self._corpus.sentences[i].text), (i,)))
        return self._answerer.drafted(evidence, sentences, last)

    def _sure(self, evidence: Evidence, last: list[int]) -> Draft:
        return replace(self._repeated(evidence, last), notices=(Notice("certainty", CERTAIN),))

    def _repeated(self, evidence: Evidence, last: list[int]) -> Draft:
        return self._answerer.drafted(evidence, self._answerer.phrased(last), last)

    def _shorter(self, evidence: Evidence, last: list[int]) -> Draft:
        best = max(last, key=lambda i: self._score(evidence.hits, i))
        return self._repeated(evidence, [best])

    def _simpler(self, evidence: Evidence, last: list[int]) -> Draft:
        near = dict.fromkeys([*last, *(hit.sentence_id for hit in self._near(evidence.hits))])
        readable = [i for i in near if self._corpus.passage_of(i).kind != "reference"]
        plainest = sorted(readable, key=lambda i: hardness(self._corpus.sentences[i], self._corpus, self._ranks))
        chosen = self._standing(sorted(plainest[:_PLAINEST], key=list(near).index), _PLAINEST)
        return replace(self._repeated(evidence, chosen), notices=(Notice("only_quotes", ONLY_QUOTES),))

    def _more(self, evidence: Evidence, last: list[int]) -> Draft:
        shown = set(self._told.shown(evidence.query.history))
        further = [i for i in self._after(last[0]) if i not in shown][:_READ_ON]
        further += [hit.sentence_id for hit in self._near(evidence.hits) if hit.sentence_id not in shown]
        new = self._standing(further, _MORE, shown, last[-1])
        if not new:
            return self._answerer.said(evidence, "not_covered", ALL_SHOWN)
        return self._repeated(evidence, new)

    def _summary(self, evidence: Evidence) -> Draft:
        """What stands under a heading that promises a summary; else nothing is one."""
        ids = [
            i
            for passage in self._corpus.passages
            if passage.headings[-1].lower().rstrip(":") in _SUMMARIES
            for i in passage.sentence_ids
        ]
        if not ids:
            return replace(self._answerer.said(evidence, "not_covered", NO_SUMMARY), confidence=0.0)
        draft = self._repeated(evidence, ids[:_MAX_SUMMARY])
        return replace(draft, confidence=evidence.query.understanding.probability)

    def _standing(
        self, ids: Sequence[int], most: int, told: Set[int] = frozenset(), said: int | None = None
    ) -> list[int]:
        """Up to `most` of these sentences, each after those that it leans on, MAX_SENTENCES in all.

        told: not to be said again; what leans on one is left out, unless it reads on from `said`, the last thing said.
        """
        found: list[int] = []
        count = 0
        for i in ids:
            at_hand: Sequence[int | None] = found or [said]
            group = self._answerer.with_antecedents(i)
            known = max((n + 1 for n, j in enumerate(group) if j in at_hand), default=0)
            new = group[known:][-MAX_SENTENCES:]
            if count < most and new and told.isdisjoint(new) and len(found) + len(new) <= MAX_SENTENCES:
                at = found.index(group[known - 1]) + 1 if found and known else len(found)
                found[at:at] = new
                count += 1
        return found

    def _near(self, hits: Sequence[Hit]) -> list[Hit]:
        usable = self._answerer.usable(hits)
        return [hit for hit in usable if hit.score >= _NEAR * usable[0].score]

    def _after(self, sentence_id: int) -> tuple[int, ...]:
        """The sentences that follow in the same passage."""
        return tuple(i for i in self._corpus.passage_of(sentence_id).sentence_ids if i > sentence_id)

    def _score(self, hits: Sequence[Hit], sentence_id: int) -> float:
        return next((hit.score for hit in hits if hit.sentence_id == sentence_id), float("-inf"))
