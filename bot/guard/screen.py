"""The first stage: is the visitor, or somebody, in danger? Then nothing else is said but where help is."""

import functools
import logging
import secrets
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.resources import files

from bot.guard.danger import DANGERS, DISTRESS, DangerReader
from bot.guard.normalise import variants
from bot.guard.patterns import worded
from bot.logistic import Logistic
from bot.ports import ID_BYTES
from bot.text import shortened
from bot.values import Alarm, Conversation, Exchange, Notice, Reply, ReplySentence, Trace, Turn

TAKES_OVER = 0.4
"""Probability of danger from which on help lines are all that is said: to miss somebody is worse than to worry."""

UNSIGNED = 0.85
"""The same of a message in Latin letters that speaks neither in the first person nor of death or hurt: what is like
nothing that was written beforehand, such as program text, is like danger by chance.
"""

SUPPORTS = 0.5
"""Probability of distress from which on a support line is added."""

_SAID_BY = "guard"
_log = logging.getLogger(__name__)


class Screen:
    """Turn → Turn, with an alarm where there is cause. Two independent detectors: either alone raises it."""

    def __init__(self, reader: DangerReader) -> None:
        self._reader = reader
        self._models = {name: Logistic.load("bot.guard", "danger.json", name) for name in ("danger", DISTRESS)}

    def __call__(self, turn: Turn) -> Turn:
        alarm = self.alarm(turn.message)
        return replace(turn, alarm=alarm, trace=Trace(alarm=alarm))

    def alarm(self, message: str) -> Alarm | None:
        """Never raises: when the exemplars cannot be read, a support line is added rather than nothing."""
        wording = worded(message)
        if wording is not None:
            return Alarm(wording, 1.0, f"worded like {wording}")
        try:
            features = self._reader.features(message)
            danger = self._models["danger"].probability(features)
            signed = features["first person"] or features["death or hurt"] or not variants(message)[0].isascii()
            if danger >= (TAKES_OVER if signed else UNSIGNED):
                kinds = self._reader.kinds(message)
                kind = max(DANGERS, key=lambda name: kinds.get(name, 0.0))
                return Alarm(kind, danger, f"like messages of {kind}")
            distress = self._models[DISTRESS].probability(features)
        except Exception as error:  # whatever it is, the visitor gets the careful side
            _log.error("the screen failed: %s", type(error).__name__)
            return Alarm(DISTRESS, 0.0, "the screen failed")
        return Alarm(DISTRESS, distress, "like messages of distress") if distress >= SUPPORTS else None


def takes_over(turn: Turn) -> bool:
    """Whether help lines are all that is said."""
    return turn.alarm is not None and turn.alarm.danger != DISTRESS


def take_over(recall: Callable[[str | None], Conversation], turn: Turn) -> Reply:
    """Turn → Reply of kind `crisis`. It passes no model, needs no index, and cites nothing."""
    assert turn.alarm is not None
    conversation = recall(turn.conversation_id)
    message = shortened(turn.message)
    text = _unsaid(turn.alarm.danger, conversation.exchanges)
    return Reply(
        conversation_id=conversation.id,
        reply_id=secrets.token_urlsafe(18),
        kind="crisis",
        text=text,
        sentences=(ReplySentence(text, (), 1.0),),
        citations=(),
        disclaimer=None,
        standalone_question=message,
        confidence=0.0,
        answered_by=_SAID_BY,
        message=message,
        trace=Trace(alarm=turn.alarm),
    )


def emergency(message: str) -> Reply | None:
    """The reply to a message worded like danger, with neither bot nor history; None to any other."""
    wording = worded(message)
    if wording is None:
        return None
    return take_over(lambda _: Conversation(secrets.token_urlsafe(ID_BYTES)), Turn(message, None, Alarm(wording, 1.0)))


def support(alarm: Alarm | None, history: Sequence[Exchange]) -> tuple[Notice, ...]:
    """The support line: in distress, and for the rest of a conversation once there was danger in it."""
    if alarm is None and all(exchange.reply.kind != "crisis" for exchange in history):
        return ()
    return (Notice("support", _texts()["support"][0]),)


def _unsaid(danger: str, history: Sequence[Exchange]) -> str:
    """One of the texts that was not said yet; when all were, the one said longest ago."""
    said = [exchange.reply.text for exchange in history]
    texts = _texts().get(danger, _texts()["crisis"])
    return min(texts, key=lambda text: max((n for n, other in enumerate(said, start=1) if other == text), default=0))


@functools.cache
def _texts() -> dict[str, list[str]]:
    read = tomllib.loads(files("bot.guard").joinpath("texts.toml").read_text(encoding="utf-8"))
    return {name: entry["texts"] for name, entry in read.items() if "texts" in entry}
