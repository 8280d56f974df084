"""A question in its conversation: does it stand alone, what is it in full, and what to search for."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Self

from bot.conversation.leaning import leaning_features
from bot.conversation.rewriting import Rewriter
from bot.logistic import Logistic
from bot.values import Reading, Understanding

LOOKS_BACK = 8
"""Earlier questions that a message may lean on."""

DOUBTED, LEANING = 0.3, 0.45
"""Probabilities of leaning on what was said before. From the first on, a message is searched for with the question
before it as well, that search weighing as much; from the second on it is rewritten. At .4, of the project's own
follow-ups .95 are found, and .11 of the messages that stand alone are taken for one, read author by author.
"""

LONGEST_GLUED = 500
"""Characters of the question before a message that are searched for with it: an encoder reads some 1,000 and no more,
and must reach the message.
"""

_FILE = ("bot.conversation", "followups.json")

Split = Callable[[str], Sequence[str]]
"""Message → the questions that it asks."""
Read = tuple[Understanding, str, tuple[Reading, ...]]
"""How a message stands, the standalone question, what to search for instead of that where it is in doubt."""


class Following:
    """Message and history → Read."""

    def __init__(self, leaning: Logistic, rewriter: Rewriter, split: Split | None = None) -> None:
        """split: None where messages are not told from the questions in them."""
        self._leaning = leaning
        self._rewriter = rewriter
        self._split: Split = split or (lambda message: (message,))

    @classmethod
    def load(cls, ranks: Mapping[str, int], topics: Collection[str] | None = None, split: Split | None = None) -> Self:
        """ranks: of common English words, 0.., the most frequent first. topics: as Rewriter has them."""
        return cls(Logistic.load(*_FILE, "follows"), Rewriter(Logistic.load(*_FILE, "salience"), ranks, topics), split)

    def read(self, message: str, questions: Sequence[str], shown: Sequence[str]) -> Read:
        """questions: earlier ones as understood, oldest first. shown: sentences cited last."""
        if not questions:
            return Understanding("alone", reason="nothing was asked before"), message, ()
        recent = questions[-LOOKS_BACK:]
        leans = self._leaning.probability(leaning_features(message, recent))
        if leans < DOUBTED:
            return Understanding("alone", reason="needs nothing said before", probability=1 - leans), message, ()
        readings = (Reading(message, 1.0), Reading(f"{self._glued(recent[-1])} {message}", leans))
        if leans < LEANING:
            understanding = Understanding("alone", reason="may need what was said before", probability=1 - leans)
            return understanding, message, readings
        text = self._rewriter.rewrite(message, recent, shown)
        return Understanding("follows", reason="leaves something unsaid", probability=leans), text, readings

    def _glued(self, question: str) -> str:
        """Of one that is long only what it asks, without its story, and of that the end."""
        if len(question) <= LONGEST_GLUED:
            return question
        asked = " ".join(self._split(question))
        return asked if len(asked) <= LONGEST_GLUED else asked[-LONGEST_GLUED:].split(" ", 1)[-1]
