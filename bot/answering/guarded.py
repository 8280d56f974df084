"""Replies that the guard orders: a refusal that says who can help, and whether the practice does it itself."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.answering.extractive import ExtractiveAnswerer
from bot.phrases import READ_IN_FULL
from bot.reading import quoted_on
from bot.values import Corpus, Decision, Draft, DraftSentence, Evidence, Part

_NEGATED = re.compile(
    r"\b(?:not|no|never|cannot|\w+n['’]t|(?:do|does|did|is|are|was|were|wo|ca|could|would|should|have|has|had)nt|nor|neither"
    r"|without)\b",
    re.IGNORECASE,
)
_PROVIDING = re.compile(
    r"\b(?:administ\w+|prescri\w+|provid\w+|offer\w*|suppl(?:y|ies)|sells?|selling|dispens\w+|giv(?:e|es|ing)|treat\w*)\b"
    r"(?!.*\b(?:advice|information|guarantees?|warrant\w*)\b)",
    re.IGNORECASE,
)
_FIRST = frozenset({"booking"})
"""Concerns that begin with what the pages say the practice does not do."""

_MOST_LINKED = 3
"""Documents that are named to be read in full."""


class Guarded:
    """Evidence of a message with a concern → Draft."""

    def __init__(self, corpus: Corpus, answerer: ExtractiveAnswerer) -> None:
        self._corpus = corpus
        self._answerer = answerer
        denied = {
            sentence.text: sentence.id
            for sentence in reversed(corpus.disclaiming())
            if _NEGATED.search(sentence.text) and _PROVIDING.search(sentence.text)
        }
        self._boundary = sorted(denied.values())
        """Sentences of the disclaimer that say what the practice does not do."""

    def answer(self, evidence: Evidence) -> Draft | None:
        """None where the usual way is right."""
        decision = evidence.query.decision
        if decision.action in ("refuse_redirect", "limit"):
            return self._declined(evidence, decision)
        if decision.concern == "practice" and self._boundary:
            return self._whether(evidence)
        return None

    def _declined(self, evidence: Evidence, decision: Decision) -> Draft:
        """What may be answered of the message comes first; what the pages do not answer of that is named."""
        sentences: list[DraftSentence] = []
        unanswered: tuple[str, ...] = ()
        if decision.remainder:
            rest = self._answerer.answer(evidence)
            if rest.kind == "answer":
                sentences += rest.sentences
                unanswered = rest.unanswered
            elif evidence.kind in ("answer", "not_covered"):
                asked = [part.text for part in evidence.parts if part.hits] if evidence.parts else [evidence.query.text]
                unanswered = tuple(asked)
        if decision.concern in _FIRST:
            sentences += self._answerer.phrased(self._boundary)
        sentences += [DraftSentence(text) for text in decision.text]
        if decision.action == "limit":
            sentences.append(DraftSentence(READ_IN_FULL.format(places=", ".join(self._places(evidence)))))
        draft = self._answerer.said(evidence, "declined", "", shown=[i for s in sentences for i in s.sentence_ids])
        return replace(draft, sentences=tuple(sentences), unanswered=unanswered)

    def _places(self, evidence: Evidence) -> list[str]:
        """Addresses of documents: those quoted in the conversation first, then those of the hits, then any."""
        quoted = {document_id for document_id, _, _ in evidence.query.quoted}
        found = (self._corpus.document_of(hit.sentence_id).id for hit in evidence.hits)
        known = self._corpus.documents
        nearest_first = dict.fromkeys([*(each for each in known if each in quoted), *found, *known])
        return [f"/source/{document_id}" for document_id in nearest_first][:_MOST_LINKED]

    def _whether(self, evidence: Evidence) -> Draft:
        """`No`, and where it stands, without the `No` where the question has a negation; then what else was asked."""
        query = evidence.query
        first, *others = self._answerer.phrased(self._boundary)
        if not _NEGATED.search(query.message):
            first = replace(first, text=f"No. {quoted_on(self._corpus.sentences[self._boundary[0]].text)}")
        sentences = [first, *others]
        unanswered: tuple[str, ...] = ()
        if evidence.parts:
            rest = self._answerer.answer(evidence)
            known = set(self._boundary)
            sentences += [each for each in rest.sentences if each.sentence_ids and known.isdisjoint(each.sentence_ids)]
            unanswered = self._besides(evidence.parts, rest)
        draft = self._answerer.drafted(evidence, sentences, [i for each in sentences for i in each.sentence_ids])
        confidence = max(evidence.confidence, query.decision.probability)
        return replace(draft, confidence=confidence, unanswered=unanswered)

    def _besides(self, parts: Sequence[Part], rest: Draft) -> tuple[str, ...]:
        """What `rest` leaves unanswered of the questions, but for the one that what the practice does not do answers:
        the one that found that first, the surest of several.
        """
        searched = [part for part in parts if part.hits]
        left = rest.unanswered if rest.kind == "answer" else [part.text for part in searched if not part.answered]
        denied = {self._corpus.sentences[i].text for i in self._boundary}
        places = [
            (rank, -part.confidence, part.text)
            for part in searched
            for rank, hit in enumerate(part.hits)
            if self._corpus.sentences[hit.sentence_id].text in denied
        ]
        *_, whether = min(places, default=("",))
        return tuple(text for text in left if text != whether)
