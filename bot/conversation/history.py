"""What was said before, as long as the database does its part; a conversation goes on without it when it does not."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.conversation.owed import Owed
from bot.errors import HistoryError
from bot.ports import ID, ConversationStore
from bot.values import Conversation, Exchange, Rating, Reply

T = TypeVar("T")

_log = logging.getLogger(__name__)

_PAUSE_SECONDS = 5.0
"""After a failure the database is left alone for so long, as each try may wait for a lock."""

_CATCH_UP_SECONDS = 1.0
"""How long a message waits for what is owed to be written; the next one goes on."""


class History:
    """A store that may fail. Safe to use from several threads.

    A reply that cannot be written is owed: known here, and written when the database is back.
    """

    def __init__(self, store: ConversationStore, now: Callable[[], float] = time.monotonic) -> None:
        """now: seconds."""
        self._store = store
        self._now = now
        self._owed = Owed(now)
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
            self._write(reply)
        with self._lock:
            if self.problem is not None:
                _log.warning("Conversations are kept again.")
            self.problem = None
        return True

    def _write(self, reply: Reply) -> None:
        """What is owed; given up where the database refuses it but takes that of another conversation."""
        try:
            self._store.add(reply)
        except HistoryError:
            other = self._owed.first(but=reply.conversation_id)
            if other is None:
                raise
            self._store.add(other)
            self._owed.settle(other)
            with contextlib.suppress(HistoryError):
                self._store.add(reply)
        self._owed.settle(reply)

    def _failed(self, problem: str) -> None:
        """Says it once, until something changes."""
        with self._lock:
            if self.problem != problem:
                _log.warning("Conversations are not kept: %s. Answers are given without history.", problem)
            self.problem = problem
            self._tries_at = self._now() + _PAUSE_SECONDS


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
