"""The widget: its loader, the panel it frames, and a page that has it on as somebody else's would."""

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from string import Template

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from bot.values import Corpus
from bot.web.origins import own_origin
from bot.web.problems import not_ready
from bot.web.source import article_html

LOADER = "widget.js"
_UNREAD = re.compile(r"^\s*(?:/\*.*?\*/\s*)?", re.MULTILINE | re.DOTALL)
"""Comments at the beginning of a line, and indentation: a fifth of the loader."""

_TYPES = {".js": "text/javascript", ".css": "text/css"}
_REVALIDATED = "no-cache"
_FOR_EVER = "public, max-age=31536000, immutable"
_SHARED = {"Access-Control-Allow-Origin": "*"}
"""Anybody may load the tag's script; a browser compares it with `integrity` only if it may read it."""

_ALONE = "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
_PANEL_POLICY = f"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; {_ALONE}"
_DEMO_POLICY = f"default-src 'none'; script-src 'self'; style-src 'self'; frame-src 'self'; {_ALONE}"
_OLD = "There is no such file in this version of the widget. `python -m bot widget` prints today's tag."


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent."""

    content: bytes
    media_type: str
    digest: str
    """SHA-256 of the content, in hexadecimal."""

    @property
    def etag(self) -> str:
        return f'"{self.digest[:32]}"'

    @property
    def integrity(self) -> str:
        """For a tag's `integrity`, as the W3C's Subresource Integrity has it."""
        return f"sha384-{base64.b64encode(hashlib.sha384(self.content).digest()).decode()}"


@cache
def assets() -> dict[str, Asset]:
    """Name → file, of the loader (without its comments), the panel and the demonstration."""
    found = {}
    for file in sorted(files("bot").joinpath("widget").iterdir(), key=lambda file: file.name):
        media_type = next((kind for end, kind in _TYPES.items() if file.name.endswith(end)), None)
        if media_type is not None:
            text = file.read_text(encoding="utf-8")
            content = (_UNREAD.sub("", text) if file.name == LOADER else text).encode()
            found[file.name] = Asset(content, media_type, hashlib.sha256(content).hexdigest())
    return found


def panel_files() -> list[str]:
    """Names of the files that the panel loads."""
    return [name for name in assets() if name != LOADER and not name.startswith("demo.")]


def loader_version() -> str:
    """Changes with the loader alone, so that a tag that holds one outlives what changes in the panel."""
    return assets()[LOADER].digest[:16]


@cache
def version() -> str:
    """Changes with any of the files."""
    digest = hashlib.sha256(_template("panel.html").template.encode())
    for name, asset in assets().items():
        digest.update(name.encode() + asset.digest.encode())
    return digest.hexdigest()[:16]


def embed_code(url: str) -> str:
    """What the owner of a site needs. url: where the bot is served, without a slash at its end."""
    pinned = f"{url}/widget/{loader_version()}/{LOADER}"
    return f"""On every page that shall have it:
  <script src="{url}/{LOADER}" async></script>

Or this version alone, checked by the browser, to be changed when an update of the bot changes it:
  <script src="{pinned}" integrity="{assets()[LOADER].integrity}" crossorigin async></script>

On the bot's server, the sites that may show it:
  FOOTNOTE_ALLOWED_ORIGINS=https://your-site.example

If the site has a Content-Security-Policy, it must allow:
  script-src {url}; frame-src {url}
"""


def widget_routes(parents: frozenset[str]) -> list[BaseRoute]:
    """parents: origins of other sites whose pages may frame the panel."""

    async def panel(request: Request) -> Response:
        return _panel(request, " ".join(sorted(parents)))

    squeezed = [Middleware(GZipMiddleware)]
    return [
        Route(f"/{LOADER}", _loader, middleware=squeezed),
        Mount(
            "/widget",
            routes=[
                Route("/panel", panel),
                Route("/demo", _demo),
                Route("/allowed.js", _allowed),
                Route("/{version}/{name}", _versioned),
            ],
            middleware=squeezed,
        ),
    ]


async def _loader(request: Request) -> Response:
    return _sent(request.headers, assets()[LOADER], {"Cache-Control": _REVALIDATED, **_SHARED})


async def _versioned(request: Request) -> Response:
    name = request.path_params["name"]
    known = loader_version() if name == LOADER else version()
    if request.path_params["version"] != known or name not in assets():
        raise HTTPException(404, _OLD)
    return _sent(request.headers, assets()[name], {"Cache-Control": _FOR_EVER, **(_SHARED if name == LOADER else {})})


async def _allowed(_: Request) -> Response:
    """Nothing. Whether a page may read it tells the loader whether its site is allowed."""
    return Response(b"", media_type=_TYPES[".js"], headers={"Cache-Control": "no-store"})


def _panel(request: Request, parents: str) -> Response:
    base = _base()
    modules = (name for name in panel_files() if name.endswith(".js"))
    page = _template("panel.html").substitute(
        base=base,
        self=escape(own_origin(request.scope) or ""),
        parents=escape(parents),
        preloads="\n".join(f'<link rel="modulepreload" href="{base}/{name}">' for name in modules),
    )
    return HTMLResponse(
        page,
        headers={
            "Content-Security-Policy": f"{_PANEL_POLICY}; frame-ancestors 'self' {parents}".strip(),
            "Cache-Control": _REVALIDATED,
            # So that pages with such a policy of their own may frame it.
            "Cross-Origin-Embedder-Policy": "require-corp",
        },
    )


async def _demo(request: Request) -> Response:
    bot = request.app.state.bot
    if bot is None:
        raise not_ready()
    policy = f"{_DEMO_POLICY}; frame-ancestors 'none'"
    return HTMLResponse(_demo_page(bot.corpus), headers={"Content-Security-Policy": policy})


def _demo_page(corpus: Corpus) -> str:
    document = next(iter(corpus.documents.values()))
    return _template("demo.html").substitute(
        base=_base(),
        language=escape(document.language),
        title=escape(document.title),
        byline=escape(f"{document.author}, {document.publisher}"),
        article="".join(article_html(corpus, each) for each in corpus.documents.values()),
    )


def _base() -> str:
    return f"/widget/{version()}"


@cache
def _template(name: str) -> Template:
    return Template(files("bot").joinpath("widget", name).read_text(encoding="utf-8"))


def _sent(headers: Headers, asset: Asset, more: dict[str, str]) -> Response:
    known = {"ETag": asset.etag, **more}
    if headers.get("if-none-match") in (asset.etag, f"W/{asset.etag}"):
        return Response(status_code=304, headers=known)
    return Response(asset.content, media_type=asset.media_type, headers=known)
