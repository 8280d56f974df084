"""What is refused before the application sees it, and what every response carries."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.problems import problem
from bot.web.schema import MAX_BODY

_API = "/api/"

_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


class Limits:
    """ASGI middleware. For the API: 415 unless JSON comes in, 413 over MAX_BODY, counted as it
    streams. For all: headers against sniffing and leaking addresses.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sender = _with_headers(send)
        if not scope["path"].startswith(_API) or scope["method"] != "POST":
            await self._app(scope, receive, sender)
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        if headers.get(b"content-type", b"").split(b";")[0].strip().lower() != b"application/json":
            await problem(415, "Send the body as Content-Type: application/json.")(scope, receive, sender)
            return
        body = await _read(receive, headers.get(b"content-length", b""))
        if body is None:
            await problem(413, f"The body is over {MAX_BODY} bytes. Send less.")(scope, receive, sender)
            return
        await self._app(scope, _replayed(body, receive), sender)


async def _read(receive: Receive, declared: bytes) -> bytes | None:
    """The whole body; None as soon as it is known to be over MAX_BODY."""
    if declared.isdigit() and int(declared) > MAX_BODY:
        return None
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(parts)
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BODY:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _with_headers(send: Send) -> Send:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _ in message.get("headers", ())}
            added = [header for header in _HEADERS if header[0] not in present]
            message = {**message, "headers": [*message.get("headers", ()), *added]}
        await send(message)

    return sender
