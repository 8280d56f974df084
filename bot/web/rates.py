"""How often one may ask. The only module, beside the settings, that imports `limits`."""

import hashlib
import math
import threading
import time
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.web.problems import problem

PER_CONVERSATION = RateLimitItemPerMinute(20)
"""Messages of one conversation, whatever the addresses they come from."""

_WIDER = 4
"""Times the limit of messages: what an address may otherwise ask of the API."""

_SITE_BITS = 64
"""Of an IPv6 address, what the provider gives to one household; the rest its devices choose as they like."""

_SWEEP_SECONDS = 60.0


class Rates:
    """Moving windows in memory. Safe to use from several threads."""

    def __init__(self, limit: RateLimitItem | None, now: Callable[[], float] = time.monotonic) -> None:
        """limit: messages of one address; None: nothing is limited. now: seconds, for forgetting who is gone."""
        self._limit = limit
        self._storage = MemoryStorage()
        self._windows = MovingWindowRateLimiter(self._storage)
        self._lock = threading.Lock()
        self._now = now
        self._swept = now()

    @property
    def remembered(self) -> int:
        """How many addresses and conversations there is something to remember of."""
        return len(self._storage.events)

    def message(self, address: str, conversation_id: str | None) -> int:
        """Counts a message. 0: it may be answered; else the whole seconds until the next may."""
        if self._limit is None:
            return 0
        wait = self._hit(self._limit, "message", _client(address))
        if wait or conversation_id is None:
            return wait
        return self._hit(PER_CONVERSATION, "conversation", _digest(conversation_id))

    def request(self, address: str) -> int:
        """Counts any other request, apart from the messages and by a wider limit. As `message`."""
        if self._limit is None:
            return 0
        wider = type(self._limit)(self._limit.amount * _WIDER, self._limit.multiples)
        return self._hit(wider, "request", _client(address))

    def _hit(self, limit: RateLimitItem, kind: str, key: str) -> int:
        with self._lock:
            self._sweep()
            if self._windows.hit(limit, kind, key):
                return 0
            wait = math.ceil(self._windows.get_window_stats(limit, kind, key).reset_time - time.time())
            if wait > limit.get_expiry() + 1:  # the clock, by which the storage goes, was set back
                self._storage.reset()
                return 0
        return max(1, wait)

    def _sweep(self) -> None:
        """The storage empties the windows of those who are gone, but keeps their keys for ever."""
        if self._now() - self._swept < _SWEEP_SECONDS:
            return
        self._swept = self._now()
        for key in [key for key, events in list(self._storage.events.items()) if not events]:
            self._storage.clear(key)


class Paced:
    """ASGI middleware: 429 for an address that asks too much of the API. Messages are counted where they are read."""

    def __init__(self, app: ASGIApp, rates: Rates) -> None:
        self._app = app
        self._rates = rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wait = 0
        if scope["type"] == "http" and scope["path"].startswith("/api/") and not _is_message(scope):
            wait = self._rates.request(client_of(scope))
        if wait:
            await problem(429, too_many(wait), {"Retry-After": str(wait)})(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _is_message(scope: Scope) -> bool:
    return bool(scope["method"] == "POST" and scope["path"] == "/api/v1/chat")


def client_of(scope: Scope) -> str:
    """The client's address; empty where the server has none, as behind a UNIX socket."""
    return str(scope["client"][0]) if scope.get("client") else ""


def too_many(wait: int) -> str:
    """What to say to whoever asked too often."""
    return f"That was a lot in a short time. Please try again in {wait} s."


def _client(address: str) -> str:
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((known, _SITE_BITS), strict=False)) if isinstance(known, IPv6Address) else address


def _digest(conversation_id: str) -> str:
    return hashlib.sha256(conversation_id.encode("utf-8", "surrogatepass")).hexdigest()
