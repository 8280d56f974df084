"""The widget's files as they are served: to whom, for how long, how large."""

import gzip
import re
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest
from fastapi.testclient import TestClient

from bot import Bot, Settings
from bot.web.api import create_app
from bot.web.widget import assets, embed_code, loader_version, version
from tests.web.server import Served, serving

GOOD = "https://good.test"
LOADER_LIMIT = 4_000
PANEL_LIMIT = 30_000
"""In bytes, gzipped."""


@pytest.fixture(scope="module")
def served(bot: Bot) -> Iterator[Served]:
    settings = Settings(rate_limit="off", allowed_origins=f"{GOOD}, http://localhost:3000")
    with serving(bot, settings, page=False) as served:
        yield served


def panel_files(served: Served) -> list[str]:
    """All that the panel loads, as its own HTML and modules name it."""
    page = served.client.get("/widget/panel").text
    named = [place for place in re.findall(r'(?:src|href)="(/widget/[^"]+)"', page) if place != "/widget.js"]
    modules = [place for place in named if place.endswith(".js")]
    for module in modules:
        imported = re.findall(r'from "\./([\w.]+)"', served.client.get(module).text)
        assert {f"{module.rpartition('/')[0]}/{name}" for name in imported} <= set(named), "not preloaded"
    return sorted(set(named))


def sent_bytes(response: httpx.Response) -> int:
    return int(response.headers["content-length"])


def test_the_loader_is_small(served: Served) -> None:
    response = served.client.get("/widget.js", headers={"Accept-Encoding": "gzip"})
    assert response.headers["content-encoding"] == "gzip"
    assert sent_bytes(response) <= LOADER_LIMIT
    assert "/*" not in response.text


def test_the_panel_is_small_in_all(served: Served) -> None:
    places = ["/widget/panel", *panel_files(served)]
    assert len(places) > 8
    responses = [served.client.get(place, headers={"Accept-Encoding": "gzip"}) for place in places]
    assert sum(map(sent_bytes, responses)) <= PANEL_LIMIT
    assert sum(len(gzip.compress(response.content, 9)) for response in responses) <= PANEL_LIMIT


def test_the_floating_loader_is_asked_for_anew_and_seldom_sent(served: Served) -> None:
    first = served.client.get("/widget.js")
    assert first.headers["cache-control"] == "no-cache"
    again = served.client.get("/widget.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = served.client.get("/widget.js", headers={"If-None-Match": '"other"'})
    assert other.content == first.content


def test_a_version_is_kept_for_ever_and_no_other_is_there(served: Served) -> None:
    for place in panel_files(served):
        response = served.client.get(place)
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]
        assert response.headers["content-type"].startswith(("text/javascript", "text/css"))
    pinned = served.client.get(f"/widget/{loader_version()}/widget.js")
    assert pinned.content == served.client.get("/widget.js").content
    others = ("0123456789abcdef/widget.js", f"{version()}/nothing.js", f"{version()}/widget.js", "x", "")
    for place in (f"/widget/{other}" for other in others):
        missing = served.client.get(place)
        assert missing.status_code == 404
        assert missing.headers["content-type"] == "application/problem+json"
    assert "python -m bot widget" in served.client.get("/widget/0123456789abcdef/widget.js").json()["detail"]


@pytest.mark.parametrize("place", ["/widget/../../app.py", f"/widget/{version()}/..%2f..%2fapi.py", "/widget/%2e%2e/x"])
def test_nothing_else_of_the_disk_is_there(served: Served, place: str) -> None:
    answered = served.raw(f"GET {place} HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n\r\n".encode())
    assert answered.startswith(b"HTTP/1.1 404 ")


def test_anybody_may_load_the_loader_and_only_that(served: Served) -> None:
    stranger = {"Origin": "https://stranger.test"}
    for place in ("/widget.js", f"/widget/{loader_version()}/widget.js"):
        response = served.client.get(place, headers=stranger)
        assert response.headers["access-control-allow-origin"] == "*"
        assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    for place in ("/widget/panel", f"/widget/{version()}/main.js"):
        assert "access-control-allow-origin" not in served.client.get(place, headers=stranger).headers


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (GOOD, 200),
        ("http://localhost:3000", 200),
        ("https://stranger.test", 403),
        ("http://good.test", 403),
        ("https://good.test.evil.test", 403),
        ("null", 403),
    ],
)
def test_a_site_can_find_out_whether_it_is_allowed(served: Served, origin: str, status: int) -> None:
    response = served.client.get("/widget/allowed.js", headers={"Origin": origin})
    assert response.status_code == status
    assert response.headers.get("access-control-allow-origin") == (origin if status == 200 else None)


def test_the_panel_may_be_framed_by_the_allowed_alone(served: Served, bot: Bot) -> None:
    policy = served.client.get("/widget/panel").headers["content-security-policy"]
    assert policy.endswith(f"frame-ancestors 'self' http://localhost:3000 {GOOD}")
    with TestClient(create_app(bot, Settings())) as alone:
        assert alone.get("/widget/panel").headers["content-security-policy"].endswith("frame-ancestors 'self'")


@pytest.mark.parametrize("place", ["/widget/panel", "/widget/demo"])
def test_the_policies_of_its_pages_are_strict(served: Served, place: str) -> None:
    response = served.client.get(place)
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
    assert "require-trusted-types-for 'script'" in policy
    assert not re.search(r"unsafe|\*|data:|blob:", policy)
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", response.text)


def test_a_page_with_a_policy_of_embedders_may_frame_the_panel(served: Served) -> None:
    headers = served.client.get("/widget/panel").headers
    assert headers["cross-origin-embedder-policy"] == "require-corp"
    assert headers["cross-origin-resource-policy"] == "cross-origin"


def test_the_panel_knows_where_it_is(served: Served) -> None:
    page = served.client.get("/widget/panel", headers={"Host": "bot.test:81"}).text
    assert '<meta name="footnote-self" content="http://bot.test:81">' in page


def test_before_the_index_is_open_the_widget_is_there_and_the_article_is_not() -> None:
    with TestClient(create_app(None, Settings())) as client:
        assert client.get("/widget.js").status_code == 200
        assert client.get("/widget/panel").status_code == 200
        demo = client.get("/widget/demo")
    assert demo.status_code == 503
    assert int(demo.headers["retry-after"]) > 0


def test_a_page_learns_the_language_of_the_pages(served: Served) -> None:
    assert served.client.get("/api/v1/config").json()["language"] == "en"


def test_the_tag_that_is_printed_is_the_one_that_is_served() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "bot", "widget", "--url", "https://bot.test/"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed == embed_code("https://bot.test")
    assert f'src="https://bot.test/widget/{loader_version()}/widget.js"' in printed
    assert f'integrity="{assets()["widget.js"].integrity}"' in printed
    for wrong in ("bot.test", "https://bot.test/chat"):
        command = [sys.executable, "-m", "bot", "widget", "--url", wrong]
        assert subprocess.run(command, capture_output=True, check=False).returncode == 2
