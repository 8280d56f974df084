"""The last stage: nothing leaves without what it owes."""

import secrets
from dataclasses import replace

from bot.guard.screen import support
from bot.phrases import NOT_COVERED, NOT_COVERED_PART
from bot.terms import language_of, terms
from bot.values import Citation, Cited, Corpus, Notice, Reply, ReplyKind, ReplySentence

OWING: frozenset[ReplyKind] = frozenset({"answer", "not_covered", "declined", "clarify"})
"""Kinds of reply that carry the disclaimer."""

_RESTATES = 0.6
"""Share of a disclaimer sentence's terms from which on another text counts as saying it again."""


class Seal:
    """Cited → Reply. The disclaimer is the corpus's, whatever the draft says."""

    def __init__(self, corpus: Corpus) -> None:
        self._disclaimer = corpus.disclaimer
        self._language = language_of(corpus)
        self._statements = [
            frozenset(terms(sentence.text, self._language))
            for sentence in corpus.sentences
            if corpus.disclaimer is not None and sentence.text in corpus.disclaimer
        ]

    def __call__(self, cited: Cited) -> Reply:
        draft = cited.draft
        quotes = {citation.n: citation.quote for citation in cited.citations}
        kept = tuple(s for s in cited.sentences if not self._restates(s) or _is_quotation(s, quotes))
        citations, sentences = _renumbered(cited.citations, kept)
        kind = draft.kind
        if not sentences:
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
            notices=(
                *support(draft.query.alarm, draft.query.history),
                *draft.notices,
                *(Notice("part_not_covered", NOT_COVERED_PART.format(question=part)) for part in draft.unanswered),
            ),
            suggestions=draft.suggestions,
            related=cited.related,
            message=draft.query.message,
        )

    def _restates(self, sentence: ReplySentence) -> bool:
        """Whether the sentence says the disclaimer in words of its own, true or altered."""
        found = frozenset(terms(sentence.text, self._language))
        return any(len(statement & found) >= _RESTATES * len(statement) for statement in self._statements if statement)


def _is_quotation(sentence: ReplySentence, quotes: dict[int, str]) -> bool:
    """Verbatim evidence, plain or set in quotation marks, is never taken for a restatement."""
    return any(sentence.text == quotes[n] or sentence.text.endswith(f"“{quotes[n]}”") for n in sentence.citations)


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
