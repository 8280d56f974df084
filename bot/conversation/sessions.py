"""Which conversations this process has begun."""

import secrets
import threading
from collections import OrderedDict

_TOKEN_BYTES = 24
_MAX_SESSIONS = 100_000


class Sessions:
    """Ids of conversations, unguessable and made here only. Safe to use from several threads.

    The oldest is forgotten when there are too many; a restart forgets all.
    """

    def __init__(self, limit: int = _MAX_SESSIONS) -> None:
        self._limit = limit
        self._known: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def resume(self, conversation_id: str | None) -> str:
        """`conversation_id` when this process made it and still knows it, else a new one (192 bits)."""
        with self._lock:
            if conversation_id is not None and conversation_id in self._known:
                self._known.move_to_end(conversation_id)
                return conversation_id
            made = secrets.token_urlsafe(_TOKEN_BYTES)
            self._known[made] = None
            if len(self._known) > self._limit:
                self._known.popitem(last=False)
            return made
