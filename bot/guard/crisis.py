"""What somebody in danger gets: help lines and nothing else, with neither model nor index nor disk."""

import secrets
from collections.abc import Sequence

from bot.guard.exemplars import DANGERS
from bot.guard.language import language_of
from bot.guard.patterns import worded
from bot.guard.personal import masked
from bot.guard.texts import also_said, texts
from bot.ports import ID, ID_BYTES
from bot.text import shortened
from bot.values import Conversation, Decision, Exchange, Notice, Reply, ReplySentence, Tier, Trace, Turn

_SAID_BY = "guard"
_NOW = frozenset({"imminent", "acute"})


def danger(concern: str, probability: float, reason: str) -> Decision:
    """The decision for a class of DANGERS."""
    tier: Tier = "C3" if concern in _NOW else "C2"
    return Decision(concern, "emergency" if concern == "acute" else "crisis", tier, probability, reason)


def takes_over(turn: Turn) -> bool:
    """Whether help lines are all that is said."""
    return turn.decision.concern in DANGERS


def take_over(turn: Turn) -> Reply:
    """Turn → Reply of kind `crisis`. It passes no model, needs no index, and cites nothing."""
    conversation = turn.conversation or Conversation(secrets.token_urlsafe(ID_BYTES))
    text = _unsaid(turn.decision.concern, conversation.exchanges)
    local = also_said("acute" if turn.decision.concern == "acute" else "crisis", language_of(turn.message))
    sentences = tuple(ReplySentence(said, (), 1.0) for said in (local, text) if said)
    return Reply(
        conversation_id=conversation.id,
        reply_id=secrets.token_urlsafe(18),
        kind="crisis",
        text=" ".join(sentence.text for sentence in sentences),
        sentences=sentences,
        citations=(),
        disclaimer=None,
        standalone_question=turn.message,
        confidence=0.0,
        answered_by=_SAID_BY,
        message=turn.message,
        concern=turn.decision.concern,
        tier=turn.decision.tier,
        trace=Trace(decision=turn.decision),
    )


def emergency(message: str, conversation_id: str | None = None) -> Reply | None:
    """The reply to a message worded like danger, with neither bot nor history; None to any other.

    conversation_id: stays what it was, where it may be one of ours: what was said under it can then still be forgotten.
    """
    wording = worded(message)
    if wording is None:
        return None
    kept, _ = masked(shortened(message))
    known = Conversation(conversation_id) if conversation_id and ID.fullmatch(conversation_id) else None
    return take_over(Turn(kept, conversation=known, decision=danger(wording, 1.0, f"worded like {wording}")))


def support(*, now: bool) -> Notice:
    """The line of support: in distress, and later in a conversation in which somebody was in danger."""
    return Notice("support", texts("support" if now else "support_later")[0])


def _unsaid(concern: str, history: Sequence[Exchange]) -> str:
    """One of the texts that was not said yet; when all were, the one said longest ago."""
    said = [exchange.reply.sentences[-1].text for exchange in history]
    known = texts(concern, "crisis")
    return min(known, key=lambda text: max((n for n, other in enumerate(said, start=1) if other == text), default=0))
