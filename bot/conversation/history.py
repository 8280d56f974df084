"""What was said before, as long as the database does its part; a conversation goes on without it when it does not."""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from bot.errors import HistoryError
from bot.ports import ID, ID_BYTES, ConversationStore
from bot.values import Conversation, Rating, Reply

T = TypeVar("T")

_log = logging.getLogger(__name__)

_PAUSE_SECONDS = 5.0
"""After a failure the database is left alone for so long, as each try may wait for a lock."""


class History:
    """A store that may fail. Safe to use from several threads."""

    def __init__(self, store: ConversationStore, now: Callable[[], float] = time.monotonic) -> None:
        """now: seconds."""
        self._store = store
        self._now = now
        self._lock = threading.Lock()
        self._tries_at = 0.0
        self.problem: str | None = None
        """Why there is no history at the moment, in the database's words; None when there is."""

    def recall(self, conversation_id: str | None) -> Conversation:
        """The conversation with its last exchanges, or a new one. Without exchanges while there is no history: its id
        then stays what it was, for the time after.
        """
        found = self._try(lambda: self._store.resume(conversation_id))
        if found is not None:
            return found
        is_ours = conversation_id is not None and ID.fullmatch(conversation_id)
        return Conversation(conversation_id if conversation_id and is_ours else secrets.token_urlsafe(ID_BYTES))

    def keep(self, reply: Reply) -> Reply:
        """`reply`, kept with its message if the database can."""
        self._try(lambda: self._store.add(reply))
        return reply

    def read(self, conversation_id: str) -> Conversation | None:
        """All that is kept. Raises HistoryError."""
        return self._store.read(conversation_id)

    def forget(self, conversation_id: str) -> bool:
        """Deletes for good; whether there was something. Raises HistoryError."""
        return self._store.forget(conversation_id)

    def rate(self, reply_id: str, rating: Rating, comment: str | None) -> bool:
        """Rates a reply, the latest rating counts; whether it is kept. Raises HistoryError."""
        return self._store.rate(reply_id, rating, comment)

    def check(self) -> str | None:
        """`problem`, after another try where the last is some seconds past."""
        self._try(self._store.check)
        return self.problem

    def _try(self, step: Callable[[], T]) -> T | None:
        if self.problem is not None and self._now() < self._tries_at:
            return None
        try:
            done = step()
        except HistoryError as error:
            self._failed(str(error))
            return None
        if self.problem is not None:
            _log.warning("Conversations are kept again.")
            self.problem = None
        return done

    def _failed(self, problem: str) -> None:
        """Says it once, until something changes."""
        with self._lock:
            if self.problem != problem:
                _log.warning("Conversations are not kept: %s. Answers are given without history.", problem)
            self.problem = problem
            self._tries_at = self._now() + _PAUSE_SECONDS
