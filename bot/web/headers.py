"""What every response carries."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "default-src 'none'; frame-ancestors 'none'"
"""Content-Security-Policy of whatever is no page."""

_REFUSED = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media"),
    *("fullscreen", "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone"),
    *("midi", "payment", "picture-in-picture", "publickey-credentials-get", "screen-wake-lock", "serial"),
    *("storage-access", "usb", "xr-spatial-tracking"),
)
_ALWAYS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"permissions-policy": ", ".join(f"{feature}=()" for feature in _REFUSED).encode(),
    b"cross-origin-opener-policy": b"same-origin",
}
_POLICY = b"content-security-policy"
_EMBEDDING = b"cross-origin-resource-policy"
_EMBEDDED = ("/widget.js", "/widget/")
"""Made to be loaded by pages of other sites."""
_NEVER = (b"set-cookie", b"server")
_ENDLESS = "/gradio_api/"
"""Streams, of which a HEAD would have no end."""


class Headers:
    """ASGI middleware, outermost: no cookies, nothing for others to sniff, frame or embed.

    A HEAD gets what its GET gets, without the body. shared: whether other sites' pages may load what lies under /ui/.
    """

    def __init__(self, app: ASGIApp, shared: bool = False) -> None:
        self._app = app
        self._shared = shared

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        bodiless = scope["method"] == "HEAD"
        if bodiless and not scope["path"].startswith(_ENDLESS):
            scope = {**scope, "method": "GET"}
        shared = scope["path"].startswith(("/ui/", *_EMBEDDED) if self._shared else _EMBEDDED)
        embedding = b"cross-origin" if shared else b"same-origin"

        async def sender(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _dressed(message.get("headers", ()), embedding)}
            elif bodiless:
                message = {**message, "body": b""}
            await send(message)

        await self._app(scope, receive, sender)


def _dressed(headers: list[tuple[bytes, bytes]], embedding: bytes) -> list[tuple[bytes, bytes]]:
    kept = [(name, value) for name, value in headers if name.lower() not in (*_NEVER, *_ALWAYS)]
    present = {name.lower() for name, _ in kept}
    policy = [] if _POLICY in present else [(_POLICY, POLICY.encode())]
    return [*kept, *_ALWAYS.items(), *policy, (_EMBEDDING, embedding)]
