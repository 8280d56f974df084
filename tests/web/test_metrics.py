"""What Prometheus is told."""

import string
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_text
from starlette.routing import BaseRoute, Mount

from bot import Bot, Settings
from bot.errors import HistoryError
from bot.web.api import create_app
from bot.web.metrics import Metrics
from bot.web.schema import MAX_BODY
from tests.web.server import serving

QUESTION = {"message": "What is the default mode network?"}
CRISIS = {"message": "I want to kill myself tonight"}
DOSE = {"message": "How many grams of mushrooms should I take?"}

Series = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def series(client: TestClient) -> Series:
    text = client.get("/metrics").text
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in read_text(text)
        for sample in family.samples
    }


def grown(before: Series, after: Series) -> Series:
    """What series have grown by, apart from those of the scrape itself."""
    changes = {
        name: value - before.get(name, 0)
        for name, value in after.items()
        if name[0].startswith("footnote_") and not name[0].endswith("_created")
    }
    return {name: change for name, change in changes.items() if change and ("handler", "/metrics") not in name[1]}


def labels_of(metrics: Metrics) -> dict[str, set[str]]:
    """Every label's values."""
    text, _ = metrics.exposed("")
    found: dict[str, set[str]] = {}
    for family in read_text(text.decode()):
        for sample in family.samples:
            for name, value in sample.labels.items():
                found.setdefault(name, set()).add(value)
    return found


def client_for(bot: Bot | None, **settings: str) -> TestClient:
    return TestClient(create_app(bot, Settings(**{"rate_limit": "off"} | settings)))


@pytest.fixture
def client(bot: Bot) -> Iterator[TestClient]:
    with client_for(bot) as client:
        yield client


def test_either_text_format_can_be_had(client: TestClient) -> None:
    plain = client.get("/metrics")
    assert plain.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert plain.headers["cache-control"] == "no-store"
    names = {family.name for family in read_text(plain.text)}
    assert {"footnote_http_requests", "footnote_replies", "footnote_ready", "process_cpu_seconds"} <= names
    asked = {"Accept": "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3"}
    other = client.get("/metrics", headers=asked)
    assert other.headers["content-type"].startswith("application/openmetrics-text")
    assert {family.name for family in read_openmetrics(other.text)} <= names
    assert "footnote_replies_total" in other.text


def test_a_reply_is_counted_by_kind_with_its_stages(client: TestClient) -> None:
    before = series(client)
    timings = client.post("/api/v1/chat", json=QUESTION).json()["timings_ms"]
    found = grown(before, series(client))
    assert found.pop(("footnote_replies_total", (("kind", "answer"),))) == 1
    request = (("handler", "/api/v1/chat"), ("method", "POST"), ("status", "200"))
    assert found.pop(("footnote_http_requests_total", request)) == 1
    stages = {labels[0][1] for name, labels in found if name == "footnote_stage_duration_seconds_count"}
    assert stages == set(timings)
    total = found["footnote_stage_duration_seconds_sum", (("stage", "total"),)]
    assert total == pytest.approx(timings["total"] / 1000, abs=1e-4)


def test_calls_other_than_messages_are_timed(client: TestClient) -> None:
    before = series(client)
    client.get("/api/v1/search?q=serotonin")
    found = grown(before, series(client))
    assert found["footnote_http_request_duration_seconds_count", (("handler", "/api/v1/search"),)] == 1


def test_nobody_sees_that_somebody_is_in_danger(client: TestClient) -> None:
    before = series(client)
    assert client.post("/api/v1/chat", json=DOSE).json()["kind"] == "declined"
    between = series(client)
    assert client.post("/api/v1/chat", json=CRISIS).json()["kind"] == "crisis"
    declined, crisis = grown(before, between), grown(between, series(client))
    assert declined == crisis
    assert (("footnote_replies_total", (("kind", "guarded"),))) in crisis


def test_help_lines_before_the_index_is_open_are_told_by_nothing() -> None:
    client = client_for(None)
    before = series(client)
    assert client.post("/api/v1/chat", json=CRISIS).json()["kind"] == "crisis"
    assert client.post("/api/v1/chat", json=QUESTION).status_code == 503
    assert not grown(before, series(client))


