"""What can be reached at all."""

import re
from collections.abc import Iterator

import pytest
from starlette.routing import BaseRoute, Mount, Route

from bot import Bot, Settings
from bot.web.api import create_app
from bot.web.joining import EVENTS
from bot.web.ui import create_page
from tests.web.server import Served, join, serving, text_of

OURS = {
    "POST /api/v1/chat",
    "GET /api/v1/search",
    "GET /api/v1/conversations/{conversation_id}",
    "DELETE /api/v1/conversations/{conversation_id}",
    "GET /api/v1/config",
    "GET /source/{document_id}",
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",
    "GET /openapi.json",
    "POST /api/v1/feedback",
    "GET /widget.js",
    "GET /widget/panel",
    "GET /widget/demo",
    "GET /widget/allowed.js",
    "GET /widget/{version}/{name}",
}
OF_THE_PAGE = {
    "GET /",
    "HEAD /",
    "GET /assets/{path}",
    "GET /theme.css",
    "GET /favicon.ico",
    "GET /manifest.json",
    "GET /static/{path}",
    "GET /gradio_api/app_id",
    "GET /gradio_api/heartbeat/{session_hash}",
    "GET /gradio_api/queue/data",
    "POST /gradio_api/queue/join",
}
"""All that answers other than 404."""

STATIC = {"/assets/{path}": None, "/static/{path}": "/static/img/logo_nosize.svg"}


@pytest.fixture(scope="module")
def served(bot: Bot) -> Iterator[Served]:
    with serving(bot, Settings(rate_limit="off")) as served:
        yield served


def routes_of(routes: list[BaseRoute]) -> Iterator[tuple[str, str]]:
    for route in routes:
        if isinstance(route, Mount):
            yield from ((method, route.path + path) for method, path in routes_of(route.routes or []))
        elif hasattr(route, "original_router"):
            yield from routes_of(route.original_router.routes)
        elif isinstance(route, Route):
            for method in route.methods or {"GET"}:
                yield method, re.sub(r":path}", "}", route.path)


def test_the_inventory_of_routes(served: Served, bot: Bot) -> None:
    page = create_page(bot)
    known = {*routes_of(create_app(bot, Settings()).routes), *routes_of(page.routes)}
    assert len(known) > 80
    script = re.search(r'src="\./(assets/[^"]+)"', served.client.get("/").text)
    assert script is not None
    filled = {
        **STATIC,
        "/assets/{path}": f"/{script[1]}",
        "/gradio_api/queue/data": "/gradio_api/queue/data?session_hash=x",
    }
    answering = set()
    for method, path in sorted(known):
        place = filled.get(path) or re.sub(r"{\w+}", "x", path)
        with served.client.stream(method, place, headers={"Content-Type": "application/json"}) as response:
            if response.status_code != 404 or "no such" in response.read().decode():
                answering.add(f"{method} {path}")
    assert {name for name in answering if not name.startswith("HEAD ") or name == "HEAD /"} == OURS | OF_THE_PAGE


@pytest.mark.parametrize(
    "place",
    [
        *("/config", "/info", "/gradio_api/info", "/gradio_api/openapi.json", "/gradio_api/startup-events", "/login"),
        *("/gradio_api/login_check", "/gradio_api/token", "/gradio_api/user", "/gradio_api/theme.css", "/robots.txt"),
        *("/monitoring", "/monitoring/summary", "/gradio_api/file=/etc/passwd", "/file=/etc/passwd", "/svelte/x.js"),
        *("/gradio_api/proxy=https://example.org/", "/gradio_api/runs", "/gradio_api/deep_link", "/pwa_icon/192"),
        *("/gradio_api/stream/a/b/c/playlist.m3u8", "/gradio_api/file/x", "/static/js/../../index.html", "//"),
        *("/assets/../index.html", "/assets/%2e%2e/index.html", "/assets/..%2findex.html", "/assets/x.js/y", "/./"),
        *("/gradio_api/heartbeat/UPPER", "/gradio_api/heartbeat/a/b", "/gradio_api/heartbeat/" + "a" * 33, "/docs"),
        *("/gradio_api/queue/data", "/gradio_api/queue/data?session_hash=A", "/gradio_api/queue/data?x=1", "/redoc"),
        *("/gradio_api/queue/data?session_hash=a&session_hash=b", "/gradio_api/queue/join", "/static/img/logo.svg"),
        *("/static/fonts/IBMPlexSans/IBMPlexSans-Bold.woff2", "/gradio_api/call/ask/x", "/gradio_api/vibe-code/"),
    ],
)
def test_the_rest_of_gradio_is_not_there(served: Served, place: str) -> None:
    answered = served.raw(f"GET {place} HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n\r\n".encode())
    assert answered.startswith(b"HTTP/1.1 404 ")
    assert b"application/problem+json" in answered


@pytest.mark.parametrize(
    "place",
    [
        *(
            "upload",
            "run/ask",
            "api/ask",
            "call/ask",
            "call/v2/ask",
            "cancel",
            "reset",
            "component_server",
            "queue/join/",
        ),
        *("stream/x", "run-history/connect", "process_recording", "vibe-edit", "queue/data", "heartbeat/a", "../login"),
    ],
)
def test_nothing_else_can_be_posted(served: Served, place: str) -> None:
    response = served.client.post(f"/gradio_api/{place}", json=join("thanks"))
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


