"""Somebody else's site with the widget on it, and a bot whose answers a test can spoil."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

Played = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass
class Site:
    """Pages at `url`, of an origin that the bot allows; the same at `stranger`, of one that it does not."""

    bot_url: str
    port: int
    pages: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def stranger(self) -> str:
        return f"http://stranger.localhost:{self.port}"

    def tag(self, **data: str) -> str:
        """The one tag. data: its attributes, `source_selector` for `data-source-selector`."""
        attributes = "".join(f' data-{name.replace("_", "-")}="{value}"' for name, value in data.items())
        return f'<script src="{self.bot_url}/widget.js"{attributes} async></script>'

    @property
    def near(self) -> str:
        """The tag of the bot at an address of the same site: Debian's Chromium gives frames of others no storage."""
        return self.tag().replace("127.0.0.1", "localhost")

    def page(self, path: str, body: str = "<p>A page.</p>", head: str | None = None, **headers: str) -> str:
        """Puts a page there; head: the tag when None. headers: of its response, `_` for `-`. Gives its address."""
        head = self.tag() if head is None else head
        html = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Site</title>{head}</head>'
        known = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (f"{html}<body>{body}</body></html>", known)
        return self.url + path


class Spoiled:
    """The application, but for the chat's replies while `chat` is set, and for whole paths in `instead`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.chat: Played | None = None
        self.instead: dict[str, Played] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        played = self.instead.get(scope.get("path", ""))
        if scope.get("path") == "/api/v1/chat" and self.chat is not None:
            played = self.chat
        await (played or self.app)(scope, receive, send)


def refusing(status: int, retry_after: int | None = None) -> Played:
    """A problem document."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    body = {"type": "about:blank", "title": "No", "status": status, "detail": "No."}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def streaming(*events: tuple[str, object], pause: float = 0.0, ends: bool = True) -> Played:
    """Server-sent events, `pause` seconds before each; then the end, or the silence of a server that hangs."""

    async def play(_scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for name, data in events:
            await asyncio.sleep(pause)
            body = f"event: {name}\r\ndata: {json.dumps(data)}\r\n\r\n".encode()
            await send({"type": "http.response.body", "body": body, "more_body": True})
        while not ends and (await receive())["type"] != "http.disconnect":
            pass
        await send({"type": "http.response.body", "body": b""})

    return play


def late(app: ASGIApp, seconds: float) -> Played:
    """What the application says, but later."""

    async def play(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(seconds)
        await app(scope, receive, send)

    return play


async def silent(_scope: Scope, receive: Receive, _send: Send) -> None:
    """Not even a status."""
    while (await receive())["type"] != "http.disconnect":
        pass


def broken(*events: tuple[str, object]) -> Played:
    """Events of which the last ends in the middle."""
    whole = streaming(*events)

    async def play(scope: Scope, receive: Receive, send: Send) -> None:
        sent = b""

        async def collect(message: dict) -> None:
            nonlocal sent
            sent += message.get("body", b"")

        await whole(scope, receive, collect)
        cut = Response(sent[: -len(sent) // 8], media_type="text/event-stream")
        await cut(scope, receive, send)

    return play


ASKED = {
    "answer": "What is the default mode network?",
    "not_covered": "How tall is Mount Everest?",
    "declined": "Should I stop taking my SSRI?",
    "crisis": "I want to kill myself tonight",
    "smalltalk": "Hello",
    "clarify": "🍄🍄??!",
}
"""A question for each kind of reply that the real bot gives to one without a history."""


def told(reply: dict, **altered: object) -> list[tuple[str, object]]:
    """The events of a reply, some of whose fields are altered."""
    whole = {**reply, **altered}
    citations = [("citation", citation) for citation in whole["citations"]]
    sentences = [("sentence", sentence) for sentence in whole["sentences"]]
    notices = [("notice", notice) for notice in whole["notices"]]
    disclaimer = ("disclaimer", {"text": whole["disclaimer"]})
    return [("start", {**whole, "sentences": []}), *citations, *sentences, disclaimer, *notices, ("done", whole)]


def said(reply: dict, *texts: str) -> list[dict]:
    """Sentences of these texts, each with the reply's first source."""
    return [{**reply["sentences"][0], "text": text} for text in texts]


class Serving:
    """Serves a Site's pages until left."""

    def __init__(self, site: Site) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                html, headers = site.pages.get(self.path.partition("?")[0], (None, {}))
                self.send_response(204 if html is None else 200)
                for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write((html or "").encode())

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", site.port), Handler)

    def __enter__(self) -> None:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
