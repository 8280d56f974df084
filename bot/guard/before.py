"""What a conversation was before its newest message, as far as the guard goes by it."""

from dataclasses import dataclass
from typing import Self

from bot.guard.exemplars import DANGERS
from bot.values import Conversation

LATELY = 6
"""Messages of a visitor that are read together with the newest."""

FRAGMENT = 60
"""Characters up to which a message may be a part of one thought with those around it."""


@dataclass(frozen=True, slots=True)
class Before:
    """What earlier messages of the conversation were taken for."""

    danger: bool = False
    distress: bool = False
    """Of late."""
    minor: bool = False
    talk: bool = False
    """Whether anything was said before at all."""
    fragments: tuple[str, ...] = ()
    """The visitor's last messages, while they were short and no question by themselves."""

    @classmethod
    def of(cls, conversation: Conversation) -> Self:
        replies = [exchange.reply for exchange in conversation.exchanges]
        fragments: list[str] = []
        for reply in reversed(replies[-LATELY + 1 :]):
            is_whole = len(reply.message) > FRAGMENT or reply.message.rstrip().endswith("?")
            if is_whole or reply.concern in DANGERS:
                break
            fragments.insert(0, reply.message)
        return cls(
            danger=not conversation.concerns.isdisjoint(DANGERS),
            distress=any(reply.tier == "C1" for reply in replies[-LATELY:]),
            minor="minor" in conversation.concerns,
            talk=bool(replies),
            fragments=tuple(fragments),
        )
