"""An answer made of the corpus's own sentences."""

import itertools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.answering.told import Told, asked
from bot.phrases import CLARIFY, FURTHER_QUESTIONS, NOT_COVERED, NOT_COVERED_ELSEWHERE, NOT_COVERED_NEAREST
from bot.reading import is_first_person, leans, negates, points_elsewhere, quoted, quoted_on
from bot.terms import language_of, terms
from bot.text import words
from bot.values import Corpus, Draft, DraftSentence, Evidence, Hit, Notice, Place, Query, ReplyKind

Likeness = Callable[[int, int], float]
"""Cosine of two sentences, by their ids."""
Suggester = Callable[[str, Sequence[int], Sequence[str]], tuple[str, ...]]
"""(question, ids of the sentences shown, what was asked) → questions that the corpus answers."""
Room = Callable[[frozenset[Place]], Mapping[str, float]]
"""What was quoted before → characters that may still be quoted, by document; of others, any number."""

MAX_SENTENCES = 4
_MAX_CHOSEN = 3
_KEPT_SHARE = 0.6
"""A further sentence must reach this share of the best one's score. Of the development cases, one sentence answers .82;
two or three answer .93 at a share of .72, and .94 at .6, with 2.3 sentences on average."""
_SAME_COSINE = 0.82
_SAME_TERMS = 0.6
_RELATED = 3


