"""Which sites' pages may call. CORS alone only keeps a page from reading what was done for it all the same."""

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.problems import problem

_API = "/api/"
_SHARED = (_API, "/widget/allowed.js")
"""What pages of allowed sites may read."""

_OPEN = ("/ui/", "/source/", "/healthz", "/readyz", "/openapi.json", "/widget")
"""Read by anybody, and changing nothing."""

_VARY = (b"vary", b"Origin")
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Content-Type, Accept",
    "Access-Control-Max-Age": "600",
}
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


class Origins:
    """ASGI middleware: 403 before anything is done for the page of a site that is neither this one nor allowed.

    No Origin at all, as from a program, is no page. Allowed sites may read the API, without credentials.
    """

    def __init__(self, app: ASGIApp, allowed: frozenset[str] = frozenset()) -> None:
        self._app = app
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _is_open(scope["path"]):
            await self._app(scope, receive, send)
            return
        origins = [value.decode("latin-1") for name, value in scope["headers"] if name == b"origin"]
        foreign = origins[0] if len(origins) == 1 and origins[0] in self._allowed else None
        sender = self._shared(send, foreign) if self._allowed and scope["path"].startswith(_SHARED) else send
        if not origins or foreign is not None or origins == [own_origin(scope)]:
            respond = _preflight if foreign is not None and _is_preflight(scope) else self._app
        else:
            respond = problem(403, "Pages of that site may not call here. The operator can allow it: ALLOWED_ORIGINS.")
        await respond(scope, receive, sender)

    def _shared(self, send: Send, foreign: str | None) -> Send:
        added = [_VARY]
        if foreign is not None:
            added += [
                (b"access-control-allow-origin", foreign.encode("latin-1")),
                (b"access-control-expose-headers", b"Retry-After"),
            ]

        async def sender(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *added]}
            await send(message)

        return sender


def _is_open(path: str) -> bool:
    return path.startswith(_OPEN) and not path.startswith(_SHARED)


def own_origin(scope: Scope) -> str | None:
    """The origin of pages served where this request went, as browsers write it."""
    host = next((value.decode("latin-1").lower() for name, value in scope["headers"] if name == b"host"), None)
    return host and f"{scope['scheme']}://{host.removesuffix(_DEFAULT_PORTS[scope['scheme']])}"


def _is_preflight(scope: Scope) -> bool:
    asked = any(name == b"access-control-request-method" for name, _ in scope["headers"])
    return asked and scope["method"] == "OPTIONS" and scope["path"].startswith(_API)


async def _preflight(scope: Scope, receive: Receive, send: Send) -> None:
    await Response(status_code=204, headers=_PREFLIGHT)(scope, receive, send)
