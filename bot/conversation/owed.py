"""Replies that the database has yet to keep."""

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.ports import ID_BYTES
from bot.values import Exchange, Reply, Trace

_CONVERSATIONS = 100
_EXCHANGES = 10
"""Owed of each of so many conversations at most; with more, the oldest go."""

_OWED_SECONDS = 3_600.0
"""After so long without a message, what is owed of a conversation goes; far less than any RETENTION_DAYS."""


@dataclass(slots=True)
class _Waiting:
    """What is owed of a conversation, oldest first; never nothing, but of one that is begun."""

    at: float = 0.0
    """When the latest came, in seconds of the clock."""
    is_begun: bool = False
    """Whether its id was made here, so that the database does not know it."""
    exchanges: deque[Exchange] = field(default_factory=lambda: deque(maxlen=_EXCHANGES))


class Owed:
    """So many of them, and for so long. Safe to use from several threads."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._waiting: dict[str, _Waiting] = {}
        """By conversation, the one with the latest reply last."""

    def begin(self) -> str:
        """The id of a new conversation."""
        made = secrets.token_urlsafe(ID_BYTES)
        with self._lock:
            self._latest(made).is_begun = True
        return made

    def is_begun(self, conversation_id: str) -> bool:
        """Whether it is of those that the database does not know."""
        with self._lock:
            self._expire()
            waiting = self._waiting.get(conversation_id)
            return waiting is not None and waiting.is_begun

    def add(self, reply: Reply) -> None:
        known = replace(reply, trace=Trace(understanding=reply.trace.understanding))
        with self._lock:
            self._latest(reply.conversation_id).exchanges.append(Exchange(known, time.time()))

    def of(self, conversation_id: str) -> tuple[Exchange, ...]:
        """Oldest first."""
        with self._lock:
            self._expire()
            waiting = self._waiting.get(conversation_id)
            return tuple(waiting.exchanges) if waiting is not None else ()

    def first(self, but: str | None = None) -> Reply | None:
        """The next to be written; None where there is none that could be. but: a conversation to be left out."""
        with self._lock:
            self._expire()
            writable = (w for name, w in self._waiting.items() if not w.is_begun and name != but)
            return next((waiting.exchanges[0].reply for waiting in writable), None)

    def settle(self, reply: Reply) -> None:
        """Takes away `first`, once it is written."""
        with self._lock:
            waiting = self._waiting.get(reply.conversation_id)
            if waiting is not None and waiting.exchanges and waiting.exchanges[0].reply is reply:
                waiting.exchanges.popleft()
                if not waiting.exchanges:
                    del self._waiting[reply.conversation_id]

    def drop(self, conversation_id: str) -> tuple[Exchange, ...] | None:
        """Takes away all of a conversation; None where it is not known here."""
        with self._lock:
            self._expire()
            dropped = self._waiting.pop(conversation_id, None)
            return tuple(dropped.exchanges) if dropped is not None else None

    def _latest(self, conversation_id: str) -> _Waiting:
        waiting = self._waiting.pop(conversation_id, None) or _Waiting()
        waiting.at = self._now()
        self._waiting[conversation_id] = waiting
        if len(self._waiting) > _CONVERSATIONS:
            del self._waiting[next(iter(self._waiting))]
        return waiting

    def _expire(self) -> None:
        oldest = self._now() - _OWED_SECONDS
        for conversation_id in [key for key, waiting in self._waiting.items() if waiting.at < oldest]:
            del self._waiting[conversation_id]
