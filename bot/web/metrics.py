"""What is counted of a running server, for Prometheus. The only module that imports `prometheus_client`.

Series have names of the server's own alone: no address, id, path or word of a visitor.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.exposition import choose_encoder
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.values import Rating, Reply, ReplyKind

_CHAT, _PAGE, _OTHER = "/api/v1/chat", "/", "other"
_HANDLERS = (
    _CHAT,
    *(f"/api/v1/{call}" for call in ("search", "conversations", "feedback", "config")),
    *("/source", "/widget", "/ui", "/gradio_api", "/assets", "/healthz", "/readyz", "/metrics", "/openapi.json"),
)
_METHODS = {"GET", "POST", "DELETE", "OPTIONS"}
_GUARDED = ("declined", "crisis")
"""Counted as one, without their stages: who sees when a series grows must not see that somebody is in danger. Nor is a
message timed as a request, as help lines are quicker; nor counted before the index is open, when there is nothing else.
"""

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """Series of one application. Safe to use from several threads."""

    def __init__(
        self, is_open: Callable[[], bool], is_kept: Callable[[], bool], today: Callable[[], date] | None = None
    ) -> None:
        """is_open, is_kept: whether the index is open, and conversations are kept. today: in UTC."""
        self._is_open = is_open
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._requests = self._counter("http_requests", "Requests, by what was called.", "method", "handler", "status")
        self._seconds = self._times(
            "http_request", "Time until a response begins, of calls other than messages.", "handler"
        )
        self._replies = self._counter("replies", "Replies, by kind; guarded: declined, or help lines.", "kind")
        for kind in ("guarded", *(kind for kind in get_args(ReplyKind) if kind not in _GUARDED)):
            self._replies.labels(kind)
        self._stages = self._times(
            "stage", "Time of a stage of a reply that is not guarded, and of all together.", "stage"
        )
        self._ratings = self._counter("feedback", "Ratings received; a reply may be rated again.", "rating")
        for rating in get_args(Rating):
            self._ratings.labels(rating)
        self._unanswered = self._counter("page_unanswered", "Questions on the chat page that an error left unanswered.")
        self._help_lines = _Daily(today or (lambda: datetime.now(UTC).date()))
        self._gauge("ready", "Whether the index is open and the models are warm.", is_open)
        self._gauge("history_kept", "Whether conversations are kept.", is_kept)
        told = "Help lines given on the day before (UTC), by this process."
        self._gauge("help_lines_previous_day", told, lambda: self._help_lines.previous)

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(f"footnote_{name}", told, labels, registry=self._registry)

    def _gauge(self, name: str, told: str, value: Callable[[], float]) -> None:
        Gauge(f"footnote_{name}", told, registry=self._registry).set_function(value)

    def _times(self, name: str, told: str, label: str) -> Histogram:
        return Histogram(f"footnote_{name}_duration_seconds", told, (label,), buckets=_SECONDS, registry=self._registry)

    def replied(self, reply: Reply) -> Reply:
        """Counts a reply, which it returns."""
        if reply.kind == "crisis":
            self._help_lines.add()
        if not self._is_open():
            return reply
        if reply.kind in _GUARDED:
            self._replies.labels("guarded").inc()
            return reply
        self._replies.labels(reply.kind).inc()
        for stage, ms in (*reply.trace.timings_ms, ("total", sum(ms for _, ms in reply.trace.timings_ms))):
            self._stages.labels(stage).observe(ms / 1000)
        return reply

    def rated(self, rating: Rating) -> None:
        """Counts what a visitor thinks of a reply."""
        self._ratings.labels(rating).inc()

    def left_unanswered(self) -> None:
        """Counts an error on the chat page, which its status does not tell."""
        self._unanswered.inc()

    def requested(self, method: str, path: str, status: int, seconds: float) -> None:
        """Counts a request; times it unless it is a message."""
        handler = _handler(path)
        if handler == _CHAT and not self._is_open():
            return
        self._requests.labels(method if method in _METHODS else _OTHER, handler, str(status)).inc()
        if handler != _CHAT:
            self._seconds.labels(handler).observe(seconds)

    def exposed(self, accept: str) -> tuple[bytes, str]:
        """All series in the text format that `accept` asks for, and its content type."""
        encode, content_type = choose_encoder(accept)
        return encode(self._registry), content_type


class Measured:
    """ASGI middleware: counts requests, those included that are refused further in. A HEAD counts as its GET."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()

        async def sender(message: Message) -> None:
            if message["type"] == "http.response.start":
                elapsed = time.perf_counter() - started
                self._metrics.requested(scope["method"], scope["path"], message["status"], elapsed)
            await send(message)

        await self._app(scope, receive, sender)


class _Daily:
    """A count whose growth nobody sees until the day is over."""

    def __init__(self, today: Callable[[], date]) -> None:
        self._today = today
        self._day = today()
        self._count = self._previous = 0
        self._lock = threading.Lock()

    def add(self) -> None:
        with self._lock:
            self._turn()
            self._count += 1

    @property
    def previous(self) -> int:
        """Of the whole day before."""
        with self._lock:
            self._turn()
            return self._previous

    def _turn(self) -> None:
        today = self._today()
        passed = (today - self._day).days
        if passed > 0:
            self._previous = self._count if passed == 1 else 0
            self._count, self._day = 0, today


def _handler(path: str) -> str:
    """What was called, of which there are few, whatever visitors ask for."""
    if path in (_PAGE, "/widget.js"):
        return path
    return next((name for name in _HANDLERS if path == name or path.startswith(f"{name}/")), _OTHER)