def test_help_lines_are_told_the_day_after(bot: Bot) -> None:
    days = [date(2026, 2, 28)]
    metrics = Metrics(lambda: True, lambda: True, lambda: days[-1])

    def told() -> float:
        text, _ = metrics.exposed("")
        [sample] = [s for f in read_text(text.decode()) for s in f.samples if "help_lines" in s.name]
        return sample.value

    for message in (CRISIS, CRISIS, QUESTION):
        metrics.replied(bot.ask(message["message"]))
    assert told() == 0
    days.append(days[-1] + timedelta(1))
    assert told() == 2
    metrics.replied(bot.ask(CRISIS["message"]))
    assert told() == 2
    days.append(days[-1] + timedelta(1))
    assert told() == 1
    days.append(days[-1] + timedelta(2))
    assert told() == 0


def test_what_is_refused_is_counted(bot: Bot) -> None:
    client = client_for(bot, rate_limit="1/hour")
    client.post("/api/v1/chat", json=QUESTION)
    before = series(client)
    client.post("/api/v1/chat", json=QUESTION)
    client.post("/api/v1/chat", json={"message": "x" * MAX_BODY})
    client.post("/api/v1/chat", json=QUESTION, headers={"Origin": "https://elsewhere.example"})
    client.get("/api/v1/chat", headers={"Host": "no host"})
    found = {
        dict(labels)["status"]: value
        for (name, labels), value in grown(before, series(client)).items()
        if name == "footnote_http_requests_total"
    }
    assert found == {"429": 1, "413": 1, "403": 1, "400": 1}


def test_ratings_are_counted(client: TestClient) -> None:
    reply = client.post("/api/v1/chat", json=QUESTION).json()["reply_id"]
    before = series(client)
    assert client.post("/api/v1/feedback", json={"reply_id": reply, "rating": "up"}).status_code == 204
    assert client.post("/api/v1/feedback", json={"reply_id": "none", "rating": "down"}).status_code == 404
    found = grown(before, series(client))
    assert found[("footnote_feedback_total", (("rating", "up"),))] == 1
    assert ("footnote_feedback_total", (("rating", "down"),)) not in found


def test_before_the_index_is_open_it_says_so() -> None:
    client = client_for(None)
    client.get("/readyz")
    found = series(client)
    assert found[("footnote_ready", ())] == 0
    request = (("handler", "/readyz"), ("method", "GET"), ("status", "503"))
    assert found[("footnote_http_requests_total", request)] == 1


def test_whether_conversations_are_kept(client: TestClient, bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (series(client)[("footnote_ready", ())], series(client)[("footnote_history_kept", ())]) == (1, 1)
    monkeypatch.setattr(bot.history, "problem", "no database")
    assert (series(client)[("footnote_ready", ())], series(client)[("footnote_history_kept", ())]) == (1, 0)


@given(path=st.text(string.ascii_letters + "/._-{}%é", max_size=30), method=st.text(min_size=1, max_size=8))
def test_what_visitors_ask_for_makes_no_series(path: str, method: str) -> None:
    metrics = Metrics(lambda: True, lambda: True)
    for place in (f"/{path}", f"/x{path}", f"/api/v1/x{path}"):
        metrics.requested(method, place, 404, 0.1)
        metrics.requested(f"x{method}", place, 404, 0.1)
    found = labels_of(metrics)
    assert found["handler"] <= {"other", *(name for name in found["handler"] if f"/{path}".startswith(name))}
    assert found["method"] <= {"other", "GET", "POST", "DELETE", "OPTIONS"}


def test_every_call_has_a_name_of_its_own(bot: Bot) -> None:
    def paths(routes: list[BaseRoute]) -> Iterator[str]:
        for route in routes:
            if hasattr(route, "original_router"):
                yield from paths(route.original_router.routes)
            elif isinstance(route, Mount) or hasattr(route, "path"):
                yield route.path

    metrics = Metrics(lambda: True, lambda: True)
    for path in paths(create_app(bot, Settings()).routes):
        metrics.requested("GET", path, 200, 0.1)
    handlers = labels_of(metrics)["handler"]
    assert "other" not in handlers
    assert len(handlers) >= 12


def test_the_chat_page_is_counted_as_well(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(bot, Settings(rate_limit="off")) as served:
        before = series(served.client)
        assert served.visit(QUESTION["message"])["success"]
        found = grown(before, series(served.client))
        assert found[("footnote_replies_total", (("kind", "answer"),))] == 1
        assert ("footnote_page_unanswered_total", ()) not in found

        def fail(*_: object) -> None:
            raise HistoryError("told to the visitor") if expected else RuntimeError

        monkeypatch.setattr(bot, "ask", fail)
        for expected in (True, False):
            before = series(served.client)
            served.visit(QUESTION["message"])
            found = grown(before, series(served.client))
            assert (("footnote_page_unanswered_total", ()) in found) is not expected
