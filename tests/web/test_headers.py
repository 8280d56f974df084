"""What every response carries, wherever it comes from."""

import re
from collections.abc import Iterator

import httpx
import pytest

from bot import Bot, Settings
from tests.web.server import Served, join, serving

SOURCE = "/source/psilocybin-plasticity-article"
JSON = {"Content-Type": "application/json"}
STRICT = "default-src 'none'; frame-ancestors 'none'"

CALLS = [
    ("GET", "/healthz", 200),
    ("GET", "/readyz", 200),
    ("GET", "/metrics", 200),
    ("GET", "/openapi.json", 200),
    ("GET", "/api/v1/config", 200),
    ("GET", "/api/v1/search?q=serotonin", 200),
    ("GET", "/api/v1/search", 422),
    ("GET", "/api/v1/conversations/x", 404),
    ("DELETE", "/api/v1/conversations/x", 404),
    ("GET", "/api/v1/chat", 405),
    ("POST", "/api/v1/chat", 400),
    ("OPTIONS", "/api/v1/chat", 405),
    ("GET", SOURCE, 200),
    ("GET", "/source/nothing", 404),
    ("GET", "/ui/chat.css", 200),
    ("GET", "/ui/nothing", 404),
    ("GET", "/", 200),
    ("HEAD", "/", 200),
    ("GET", "/theme.css", 200),
    ("GET", "/manifest.json", 200),
    ("GET", "/favicon.ico", 200),
    ("GET", "/assets/nothing.js", 404),
    ("GET", "/gradio_api/app_id", 200),
    ("GET", "/gradio_api/queue/data?session_hash=nobody", 200),
    ("POST", "/gradio_api/queue/join", 400),
    ("POST", "/gradio_api/upload", 400),
    ("GET", "/nothing", 404),
    ("TRACE", "/", 404),
]
"""The body of a POST is no JSON."""


@pytest.fixture(scope="module")
def served(bot: Bot) -> Iterator[Served]:
    with serving(bot, Settings(rate_limit="off")) as served:
        yield served


def ask(served: Served, method: str, place: str) -> httpx.Response:
    content = b"{" if method == "POST" else None
    return served.client.request(method, place, content=content, headers={**JSON, "Cookie": "a=b"})


@pytest.mark.parametrize(("method", "place", "status"), CALLS)
def test_every_response_is_dressed(served: Served, method: str, place: str, status: int) -> None:
    response = ask(served, method, place)
    assert response.status_code == (404 if place == "/gradio_api/upload" else status)
    headers = response.headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    granted = dict(part.split("=") for part in headers["permissions-policy"].split(", "))
    assert granted.keys() >= {"camera", "microphone", "geolocation", "payment", "usb"}
    assert set(granted.values()) == {"()"}
    assert "set-cookie" not in headers
    assert "server" not in headers
    assert not [name for name in headers if name.startswith("access-control-")]
    for name in set(headers):
        assert len(headers.get_list(name)) == 1, name
    if status >= 400:
        assert headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("method", "place", "status"), CALLS)
def test_the_policy_is_strict_but_for_pages(served: Served, method: str, place: str, status: int) -> None:
    policy = ask(served, method, place).headers["content-security-policy"]
    assert ("unsafe-" in policy) == (place == "/" and status == 200)
    assert policy.startswith("default-src 'none'")
    assert not re.search(r"https?:|\*|data:|blob:", policy)
    if place not in ("/", SOURCE) or status != 200:
        assert policy == STRICT


def test_the_page_has_one_exception_and_names_its_scripts(served: Served) -> None:
    page = served.client.get("/")
    policy = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
    assert [name for name, value in policy.items() if "unsafe-" in value] == ["style-src"]
    assert policy["connect-src"] == "'self'"
    assert {policy[name] for name in ("base-uri", "form-action", "object-src")} == {"'none'"}
    inline = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", page.text)
    assert policy["script-src"].count("sha256-") == len(inline) > 0
    assert page.headers["cache-control"] == "no-store"
    assert int(page.headers["content-length"]) == len(page.content)


def test_a_stream_is_dressed_too(served: Served) -> None:
    response = served.client.post("/api/v1/chat", json={"message": "thanks"}, headers={"Accept": "text/event-stream"})
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["content-security-policy"] == STRICT
    assert response.headers["x-content-type-options"] == "nosniff"


def test_gradios_own_answers_to_origins_are_taken_off(served: Served) -> None:
    response = served.post_to_queue(join("thanks"), {"Origin": served.url})
    assert response.status_code == 200
    assert not [name for name in response.headers if name.startswith("access-control-")]


def test_an_error_is_dressed_too(bot: Bot) -> None:
    class Broken(Bot):
        def __init__(self) -> None:
            self.__dict__.update(bot.__dict__)

        def ask(self, message: str, conversation_id: str | None = None):
            raise RuntimeError(message)

    with serving(Broken(), Settings(rate_limit="off")) as served:
        response = served.client.post("/api/v1/chat", json={"message": "thanks"})
    assert response.status_code == 500
    assert response.headers["content-security-policy"] == STRICT
    assert response.headers["x-content-type-options"] == "nosniff"


def test_where_other_sites_are_allowed_they_may_load_what_lies_under_ui(bot: Bot) -> None:
    with serving(bot, Settings(rate_limit="off", allowed_origins="https://good.test")) as served:
        embedding = {
            place: served.client.get(place).headers["cross-origin-resource-policy"]
            for place in ("/ui/chat.css", "/api/v1/config", "/", SOURCE)
        }
    assert embedding.pop("/ui/chat.css") == "cross-origin"
    assert set(embedding.values()) == {"same-origin"}


@pytest.mark.parametrize("place", ["/", "/healthz", "/api/v1/config", "/ui/chat.css", SOURCE, "/nothing"])
def test_a_head_is_the_get_without_its_body(served: Served, place: str) -> None:
    head, got = served.client.head(place), served.client.get(place)
    assert head.status_code == got.status_code
    assert head.content == b""
    passing = {"date", "connection", "content-security-policy"}
    assert {name for name in head.headers if name not in passing} == {
        name for name in got.headers if name not in passing
    }
