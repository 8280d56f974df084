"""The first stage: what kind of message is it, and what may be done about it?"""

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from bot.guard.before import FRAGMENT, Before
from bot.guard.crisis import danger, support, takes_over
from bot.guard.exemplars import DANGERS, DECLINED, DISTRESS
from bot.guard.language import is_foreign, language_of
from bot.guard.normalise import meant, variants
from bot.guard.patterns import worded
from bot.guard.personal import masked
from bot.guard.reader import GuardReader
from bot.guard.texts import also_said, texts
from bot.logistic import Logistic
from bot.phrases import FURTHER_QUESTIONS
from bot.terms import english_ranks
from bot.text import clean_message, shortened
from bot.values import Action, Conversation, Decision, Notice, Query, Trace, Turn

TAKES_OVER = 0.15
"""Probability of danger from which on help lines are all that is said: to miss somebody is worse than to worry."""

TAKES_OVER_AFTER = 0.1
"""The same in a conversation in which somebody was in danger or, of late, in distress."""

UNSIGNED = 0.75
"""The same, where nobody was, of a message with less than two of three: it speaks in the first person, of death or
hurt, in more than a few words. What is like nothing that was written beforehand, such as program text, is like danger
by chance.
"""

FOREIGN = 0.6
"""The same of such a message that may be in another language: the signs are English words. Harmless short ones in
ten languages are seldom above it, and often above TAKES_OVER."""

_FEW, _SIGNED = 3, 2

SUPPORTS = 0.01
"""Probability of distress from which on a support line is added."""

DECLINES = 0.1
"""Probability from which on a message is declined."""

DECLINES_CALL = 0.6
"""The same of what is like booking but neither names a substance nor is worded so: a call with the practice is booked
in much the same words.
"""

DECLINES_IN_TALK = 0.2
"""The same of a few words in a conversation: `review` reads them with what they leave unsaid."""

_FEW_WORDS = 6

NOTES: Mapping[str, float] = {"practice": 0.25, "safety": 0.1, "copying": 0.5}
"""The same of what is not declined but answered in a way of its own."""

FOLLOWS = 0.03
"""Probability, read alone, from which on a message is declined for what it leaves unsaid: if that is."""

_MOST_READ = 8
"""Questions of one message that are read one by one for what need not be declined: each costs a reading."""

_SECONDS = 2.0
"""A reading that takes longer counts as failed."""

_CAREFUL = Decision(DISTRESS, "answer", "C1", 0.0, "the guard failed")
"""An answer of the pages' own sentences, with a line of support."""

_log = logging.getLogger(__name__)


