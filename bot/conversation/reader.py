"""What a message means in its conversation: one decision, typed, that the trace shows."""

from collections.abc import Callable, Mapping, Sequence
from typing import Self

from bot.conversation.following import Following, Read, Split
from bot.conversation.kinds import REQUESTS, SMALL_TALK, UNCLEAR, Liken, MessageKinds, exemplars, said_in, topics_of
from bot.conversation.listed import chosen_of_listed
from bot.logistic import Logistic
from bot.segmentation import sentence_spans
from bot.terms import english_ranks, language_of
from bot.values import Corpus, Exchange, Query, Reading, Relation, Trace, Turn, Understanding, last_answer

DECIDED: Mapping[Relation, float] = {"smalltalk": 0.75, "about_answer": 0.55}
"""Probability from which on a message is taken for small talk, or for a request about the last answer. To answer a
question with small talk is the worst of these mistakes.
"""

LONGEST = 300
"""Characters up to which a message may be small talk or such a request: a run of one letter is none."""

MOST_SENTENCES = 8
"""A message of more is read as it is: each sentence costs a reading."""

UNCLEAR_ALONE, UNCLEAR_IN_TALK = 0.8, 0.95
"""Probability from which on nothing is made of a message, in a conversation without and with questions: asking back
costs a visitor more than a poor answer, and what was said before makes much clear.
"""

_GROUPS: Mapping[Relation, frozenset[str]] = {"smalltalk": SMALL_TALK, "about_answer": REQUESTS}
_SUBJECTS = ("answer", "not_covered", "declined")
"""Kinds of reply whose question a later message may lean on."""


class Reader:
    """Turn, as the guard's screen leaves it, → Query. Safe to use from several threads."""

    def __init__(
        self,
        correct: Callable[[str], str],
        kinds: MessageKinds,
        following: Following,
    ) -> None:
        self._correct = correct
        self._kinds = kinds
        self._following = following
        self._models = {name: Logistic.load("bot.conversation", "followups.json", name) for name in _GROUPS}

    @classmethod
    def over(cls, corpus: Corpus, correct: Callable[[str], str], liken: Liken, split: Split) -> Self:
        ranks = english_ranks() if language_of(corpus).startswith("en") else {}
        topics = topics_of(corpus)
        kinds = MessageKinds(liken, topics, said_in(exemplars()))
        return cls(correct, kinds, Following.load(ranks, topics, split))

    def __call__(self, turn: Turn) -> Query:
        assert turn.conversation is not None
        history = turn.conversation.exchanges
        asked = turn.decision.remainder or turn.message
        understanding, text, readings = self._read(self._correct(asked), history)
        return Query(
            conversation_id=turn.conversation.id,
            text=text,
            message=turn.message,
            readings=readings,
            understanding=understanding,
            history=history,
            quoted=turn.conversation.quoted,
            concerns=turn.conversation.concerns,
            decision=turn.decision,
            trace=Trace(understanding=understanding),
        )

    def _read(self, message: str, history: Sequence[Exchange]) -> Read:
        offered = chosen_of_listed(message, history[-1].reply.suggestions) if history else None
        if offered is not None:
            return Understanding("follows", reason="picks one of the questions offered"), offered, ()
        asked = message if self._is("smalltalk", message) >= DECIDED["smalltalk"] else self._without_small_talk(message)
        subjects = [exchange.reply for exchange in history if exchange.reply.kind in _SUBJECTS]
        small = self._small_or_request(asked, history, in_talk=bool(subjects))
        questions = [reply.standalone_question for reply in subjects]
        shown = [citation.quote for citation in subjects[-1].citations] if subjects else []
        return small or self._following.read(asked, questions, shown)

    def _without_small_talk(self, message: str) -> str:
        """`Thanks! And how long did it last?` asks one thing: sentences of small talk go where another is none."""
        sentences = [message[start:end] for start, end in sentence_spans(message, "en")]
        if len(sentences) > MOST_SENTENCES:
            return message
        asking = [sentence for sentence in sentences if self._is("smalltalk", sentence) < DECIDED["smalltalk"]]
        return " ".join(asking) if asking else message

    def _is(self, relation: Relation, message: str) -> float:
        """Probability."""
        return self._models[relation].probability(self._kinds.features(message))

    def _small_or_request(self, message: str, history: Sequence[Exchange], *, in_talk: bool) -> Read | None:
        for relation, kinds in _GROUPS.items() if len(message) <= LONGEST else ():
            probability = self._is(relation, message)
            if probability >= DECIDED[relation]:
                of = self._kinds.of(message)
                kind = max(kinds, key=lambda name: of.get(name, 0.0))
                understanding = Understanding(relation, kind, f"reads like {kind}", probability)
                if relation == "about_answer" and kind != "summary":  # which is of the pages
                    return understanding, *_about_last(message, history)
                return understanding, message, ()
        unclear = self._kinds.of(message)[UNCLEAR]
        if unclear < (UNCLEAR_IN_TALK if in_talk else UNCLEAR_ALONE):
            return None
        return Understanding("unclear", reason="reads like nothing one could ask", probability=unclear), message, ()


def _about_last(message: str, history: Sequence[Exchange]) -> tuple[str, tuple[Reading, ...]]:
    """The question answered last; to find more like it, that and the sentence that answered it. Else `message`."""
    last = last_answer(history)
    if last is None:
        return message, ()
    return last.standalone_question, (Reading(last.standalone_question, 1.0), Reading(last.citations[0].quote, 1.0))