class ExtractiveAnswerer:
    """Evidence → Draft, without any language model. Its sentences are verbatim."""

    name = "extractive"

    def __init__(self, corpus: Corpus, likeness: Likeness, suggest: Suggester, room: Room | None = None) -> None:
        self._corpus = corpus
        self._likeness = likeness
        self._suggest = suggest
        self._room: Room = room or (lambda _: {})
        self._told = Told(corpus)
        self._careful = {i for caution in corpus.cautions for i in caution.sentence_ids}
        """Sentences that are shown with a notice beside them, or not at all."""
        self._language = language_of(corpus)
        self._figures = [
            frozenset(word for word in words(sentence.text) if any(map(str.isdigit, word)))
            for sentence in corpus.sentences
        ]
        self._terms = [frozenset(terms(sentence.text, self._language)) for sentence in corpus.sentences]
        self._negated = [negates(sentence.text) for sentence in corpus.sentences]

    def answer(self, evidence: Evidence) -> Draft:
        if evidence.kind == "clarify":
            return self.said(evidence, "clarify", CLARIFY)
        usable = self.usable(evidence.hits)
        if evidence.kind == "answer" and usable:
            searched = [part for part in evidence.parts if part.hits]
            answered = [hits for part in searched if part.answered and (hits := self.usable(part.hits))]
            if len(answered) > 1:
                ids = self._together([hits[0] for hits in answered])
            else:
                ids = self._choose(answered[0] if answered else usable, evidence.query)
            return replace(
                self.drafted(evidence, self.phrased(ids), ids),
                unanswered=tuple(part.text for part in searched if not part.answered) if answered else (),
            )
        if evidence.elsewhere_ids:
            said, related = NOT_COVERED_ELSEWHERE, evidence.elsewhere_ids
        else:
            near = (hit.sentence_id for hit in usable)
            said, related = NOT_COVERED_NEAREST, tuple(i for i in near if i not in self._careful)
        sentences = (DraftSentence(NOT_COVERED), *((DraftSentence(said),) if related else ()))
        return replace(self._draft(evidence, "not_covered", sentences), related_ids=related[:_RELATED])

    def said(self, evidence: Evidence, kind: ReplyKind, text: str, near: str = "", shown: Sequence[int] = ()) -> Draft:
        """A reply in the bot's own words. near: what suggestions are near to; if empty, the question. shown: ids of
        sentences that are shown with it.
        """
        return self._draft(evidence, kind, (DraftSentence(text),), shown, near)

    def drafted(self, evidence: Evidence, sentences: Sequence[DraftSentence], ids: Sequence[int]) -> Draft:
        """An answer that shows the sentences of these ids."""
        return self._draft(evidence, "answer", tuple(sentences), ids)

    def usable(self, hits: Sequence[Hit]) -> list[Hit]:
        """Without the sentences that only send the reader elsewhere."""
        return [hit for hit in hits if not points_elsewhere(self._corpus.sentences[hit.sentence_id].text)]

    def with_antecedents(self, sentence_id: int) -> list[int]:
        """The sentence after those of its passage that it leans on."""
        first = self._corpus.passage_of(sentence_id).sentence_ids[0]
        start = sentence_id
        while start > first and self._leans(start):
            start -= 1
        return list(range(start, sentence_id + 1))

    def phrased(self, ids: Sequence[int]) -> tuple[DraftSentence, ...]:
        """Sentences in which the author says `I`, and those that lean on them, become quotations."""
        found = []
        previous: tuple[int, bool] | None = None
        for i in ids:
            text = self._corpus.sentences[i].text
            follows = previous == (i - 1, True)
            speaks = (follows and self._leans(i)) or any(map(self._is_own, self.with_antecedents(i)))
            if speaks:
                text = quoted_on(text) if follows else quoted(text, self._corpus.document_of(i).author)
            found.append(DraftSentence(text, (i,)))
            previous = (i, speaks)
        return tuple(found)

    def _draft(
        self,
        evidence: Evidence,
        kind: ReplyKind,
        sentences: tuple[DraftSentence, ...],
        shown: Sequence[int] = (),
        near: str = "",
    ) -> Draft:
        query = evidence.query
        told = [*self._told.shown(query.history), *shown]
        further = any(not part.hits for part in evidence.parts)
        return Draft(
            query=query,
            kind=kind,
            sentences=sentences,
            confidence=evidence.confidence,
            answered_by=self.name,
            notices=(Notice("further_questions", FURTHER_QUESTIONS),) if further else (),
            suggestions=self._suggest(near or query.text, told, [query.message, *asked(query.history)]),
        )

    def _together(self, best: Sequence[Hit]) -> list[int]:
        """The best hit of each of several questions, in their order, each after what it leans on if there is room: no
        question may lose its answer to another's.
        """
        own: list[int] = []
        for hit in best[:MAX_SENTENCES]:
            if all(self._corpus.sentences[hit.sentence_id].text != self._corpus.sentences[i].text for i in own):
                own.append(hit.sentence_id)
        shown = set(own)
        for i in own:
            nearest_first = [j for j in reversed(self.with_antecedents(i)) if j not in shown]
            shown.update(nearest_first[: MAX_SENTENCES - len(shown)])
        return list(dict.fromkeys(j for i in own for j in self.with_antecedents(i) if j in shown))

    def _choose(self, hits: Sequence[Hit], query: Query) -> list[int]:
        """Sentence ids: the best hit first, then others nearly as good that say something else, in reading order.

        Each comes with the sentences before it that it leans on, as long as MAX_SENTENCES allows. Where a document
        was quoted as much as may be, what says the same elsewhere stands for the best, and no more of it is added.
        """
        quoted = query.quoted
        named = frozenset(terms(query.text, self._language))
        first = self._first(hits, quoted, named)
        beyond = [] if self._fits(first, quoted) else first
        chosen = list(first)
        count = 1
        for hit in hits:
            if count == _MAX_CHOSEN or hit.score < _KEPT_SHARE * hits[0].score:
                break
            if self._is_reference(hit.sentence_id) or any(self._same(hit.sentence_id, i, named) for i in chosen):
                continue
            group = [i for i in self.with_antecedents(hit.sentence_id) if i not in chosen]
            shown = [i for i in [*chosen, *group] if i not in beyond]
            if len(chosen) + len(group) <= MAX_SENTENCES and self._fits(shown, quoted):
                chosen.extend(group)
                count += 1
        return [*first, *self._in_reading_order(chosen[len(first) :])]

    def _first(self, hits: Sequence[Hit], quoted: frozenset[Place], named: frozenset[str]) -> list[int]:
        """The best hit with what it leans on; if that may not be quoted any more, what may and says the same; else with
        as much of what it leans on as may; else alone. named: terms of the question.
        """
        best = hits[0].sentence_id
        same = (hit.sentence_id for hit in hits if self._same(best, hit.sentence_id, named))
        groups = (self.with_antecedents(i)[-MAX_SENTENCES:] for i in same)
        whole, again = itertools.tee(groups)
        shorter = (group[start:] for group in again for start in range(1, len(group)))
        return next((group for group in itertools.chain(whole, shorter) if self._fits(group, quoted)), [best])

    def _fits(self, ids: Sequence[int], quoted: frozenset[Place]) -> bool:
        """Whether sentences may be quoted, after what was quoted before."""
        room = self._room(quoted)
        needed = Counter[str]()
        for sentence in (self._corpus.sentences[i] for i in ids):
            if (sentence.document_id, sentence.start, sentence.end) not in quoted:
                needed[sentence.document_id] += len(sentence.text)
        return all(count <= room.get(name, float("inf")) for name, count in needed.items())

    def _leans(self, sentence_id: int) -> bool:
        return self._is_english(sentence_id) and leans(self._corpus.sentences[sentence_id].text)

    def _is_own(self, sentence_id: int) -> bool:
        """Whether the author speaks of themselves."""
        return self._is_english(sentence_id) and is_first_person(self._corpus.sentences[sentence_id].text)

    def _is_english(self, sentence_id: int) -> bool:
        return self._corpus.document_of(sentence_id).language.startswith("en")

    def _is_reference(self, sentence_id: int) -> bool:
        return self._corpus.passage_of(sentence_id).kind == "reference"

    def _same(self, a: int, b: int, named: frozenset[str]) -> bool:
        """Whether two sentences say the same: key takeaways, body and FAQ repeat each other. Not where only one denies
        something, or each has figures of its own (the price for adults is not that for children) or a term of its own
        that the question names. named: the question's terms.
        """
        if a == b:
            return True
        if self._negated[a] != self._negated[b]:
            return False
        if named & self._terms[a] - self._terms[b] and named & self._terms[b] - self._terms[a]:
            return False
        if self._figures[a] - self._figures[b] and self._figures[b] - self._figures[a]:
            return False
        shorter = min(len(self._terms[a]), len(self._terms[b])) or 1
        shared = len(self._terms[a] & self._terms[b]) / shorter
        return shared >= _SAME_TERMS or self._likeness(a, b) >= _SAME_COSINE

    def _in_reading_order(self, ids: Sequence[int]) -> list[int]:
        """Passages in the order of their best sentence; within each, the document's order."""
        passages = list(dict.fromkeys(self._corpus.sentences[i].passage_id for i in ids))
        return [i for p in passages for i in sorted(i for i in ids if self._corpus.sentences[i].passage_id == p)]