class Screen:
    """Turn → Turn, cleaned, without personal data, and with a decision. Safe to use from several threads.

    Two independent detectors: for danger either alone is enough, for everything else both are weighed together.
    """

    def __init__(
        self,
        reader: GuardReader,
        recall: Callable[[str | None], Conversation],
        split: Callable[[str], Sequence[str]],
        warnings: Mapping[str, tuple[Notice, ...]],
    ) -> None:
        """split: a message into the questions that it asks. warnings: notices, by class of message."""
        self._reader = reader
        self._recall = recall
        self._split = split
        self._warnings = warnings
        self._models = {
            name: Logistic.load("bot.guard", "guard.json", name) for name in ("danger", DISTRESS, "declined", *NOTES)
        }
        self._known = english_ranks()
        self._readers = ThreadPoolExecutor(max_workers=8, thread_name_prefix="guard")

    def __call__(self, turn: Turn) -> Turn:
        """Raises MessageError for what is empty or too long, but only after it was looked at for danger."""
        decision = self.decide(turn.message)
        urgent = replace(turn, decision=decision)
        cleaned = shortened(turn.message) if takes_over(urgent) else clean_message(turn.message)
        message, personal = masked(cleaned)
        conversation = self._recall(turn.conversation_id)
        if conversation.exchanges:
            decision = self.decide(turn.message, conversation)
        if decision.remainder:
            decision = replace(decision, remainder=masked(shortened(decision.remainder))[0])
        if personal:
            decision = replace(decision, notices=(*decision.notices, Notice("personal_data", texts("personal")[0])))
        return replace(
            turn, message=message, conversation=conversation, decision=decision, trace=Trace(decision=decision)
        )

    def decide(self, message: str, conversation: Conversation | None = None) -> Decision:
        """Never raises: when the message cannot be read, or not in time, a support line is added at least."""
        before = Before.of(conversation) if conversation is not None else Before()
        try:
            wording = self._worded(message, before)
            if wording is not None:
                return danger(wording, 1.0, f"worded like {wording}")
            decision = self._readers.submit(self._likened, message, before).result(_SECONDS)
        except Exception as error:  # whatever it is, the visitor gets the careful side
            _log.error("the screen failed: %s", type(error).__name__)
            decision = _CAREFUL
        if decision.concern in DANGERS or not (decision.tier == "C1" or before.danger):
            return decision
        return replace(decision, notices=(support(now=decision.tier == "C1"), *decision.notices))

    def review(self, query: Query) -> Query:
        """Query → Query: what a message leaves unsaid may be what must be declined."""
        given = query.decision
        follows = query.understanding.relation == "follows" and query.text != query.message
        if not follows or given.concern not in ("", DISTRESS):
            return query
        minor = "minor" in query.concerns
        try:
            likely = self._declined(meant(query.message, self._known), FOLLOWS, minor=minor) is not None
            found = self._declined(meant(query.text, self._known), DECLINES, minor=minor) if likely else None
        except Exception as error:  # as above
            _log.error("the review failed: %s", type(error).__name__)
            found = _CAREFUL
        if found is None:
            return query
        notices = given.notices or ((support(now=True),) if found.concern == DISTRESS else ())
        decision = replace(found, tier=max(found.tier, given.tier), notices=(*notices, *found.notices))
        if decision.remainder:
            query = replace(query, text=decision.remainder, readings=())
        return replace(query, decision=decision, trace=replace(query.trace, decision=decision))

    def _worded(self, message: str, before: Before) -> str | None:
        wording = worded(message)
        if wording is None and (before.danger or before.distress):
            wording = worded(message, "means")
        if wording is None and before.fragments and len(message) <= FRAGMENT:
            wording = worded(" ".join([*before.fragments, message]))
        return wording

    def _likened(self, message: str, before: Before) -> Decision:
        message = meant(message, self._known)
        features = self._reader.features(message)
        probability = self._models["danger"].probability(features)
        if self._takes_over(probability, message, features, before):
            kinds = self._reader.kinds(message)
            kind = max(DANGERS, key=lambda name: kinds.get(name, 0.0))
            return danger(kind, probability, f"like messages of {kind}")
        distressed = self._models[DISTRESS].probability(features) >= SUPPORTS
        in_passing = before.talk and len(message.split()) <= _FEW_WORDS
        least = DECLINES_IN_TALK if in_passing else DECLINES
        decision = self._declined(message, least, minor=before.minor) or self._noted(message, features)
        if decision is None:
            return Decision(DISTRESS, "answer", "C1", reason="like messages of distress") if distressed else Decision()
        # To decline what may be danger without a word of help is the worst of these mistakes.
        distressed = distressed or (decision.concern in DECLINED and probability >= TAKES_OVER_AFTER)
        return replace(decision, tier="C1") if distressed else decision

    def _takes_over(self, probability: float, message: str, features: Mapping[str, float], before: Before) -> bool:
        """Whether a probability of danger is enough. The language, which takes time, is told only where it decides."""
        if before.danger or before.distress:
            return probability >= TAKES_OVER_AFTER
        signed = features["first person"] + features["death or hurt"] + (len(message.split()) > _FEW)
        if signed >= _SIGNED or not variants(message)[0].isascii():
            return probability >= TAKES_OVER
        if not FOREIGN <= probability < UNSIGNED:
            return probability >= UNSIGNED
        return is_foreign(message, self._known)

    def _declined(self, message: str, least: float, *, minor: bool) -> Decision | None:
        """minor: whether the visitor is known to be one, to whom everything is declined as such."""
        features = self._reader.features(message)
        probability = self._models["declined"].probability(features)
        if probability < least:
            return None
        kinds = self._reader.kinds(message)
        kind = max(DECLINED, key=lambda name: kinds.get(name, 0.0))
        backed = features["worded booking"] or features["a substance"]
        if kind == "booking" and not backed and probability < DECLINES_CALL:
            return None
        if minor:
            found = _refused("minor", "refuse_redirect", probability, message)
            return replace(found, reason=f"like messages of {kind}")
        found = _refused(kind, "refuse_redirect", probability, message)
        return found if kind == "stopping" else self._with_rest(found, message)

    def _with_rest(self, refusal: Decision, message: str) -> Decision:
        """With the questions in the message that need not be declined, and a notice where some were not even read."""
        asked = self._split(message)
        if len(asked) == 1:
            return refusal
        model = self._models["declined"]
        harmless = [e for e in asked[:_MOST_READ] if model.probability(self._reader.features(e)) < DECLINES / 2]
        unread = (Notice("further_questions", FURTHER_QUESTIONS),) if len(asked) > _MOST_READ else ()
        return replace(refusal, remainder=" ".join(harmless), notices=unread)

    def _noted(self, message: str, features: Mapping[str, float]) -> Decision | None:
        likely = {name: self._models[name].probability(features) for name in NOTES}
        kind = max(likely, key=lambda name: likely[name] - NOTES[name])
        if likely[kind] < NOTES[kind]:
            return None
        if kind == "copying":
            return _refused(kind, "limit", likely[kind], message)
        warnings = self._warnings.get(kind, ())
        return Decision(kind, "answer", "C0", likely[kind], f"like messages of {kind}", warnings)


def _refused(kind: str, action: Action, probability: float, message: str) -> Decision:
    """The refusal of a class; where something is not said at all, in the visitor's language too."""
    local = also_said("declined", language_of(message)) if action == "refuse_redirect" else ""
    said = tuple(filter(None, (local, *texts(kind))))
    return Decision(kind, action, "C0", probability, f"like messages of {kind}", text=said)
