"""Who is at the other end, and what of what they say about themselves is believed."""

import re
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.types import ASGIApp, Receive, Scope, Send

from bot.config import Network
from bot.web.problems import problem

Address = IPv4Address | IPv6Address

_HOST = re.compile(rb"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_CLAIMS = (b"x-forwarded-", b"forwarded", b"x-gradio-", b"x-real-ip")
"""Headers by which a client, or a proxy for it, says where it comes from or how it was reached."""


class Peers:
    """ASGI middleware: sets the client's address and the scheme, as the trusted proxies alone may tell them.

    What else is claimed goes no further. 400 for a Host that is none; no web sockets.
    """

    def __init__(self, app: ASGIApp, trusted: tuple[Network, ...] = ()) -> None:
        self._app = app
        self._trusted = trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close"})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        hosts = list(_values(scope, b"host"))
        if len(hosts) > 1 or not all(_HOST.fullmatch(host) for host in hosts):
            await problem(400, "The Host header names no host. Send one.")(scope, receive, send)
            return
        await self._app(self._as_reached(scope), receive, send)

    def _as_reached(self, scope: Scope) -> Scope:
        peer = _address(scope["client"][0]) if scope.get("client") else None
        headers = [header for header in scope["headers"] if not header[0].startswith(_CLAIMS)]
        seen = {**scope, "headers": headers}
        if peer is None or not self._is_trusted(peer):
            return seen
        scheme = _last(_values(scope, b"x-forwarded-proto"))
        if scheme in ("http", "https"):
            seen["scheme"] = scheme
        seen["client"] = (str(self._behind(peer, _values(scope, b"x-forwarded-for"))), 0)
        return seen

    def _behind(self, peer: Address, forwarded: Iterable[bytes]) -> Address:
        """The right-most address that no trusted proxy has; what cannot be read ends the search."""
        found = peer
        for part in reversed(b",".join(forwarded).decode("latin-1").split(",")):
            address = _address(part.strip())
            if address is None:
                break
            found = address
            if not self._is_trusted(address):
                break
        return found

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


def _values(scope: Scope, name: bytes) -> Iterator[bytes]:
    return (value for key, value in scope["headers"] if key == name)


def _last(values: Iterable[bytes]) -> str:
    return b",".join(values).decode("latin-1").rpartition(",")[2].strip().lower()


def _address(text: str) -> Address | None:
    """Without the port that some proxies write; IPv4 written as IPv6 is IPv4."""
    bare = text[1:].partition("]")[0] if text.startswith("[") else text
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
