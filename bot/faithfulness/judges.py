"""The scorer of this room as a judge (`bot.verdicts.Judge`)."""

from collections.abc import Sequence

from bot.faithfulness.scorer import FaithfulnessScorer
from bot.verdicts import AnswerSupport


class LexicalJudge:
    """The scorer as a judge: always has a verdict."""

    name = "footnote"

    def __init__(self, scorer: FaithfulnessScorer) -> None:
        self._scorer = scorer

    def judge(self, sentences: Sequence[tuple[str, Sequence[str]]]) -> AnswerSupport | None:
        return self._scorer.score_cited(sentences)
