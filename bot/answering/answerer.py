"""Which way of answering a message gets."""

from bot.answering.about_answer import AboutAnswer
from bot.answering.extractive import ExtractiveAnswerer
from bot.answering.guarded import Guarded
from bot.answering.smalltalk import SmallTalk
from bot.values import Corpus, Draft, Evidence


class Answerer:
    """Evidence → Draft, for every kind of message."""

    def __init__(self, corpus: Corpus, questions: ExtractiveAnswerer) -> None:
        """questions: answers those that ask something of the corpus."""
        self._questions = questions
        self._about_answer = AboutAnswer(corpus, questions)
        self._small_talk = SmallTalk(corpus, questions)
        self._guarded = Guarded(corpus, questions)

    def __call__(self, evidence: Evidence) -> Draft:
        return self._guarded.answer(evidence) or self._usual(evidence)

    def _usual(self, evidence: Evidence) -> Draft:
        match evidence.query.understanding.relation:
            case "smalltalk":
                return self._small_talk.answer(evidence)
            case "about_answer":
                return self._about_answer.answer(evidence)
            case _:
                return self._questions.answer(evidence)
