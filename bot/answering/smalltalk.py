"""Replies to greetings, thanks and the like: short, honest about being a program, resting on nothing."""

from dataclasses import replace

from bot.answering.extractive import ExtractiveAnswerer
from bot.phrases import SMALL_TALK
from bot.values import Corpus, Draft, Evidence

_ASKED = ("answer", "not_covered", "declined")
"""Kinds of reply to a question, which suggestions may be near to. A message in danger is read by no model again."""


class SmallTalk:
    """Evidence of a message that asks nothing → Draft. After help lines it suggests no questions."""

    def __init__(self, corpus: Corpus, answerer: ExtractiveAnswerer) -> None:
        self._name = corpus.name()
        self._title = next(iter(corpus.documents.values())).title
        """What the first suggestions are near to."""
        self._answerer = answerer

    def answer(self, evidence: Evidence) -> Draft:
        query = evidence.query
        said = SMALL_TALK[query.understanding.request].format(title=self._name)
        latest_first = [exchange.reply for exchange in reversed(query.history)]
        near = next((reply.standalone_question for reply in latest_first if reply.kind in _ASKED), self._title)
        draft = self._answerer.said(evidence, "smalltalk", said, near)
        before = next((reply.kind for reply in latest_first if reply.kind != "smalltalk"), None)
        return replace(draft, suggestions=()) if before == "crisis" else draft
