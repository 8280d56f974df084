"""Bodies that are refused before the application sees them."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.problems import problem
from bot.web.schema import MAX_BODY, MAX_PAGE_BODY

_CAPS = {"/api/": MAX_BODY, "/gradio_api/": MAX_PAGE_BODY}
"""Where bodies are read → the most bytes of one."""


class Limits:
    """ASGI middleware. Where a body is read: 415 unless it is JSON, 413 over the cap, counted as it streams."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        cap = _cap(scope)
        if cap is None:
            await self._app(scope, receive, send)
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        if headers.get(b"content-type", b"").split(b";")[0].strip().lower() != b"application/json":
            await problem(415, "Send the body as Content-Type: application/json.")(scope, receive, send)
            return
        body = await _read(receive, headers.get(b"content-length", b""), cap)
        if body is None:
            await problem(413, f"The body is over {cap} bytes. Send less.")(scope, receive, send)
            return
        await self._app(scope, replayed(body, receive), send)


def _cap(scope: Scope) -> int | None:
    if scope["type"] != "http" or scope["method"] != "POST":
        return None
    return next((cap for prefix, cap in _CAPS.items() if scope["path"].startswith(prefix)), None)


async def _read(receive: Receive, declared: bytes, cap: int) -> bytes | None:
    """The whole body; None as soon as it is known to be over `cap`."""
    if declared.isdigit() and int(declared) > cap:
        return None
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(parts)
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > cap:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


def replayed(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives `body` at once, and then what `receive` gives."""
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
