"""What judges faithfulness: the scorer of this room, or a model where one is to be had.

Another judge is a class with `name` and `judge`; `bot.models` holds an NLI cross-encoder and a LangChain chat model.
"""

from collections.abc import Sequence
from typing import Protocol

from bot.faithfulness.scorer import AnswerSupport, FaithfulnessScorer


class Judge(Protocol):
    """Says how far passages support an answer."""

    name: str

    def judge(self, sentences: Sequence[tuple[str, Sequence[str]]]) -> AnswerSupport | None:
        """sentences: of one answer, each with its passages. None: could not judge, which is not a verdict."""
        ...


class LexicalJudge:
    """The scorer as a judge: always has a verdict."""

    name = "footnote"

    def __init__(self, scorer: FaithfulnessScorer) -> None:
        self._scorer = scorer

    def judge(self, sentences: Sequence[tuple[str, Sequence[str]]]) -> AnswerSupport | None:
        return self._scorer.score_cited(sentences)