def test_files_cannot_be_uploaded(served: Served) -> None:
    response = served.client.post("/gradio_api/upload", files={"files": ("a.html", b"<script>alert(1)</script>")})
    assert response.status_code == 415
    assert "alert" not in response.text


@pytest.mark.parametrize(
    "changed",
    [
        {"fn_index": EVENTS},
        {"fn_index": -1},
        {"fn_index": None},
        {"fn_index": "ask"},
        {"session_hash": None},
        {"session_hash": "../x"},
        {"session_hash": "a" * 33},
        {"session_hash": "a\n"},
        {"trigger_id": "x"},
        {"data": []},
        {"data": ["thanks"]},
        {"data": ["thanks", [], None, None]},
        {"data": ["thanks", [], "somebody's id"]},
        {"data": [{"path": "/etc/passwd"}, [], None]},
        {"data": ["thanks", [{"role": "system", "content": []}], None]},
        {"data": ["thanks", [{"role": "user", "content": "text"}], None]},
        {"data": ["thanks", [{"role": "user", "content": [{"file": {"path": "/etc/passwd"}, "type": "file"}]}], None]},
        {"data": ["thanks", [{"role": "user", "content": [{"component": "html", "type": "component"}]}], None]},
        {"event_data": {"index": 0, "value": {"path": "/etc/passwd"}}},
        {"event_data": {"index": [0, 1], "value": "x"}},
    ],
)
def test_events_of_another_shape_are_refused(served: Served, changed: dict) -> None:
    response = served.post_to_queue({**join("thanks"), **changed})
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert "passwd" not in response.text


def test_there_are_as_many_events_as_the_fence_lets_through(bot: Bot) -> None:
    gradio_app = next(route.app for route in create_page(bot).routes if isinstance(route, Mount))
    assert len(gradio_app.get_blocks().fns) == EVENTS


def test_unknown_fields_go_no_further(served: Served) -> None:
    extra = {"event_id": "x", "oauth_token": "x", "simple_format": True, "batched": True, "session_hash": "extra"}
    assert served.post_to_queue({**join("thanks"), **extra}).status_code == 200
    assert served.finished("extra")["success"]


def test_every_event_of_the_page(served: Served) -> None:
    shown = served.visit("What is the default mode network?")["chat"]
    assert 'data-kind="answer"' in text_of(shown)
    for event in ("example", "suggestion"):
        assert len(served.visit("What is LTP?", shown, event)["chat"]) == 4
    for event in ("clear", "forget"):
        assert served.visit("", shown, event)["chat"] == []
    assert "empty" in text_of(served.visit("", [], "example")["chat"])


def test_scripts_are_compressed(served: Served) -> None:
    script = re.search(r'src="\./(assets/[^"]+)"', served.client.get("/", headers={"Accept-Encoding": "br"}).text)
    assert script is not None
    first = served.client.get(f"/{script[1]}", headers={"Accept-Encoding": "br"})
    assert first.headers["content-encoding"] == "br"
    assert "accept-encoding" in first.headers["vary"].lower()


def test_a_long_conversation_stays_under_the_limit_of_bodies(served: Served) -> None:
    piece = {
        "role": "assistant",
        "metadata": None,
        "content": [{"text": "“é”" * 1500, "type": "text"}],
        "options": None,
    }
    shown = [{**piece, "role": "user"}, piece] * 40
    for question in ("thanks", "thanks", ""):
        shown = served.visit(question, shown)["chat"]
    assert 50 < len(shown) < 83


def test_a_body_over_the_limit_is_refused_as_it_comes(served: Served) -> None:
    declared = served.post_to_queue(b" " * (1024 * 1024 + 1))
    assert declared.status_code == 413

    def parts() -> Iterator[bytes]:
        for _ in range(1100):
            yield b" " * 1024

    counted = served.client.post(
        "/gradio_api/queue/join", content=parts(), headers={"Content-Type": "application/json"}
    )
    assert counted.status_code == 413


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_form_of_another_site_is_refused(served: Served, kind: str) -> None:
    assert served.post_to_queue(join("thanks"), {"Content-Type": kind}).status_code == 415


def test_a_failure_in_the_page_is_said_in_plain_words(
    bot: Bot, capfd: pytest.CaptureFixture, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Bot):
        def __init__(self) -> None:
            self.__dict__.update(bot.__dict__)

        def ask(self, message: str, conversation_id: str | None = None):
            raise RuntimeError(f"secret {message}")

    with serving(Broken(), Settings(rate_limit="off")) as served:
        failed = served.visit("my private trouble")
    assert failed["success"]
    assert failed["box"] == "my private trouble"
    assert text_of(failed["chat"]).startswith("Something went wrong")
    assert "secret" not in failed["raw"]
    assert "unexpected RuntimeError at " in caplog.text
    said = "".join(capfd.readouterr()) + caplog.text
    assert "private trouble" not in said
