"""What was said before, as long as the database does its part; a conversation goes on without it when it does not."""

import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from bot.errors import HistoryError
from bot.ports import ID, ID_BYTES, ConversationStore
from bot.values import Conversation, Exchange, Rating, Reply, Trace

T = TypeVar("T")

_log = logging.getLogger(__name__)

_PAUSE_SECONDS = 5.0
"""After a failure the database is left alone for so long, as each try may wait for a lock."""

_CATCH_UP_SECONDS = 1.0
"""How long a message waits for what is owed to be written; the next one goes on."""

_CONVERSATIONS = 100
_EXCHANGES = 10
"""Owed of each of so many conversations at most; with more, the oldest go."""

_OWED_SECONDS = 3_600.0
"""After so long without a message, what is owed of a conversation goes; far less than any RETENTION_DAYS."""


class History:
    """A store that may fail. Safe to use from several threads.

    A reply that cannot be written is owed: known here, and written when the database is back.
    """

    def __init__(self, store: ConversationStore, now: Callable[[], float] = time.monotonic) -> None:
        """now: seconds."""
        self._store = store
        self._now = now
        self._owed = _Owed(now)
        self._lock = threading.Lock()
        self._is_trying = False
        self._tries_at = 0.0
        self.problem: str | None = None
        """Why there is no history at the moment, in the database's words; None when there is."""

    def recall(self, conversation_id: str | None) -> Conversation:
        """The conversation with its last exchanges, or a new one. With those alone that are owed while there is no
        history: its id then stays what it was, for the time after. One begun then goes on under another id.
        """
        found = self._try(lambda: self._store.resume(conversation_id))
        if found is None:
            known = conversation_id if conversation_id and ID.fullmatch(conversation_id) else self._owed.begin()
            return _joined(Conversation(known), self._owed.of(known))
        begun = self._owed.drop(conversation_id) if conversation_id and self._owed.is_begun(conversation_id) else None
        moved = [replace(e, reply=replace(e.reply, conversation_id=found.id)) for e in begun or ()]
        for exchange in moved:
            self.keep(exchange.reply)
        return _joined(found, (*moved, *self._owed.of(found.id)))

    def keep(self, reply: Reply) -> Reply:
        """`reply`, kept with its message if the database can, else owed."""
        if self._owed.is_begun(reply.conversation_id) or self._try(lambda: self._added(reply)) is None:
            self._owed.add(reply)
        return reply

    def read(self, conversation_id: str) -> Conversation | None:
        """All that is kept or owed. Raises HistoryError."""
        try:
            found = self._store.read(conversation_id)
        except HistoryError as error:
            self._failed(str(error))
            raise
        if found is None and self._owed.is_begun(conversation_id):
            found = Conversation(conversation_id)
        return found and _joined(found, self._owed.of(conversation_id))

    def forget(self, conversation_id: str) -> bool:
        """Deletes for good; whether there was something. Raises HistoryError; what was owed is gone even then."""
        dropped = self._owed.drop(conversation_id)
        return self._store.forget(conversation_id) or dropped is not None

    def rate(self, reply_id: str, rating: Rating, comment: str | None) -> bool:
        """Rates a reply, the latest rating counts; whether it is kept. Raises HistoryError."""
        return self._store.rate(reply_id, rating, comment)

    def check(self) -> str | None:
        """`problem`, after another try where the last is some seconds past."""
        self._try(self._store.check)
        return self.problem

    def _added(self, reply: Reply) -> Reply:
        self._store.add(reply)
        return reply

    def _try(self, step: Callable[[], T]) -> T | None:
        if not self._is_there():
            return None
        try:
            return step()
        except HistoryError as error:
            self._failed(str(error))
            return None

    def _is_there(self) -> bool:
        """Whether the database may be asked. After a failure one thread finds out; the others do not wait."""
        with self._lock:
            if self.problem is None and self._owed.first() is None:
                return True
            if self._is_trying or self._now() < self._tries_at:
                return False
            self._is_trying = True
        try:
            return self._catches_up()
        except HistoryError as error:
            self._failed(str(error))
            return False
        finally:
            self._is_trying = False

    def _catches_up(self) -> bool:
        """Whether all that was owed is written. That something could be read is no sign of it. Raises HistoryError."""
        self._store.check()
        until = self._now() + _CATCH_UP_SECONDS
        while (reply := self._owed.first()) is not None:
            if self._now() >= until:
                return False
            self._store.add(reply)
            self._owed.settle(reply)
        with self._lock:
            if self.problem is not None:
                _log.warning("Conversations are kept again.")
            self.problem = None
        return True

    def _failed(self, problem: str) -> None:
        """Says it once, until something changes."""
        with self._lock:
            if self.problem != problem:
                _log.warning("Conversations are not kept: %s. Answers are given without history.", problem)
            self.problem = problem
            self._tries_at = self._now() + _PAUSE_SECONDS


@dataclass(slots=True)
class _Waiting:
    """What is owed of a conversation, oldest first; never nothing, but of one that is begun."""

    at: float = 0.0
    """When the latest came, in seconds of the clock."""
    is_begun: bool = False
    """Whether its id was made here, so that the database does not know it."""
    exchanges: deque[Exchange] = field(default_factory=lambda: deque(maxlen=_EXCHANGES))


class _Owed:
    """Replies that the database has yet to keep: so many, and for so long. Safe to use from several threads."""

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

    def first(self) -> Reply | None:
        """The next to be written; None where there is none that could be."""
        with self._lock:
            self._expire()
            return next((w.exchanges[0].reply for w in self._waiting.values() if not w.is_begun), None)

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


def _joined(conversation: Conversation, owed: Sequence[Exchange]) -> Conversation:
    """With what is owed of it, each exchange once: it may have been written meanwhile."""
    known = {exchange.reply.reply_id for exchange in conversation.exchanges}
    more = {e.reply.reply_id: e for e in owed if e.reply.reply_id not in known}.values()
    return replace(
        conversation,
        exchanges=(*conversation.exchanges, *more),
        quoted=conversation.quoted | {(c.document_id, c.start, c.end) for e in more for c in e.reply.citations},
        concerns=conversation.concerns | {e.reply.concern for e in more if e.reply.concern},
    )
