"""The last stage: nothing leaves without what it owes."""

import re
import secrets
from dataclasses import replace

from bot.guard.copying import CopyingLimit
from bot.guard.output import unfit
from bot.phrases import NOT_COVERED, NOT_COVERED_PART, SHOWN_ENOUGH
from bot.reading import quoted
from bot.terms import language_of, terms
from bot.text import words
from bot.values import Citation, Cited, Corpus, Draft, Notice, Reply, ReplyKind, ReplySentence

OWING: frozenset[ReplyKind] = frozenset({"answer", "not_covered", "declined", "clarify"})
"""Kinds of reply that carry the disclaimer."""

_ADDRESS = re.compile(r"https?://[^\s)\]]+")

_RESTATES = 0.6
"""Share of a disclaimer sentence's terms from which on another text counts as saying it again."""

_FEW_TERMS = 3
"""A disclaimer sentence of up to this many, such as `I am not a doctor.`, is said again only where that share of all
its words is: whoever speaks of a doctor does not yet say it.
"""


class Seal:
    """Cited → Reply. The disclaimer is the corpus's, whatever the draft says."""

    def __init__(self, corpus: Corpus) -> None:
        self._disclaimer = corpus.disclaimer
        self._language = language_of(corpus)
        self._cautions = corpus.cautions
        self._copying = CopyingLimit(corpus)
        self._authors = {document.id: document.author for document in corpus.documents.values()}
        self._addresses = frozenset(
            found for document in corpus.documents.values() for found in _ADDRESS.findall(document.text)
        )
        said = dict.fromkeys(sentence.text for sentence in corpus.disclaiming())
        self._statements = [(frozenset(terms(text, self._language)), frozenset(words(text))) for text in said]
        """Terms and words of each sentence of the disclaimer."""

    def __call__(self, cited: Cited) -> Reply:
        draft = cited.draft
        quotes = {citation.n: citation.quote for citation in cited.citations}
        kept = tuple(s for s in cited.sentences if self._may_leave(s, quotes, generated=draft.generated))
        kept = tuple(self._attributed(s, cited.citations, generated=draft.generated) for s in kept)
        kept, linked = self._within_limit(kept, cited)
        citations, sentences = _renumbered(cited.citations, kept)
        kind = draft.kind
        if not sentences and linked:
            kind, sentences, linked = "declined", tuple(ReplySentence(notice.text, (), 1.0) for notice in linked), ()
        elif not sentences:
            kind, sentences = "not_covered", (ReplySentence(NOT_COVERED, (), 1.0),)
        return Reply(
            conversation_id=draft.query.conversation_id,
            reply_id=secrets.token_urlsafe(18),
            kind=kind,
            text=" ".join(f"{s.text}{_markers(s)}" for s in sentences),
            sentences=sentences,
            citations=citations,
            disclaimer=self._disclaimer if kind in OWING else None,
            standalone_question=draft.query.text,
            confidence=draft.confidence,
            answered_by=draft.answered_by,
            notices=(*self._notices(draft, citations), *linked),
            suggestions=draft.suggestions,
            related=cited.related,
            message=draft.query.message,
            concern=draft.query.decision.concern,
            tier=draft.query.decision.tier,
        )

    def _may_leave(self, sentence: ReplySentence, quotes: dict[int, str], *, generated: bool) -> bool:
        """Whether it neither restates the disclaimer nor, if a model worded it, says what no model may. What the bot
        says of itself was written beforehand, and stays whatever the disclaimer is.
        """
        own = _own_words(sentence, quotes)
        if not generated and (own != sentence.text or not sentence.citations):
            return True
        if self._restates(own):
            return False
        return not generated or unfit(own, [quotes[n] for n in sentence.citations], self._addresses) is None

    def _attributed(
        self, sentence: ReplySentence, citations: tuple[Citation, ...], *, generated: bool
    ) -> ReplySentence:
        """A claim that the bot must not make its own becomes its author's words; what a model says before them goes."""
        cited = [citation for citation in citations if citation.n in sentence.citations]
        careful = [citation for citation in cited if self._cautions_on(citation)]
        is_quoted = any(sentence.text.endswith(f"“{citation.quote}”") for citation in careful)
        if not careful or (is_quoted and not generated):
            return sentence
        text = " ".join(quoted(citation.quote, self._authors[citation.document_id]) for citation in cited)
        return replace(sentence, text=text, support=1.0)

    def _cautions_on(self, citation: Citation) -> list[str]:
        """Their notices; an empty one where a caution has none."""
        return [caution.notice for caution in self._cautions if caution.quote in citation.quote]

    def _within_limit(
        self, sentences: tuple[ReplySentence, ...], cited: Cited
    ) -> tuple[tuple[ReplySentence, ...], tuple[Notice, ...]]:
        """Without the sentences that would copy too much; a notice links to the first of each document."""
        beyond = self._copying.beyond(cited.draft.query.quoted, cited.citations)
        places: dict[str, Citation] = {}
        for citation in cited.citations:
            if citation.n in beyond:
                places.setdefault(citation.document_id, citation)
        said = tuple(
            Notice("copying", SHOWN_ENOUGH.format(title=place.document_title, section=place.section, url=place.url))
            for place in places.values()
        )
        return tuple(s for s in sentences if not beyond.intersection(s.citations)), said

    def _notices(self, draft: Draft, citations: tuple[Citation, ...]) -> tuple[Notice, ...]:
        """What the guard, the answer and the quotes owe, each once."""
        cautions = [Notice("caution", text) for citation in citations for text in self._cautions_on(citation) if text]
        parts = [Notice("part_not_covered", NOT_COVERED_PART.format(question=part)) for part in draft.unanswered]
        return tuple(dict.fromkeys([*draft.query.decision.notices, *draft.notices, *cautions, *parts]))

    def _restates(self, text: str) -> bool:
        """Whether it says the disclaimer in words of its own, true or altered."""
        found, said = frozenset(terms(text, self._language)), frozenset(words(text))
        return any(
            _covers(found, statement) and (len(statement) > _FEW_TERMS or _covers(said, wording))
            for statement, wording in self._statements
            if statement
        )


def _covers(found: frozenset[str], statement: frozenset[str]) -> bool:
    return len(statement & found) >= _RESTATES * len(statement)


def _own_words(sentence: ReplySentence, quotes: dict[int, str]) -> str:
    """The sentence without the verbatim evidence that it is or, in quotation marks, ends with."""
    for quote in (quotes[n] for n in sentence.citations):
        if sentence.text == quote:
            return ""
        if sentence.text.endswith(f"“{quote}”"):
            return sentence.text.removesuffix(f"“{quote}”")
    return sentence.text


def _markers(sentence: ReplySentence) -> str:
    return "".join(f" [{n}]" for n in sentence.citations)


def _renumbered(
    citations: tuple[Citation, ...], sentences: tuple[ReplySentence, ...]
) -> tuple[tuple[Citation, ...], tuple[ReplySentence, ...]]:
    """Without the citations that no sentence uses any more, and with no gap in the numbers."""
    used = dict.fromkeys(n for sentence in sentences for n in sentence.citations)
    number = {old: new for new, old in enumerate(used, start=1)}
    by_old = {citation.n: citation for citation in citations}
    return (
        tuple(replace(by_old[old], n=new) for old, new in number.items()),
        tuple(replace(s, citations=tuple(number[n] for n in s.citations)) for s in sentences),
    )
