"""Replies to greetings, thanks and the like: short, honest about being a program, resting on nothing."""

from bot.answering.extractive import ExtractiveAnswerer
from bot.phrases import SMALL_TALK
from bot.values import Corpus, Draft, Evidence


class SmallTalk:
    """Evidence of a message that asks nothing → Draft."""

    def __init__(self, corpus: Corpus, answerer: ExtractiveAnswerer) -> None:
        self._name = corpus.name()
        self._title = next(iter(corpus.documents.values())).title
        """What the first suggestions are near to."""
        self._answerer = answerer

    def answer(self, evidence: Evidence) -> Draft:
        query = evidence.query
        said = SMALL_TALK[query.understanding.request].format(title=self._name)
        near = query.history[-1].reply.standalone_question if query.history else self._title
        return self._answerer.said(evidence, "smalltalk", said, near)
