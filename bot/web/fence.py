"""What of Gradio can be reached: what the chat page itself asks for, and nothing else."""

import base64
import hashlib
import re

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.joining import normalised
from bot.web.limits import replayed
from bot.web.problems import problem

_JOIN = "/gradio_api/queue/join"
_DATA = "/gradio_api/queue/data"
_SESSION = "[a-z0-9]{1,32}"
_READ = re.compile(
    r"/|/assets/[\w.-]+\.(?:css|js)|/theme\.css|/favicon\.ico|/manifest\.json|/static/img/logo_nosize\.svg"
    rf"|/static/js/iframeResizer\.contentWindow\.min\.js|/gradio_api/(?:app_id|queue/data|heartbeat/{_SESSION})",
    re.ASCII,
)
_QUERY = re.compile(f"session_hash={_SESSION}".encode())
_PASSED_ON = {b"host", b"content-type", b"accept", b"accept-encoding"}
_PASSED_ON_FOR_PAGE = {b"host"}
"""The page is read on its way out, so it must come whole and as it is."""

_WITHHELD = b"access-control-"

_BASE = b'<base href="./" />'
_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
# Gradio writes style elements and attributes as it draws, so styles cannot do without 'unsafe-inline'; its inline
# scripts can: each is allowed by its digest.
_POLICY = (
    "default-src 'none'; script-src 'self' {digests}; style-src 'self' 'unsafe-inline'; img-src 'self';"
    " connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none';"
    " frame-ancestors 'self'"
)
NOTHING = "There is nothing here. The calls are listed at /openapi.json."
_UNUSABLE = "The page sent what cannot be read. Load it again."


def is_open(scope: Scope) -> bool:
    """Whether the page itself would ask for that."""
    path = scope["path"]
    if scope["method"] == "GET" and _READ.fullmatch(path):
        return path != _DATA or _QUERY.fullmatch(scope["query_string"]) is not None
    return bool(scope["method"] == "POST" and path == _JOIN)


class Fence:
    """ASGI application around Gradio's, for requests that are open. Its errors become problem documents."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "POST":
            try:
                receive = replayed(normalised((await receive()).get("body", b"")), receive)
            except (ValueError, RecursionError) as error:
                status = 422 if isinstance(error, ValidationError) else 400
                await problem(status, _UNUSABLE)(scope, receive, send)
                return
        answer = _Answer(scope["path"] == "/", send)
        try:
            await self._app(_narrowed(scope), receive, answer)
        except RuntimeError as error:
            # Of a session that it does not know, Gradio tells the page in an event, and raises after that.
            if not isinstance(error.__cause__, HTTPException):
                raise
            await send({"type": "http.response.body"})
        await answer.end(scope, receive)


def _narrowed(scope: Scope) -> Scope:
    passed_on = _PASSED_ON_FOR_PAGE if scope["path"] == "/" else _PASSED_ON
    headers = [(name, value) for name, value in scope["headers"] if name in passed_on]
    return {**scope, "headers": headers, "query_string": scope["query_string"] if scope["path"] == _DATA else b""}


class _Answer:
    """A `send` for Gradio: its errors are kept back, and the page until its scripts are known."""

    def __init__(self, is_page: bool, send: Send) -> None:
        self._send = send
        self._is_page = is_page
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            if not self._is_held:
                await self._send({**message, "headers": self._headers()})
        elif not self._is_held:
            await self._send(message)
        elif message["type"] == "http.response.body":
            self._body += message.get("body", b"")

    async def end(self, scope: Scope, receive: Receive) -> None:
        """Sends what was held."""
        if not self._is_held:
            return
        if self._start["status"] >= 400:
            status = self._start["status"]
            await problem(status, NOTHING if status == 404 else _UNUSABLE)(scope, receive, self._send)
            return
        page = self._body.replace(_BASE, b"", 1)
        policy = _POLICY.format(digests=" ".join(_digest(script) for script in _SCRIPT.findall(page)))
        added = [
            (b"content-length", str(len(page)).encode()),
            (b"content-security-policy", policy.encode()),
            (b"cache-control", b"no-store"),
        ]
        kept = [header for header in self._headers() if header[0].lower() != b"content-length"]
        await self._send({**self._start, "headers": [*kept, *added]})
        await self._send({"type": "http.response.body", "body": page})

    @property
    def _is_held(self) -> bool:
        return self._is_page or self._start["status"] >= 400

    def _headers(self) -> list[tuple[bytes, bytes]]:
        return [header for header in self._start.get("headers", ()) if not header[0].lower().startswith(_WITHHELD)]


def _digest(script: bytes) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"
