"""How often one may ask, and who is never turned away."""

import sqlite3
import time
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from limits import parse

from bot import Bot, Settings
from bot.web.api import create_app
from bot.web.rates import PER_CONVERSATION, Rates
from tests.web.server import Served, serving, text_of

MESSAGE = {"message": "thanks"}
DANGER = {"message": "I want to kill myself"}


def client_for(bot: Bot, rate_limit: str, address: str = "192.0.2.1", trusted: str = "") -> TestClient:
    settings = Settings(rate_limit=rate_limit, trusted_proxies=trusted)
    return TestClient(create_app(bot, settings), client=(address, 1234))


def statuses(client: TestClient, count: int, **headers: str) -> list[int]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return [client.post("/api/v1/chat", json=MESSAGE, headers=named).status_code for _ in range(count)]


def test_over_the_limit_the_api_says_when_to_come_back(bot: Bot) -> None:
    client = client_for(bot, "3/hour")
    assert statuses(client, 4) == [200, 200, 200, 429]
    for accept in ("application/json", "text/event-stream"):
        refused = client.post("/api/v1/chat", json=MESSAGE, headers={"Accept": accept})
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.json()["status"] == 429
        assert 3590 <= int(refused.headers["retry-after"]) <= 3600
        assert refused.headers["retry-after"] in refused.json()["detail"]


def test_people_in_danger_are_never_turned_away(bot: Bot) -> None:
    client = client_for(bot, "1/hour")
    assert statuses(client, 2) == [200, 429]
    for _ in range(5):
        helped = client.post("/api/v1/chat", json=DANGER)
        assert helped.status_code == 200
        assert helped.json()["kind"] == "crisis"
        told = client.post("/api/v1/chat", json=DANGER, headers={"Accept": "text/event-stream"})
        assert told.status_code == 200
        assert '"kind": "crisis"' in told.text
    assert statuses(client, 1) == [429]


def test_of_a_message_that_is_turned_away_nothing_is_kept(bot: Bot, settings: Settings) -> None:
    def kept() -> int:
        with sqlite3.connect(settings.var_dir / "conversations.sqlite3") as connection:
            count: int = connection.execute("SELECT count(*) FROM conversations").fetchone()[0]
            return count

    client = client_for(bot, "1/hour")
    assert statuses(client, 1) == [200]
    before = kept()
    assert statuses(client, 3) == [429, 429, 429]
    assert client.post("/api/v1/chat", json={**MESSAGE, "conversation_id": "x" * 32}).status_code == 429
    assert kept() == before
    assert client.post("/api/v1/chat", json=DANGER).status_code == 200
    assert kept() == before + 1


def test_what_is_danger_in_its_conversation_is_not_turned_away(bot: Bot) -> None:
    first = bot.ask(DANGER["message"]).conversation_id
    client = client_for(bot, "1/hour")
    assert statuses(client, 2) == [200, 429]
    body = {"message": "how high is the tallest bridge here?", "conversation_id": first}
    helped = client.post("/api/v1/chat", json=body).json()
    assert (helped["kind"], helped["conversation_id"]) == ("crisis", first)


def test_the_window_moves(bot: Bot) -> None:
    client = client_for(bot, "1/second")
    assert statuses(client, 2) == [200, 429]
    refused = client.post("/api/v1/chat", json=MESSAGE)
    assert refused.headers["retry-after"] == "1"
    time.sleep(1)
    assert statuses(client, 1) == [200]


def test_a_conversation_has_a_limit_of_its_own(bot: Bot) -> None:
    app = create_app(bot, Settings(rate_limit="1000/minute"))
    first = TestClient(app).post("/api/v1/chat", json=MESSAGE).json()["conversation_id"]
    seen = []
    for number in range(PER_CONVERSATION.amount + 1):
        client = TestClient(app, client=(f"192.0.2.{number}", 1))
        seen.append(client.post("/api/v1/chat", json={**MESSAGE, "conversation_id": first}).status_code)
    assert seen == [200] * PER_CONVERSATION.amount + [429]
    assert TestClient(app).post("/api/v1/chat", json=MESSAGE).status_code == 200


def test_other_calls_share_a_wider_limit_apart_from_messages(bot: Bot) -> None:
    client = client_for(bot, "2/hour")
    places = ["/api/v1/search?q=dmn", "/api/v1/conversations/x", "/api/v1/config", "/api/v1/nothing"]
    assert [client.get(place).status_code for place in places * 2] == [200, 404, 200, 404] * 2
    refused = client.get(places[0])
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert client.delete("/api/v1/conversations/x").status_code == 429
    assert statuses(client, 3) == [200, 200, 429]


def test_health_and_pages_are_not_limited(bot: Bot) -> None:
    client = client_for(bot, "1/hour")
    for place in ("/healthz", "/readyz", "/metrics", "/ui/chat.css", "/source/psilocybin-plasticity-article"):
        assert {client.get(place).status_code for _ in range(30)} == {200}


def test_off(bot: Bot) -> None:
    client = client_for(bot, "off")
    known = client.post("/api/v1/chat", json=MESSAGE).json()["conversation_id"]
    seen = {
        client.post("/api/v1/chat", json={**MESSAGE, "conversation_id": known}).status_code
        for _ in range(PER_CONVERSATION.amount + 15)
    }
    assert seen == {200}


def test_what_a_client_says_of_its_address_is_not_believed(bot: Bot) -> None:
    client = client_for(bot, "2/hour")
    claims = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host")
    seen = [
        client.post("/api/v1/chat", json=MESSAGE, headers=dict.fromkeys(claims, f"198.51.100.{n}")).status_code
        for n in range(4)
    ]
    assert seen == [200, 200, 429, 429]


@pytest.mark.parametrize(
    ("forwarded", "same"),
    [
        (["203.0.113.1", "203.0.113.2"], False),
        (["6.6.6.1, 203.0.113.1", "6.6.6.2, 203.0.113.1"], True),
        (["203.0.113.1, 10.0.0.9", "203.0.113.1"], True),
        (["203.0.113.1, 10.0.0.9", "203.0.113.2, 10.0.0.8"], False),
        (["203.0.113.1:4711", "203.0.113.1:4712"], True),
        (["::ffff:203.0.113.1", "203.0.113.1"], True),
        (["2001:db8:1:2::1", "[2001:db8:1:2::9]:443"], True),
        (["2001:db8:1:2::1", "2001:db8:1:3::1"], False),
        (["unknown", "_hidden"], True),
        (["203.0.113.1, nonsense", "203.0.113.2, nonsense"], True),
        (["10.0.0.7", "10.0.0.8"], False),
    ],
)
def test_a_trusted_proxy_says_who_asks(bot: Bot, forwarded: list[str], same: bool) -> None:
    client = client_for(bot, "1/hour", address="10.0.0.1", trusted="10.0.0.0/8")
    first, second = (statuses(client, 1, X_Forwarded_For=value)[0] for value in forwarded)
    assert first == 200
    assert second == (429 if same else 200)


def test_two_forwarded_headers_are_read_as_one(bot: Bot) -> None:
    client = client_for(bot, "1/hour", address="10.0.0.1", trusted="10.0.0.0/8")
    for first, status in (("6.6.6.1", 200), ("6.6.6.2", 429)):
        headers = [("X-Forwarded-For", first), ("X-Forwarded-For", "203.0.113.1")]
        assert client.post("/api/v1/chat", json=MESSAGE, headers=headers).status_code == status


@pytest.mark.parametrize(("address", "status"), [("10.0.0.1", 200), ("192.0.2.1", 403)])
def test_only_a_trusted_proxy_says_how_it_was_reached(bot: Bot, address: str, status: int) -> None:
    client = client_for(bot, "off", address=address, trusted="10.0.0.0/8")
    headers = {"Host": "chat.example.org", "Origin": "https://chat.example.org", "X-Forwarded-Proto": "https"}
    assert client.post("/api/v1/chat", json=MESSAGE, headers=headers).status_code == status


def test_who_is_gone_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    hours = [0.0]
    wall = time.time()
    monkeypatch.setattr(time, "time", lambda: wall + hours[0] * 3600)
    rates = Rates(parse("2/minute"), now=lambda: hours[0] * 3600)
    for number in range(500):
        assert rates.message(f"192.0.2.{number}", f"conversation {number}") == 0
    assert rates.remembered == 1000
    for _ in range(20):
        hours[0] += 1
        rates.message("198.51.100.1", None)
        time.sleep(0.05)
    assert rates.remembered <= 2


def test_a_clock_that_is_set_back_locks_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    rates = Rates(parse("1/minute"))
    assert rates.message("192.0.2.1", None) == 0
    assert rates.message("192.0.2.1", None) > 0
    wall = time.time() - 86_400
    monkeypatch.setattr(time, "time", lambda: wall)
    assert rates.message("192.0.2.1", None) == 0
    assert rates.message("192.0.2.1", None) == 0
    assert 0 < rates.message("192.0.2.1", None) <= 60


@pytest.fixture(scope="module")
def served(bot: Bot) -> Iterator[Served]:
    with serving(bot, Settings(rate_limit="2/hour")) as served:
        yield served


def test_the_page_says_it_in_words_and_keeps_the_question(served: Served) -> None:
    shown: list = []
    for _ in range(2):
        shown = served.visit("thanks", shown)["chat"]
    refused = served.visit("What is LTP?", shown)
    assert refused["success"]
    assert refused["box"] == "What is LTP?"
    assert "try again in" in text_of(refused["chat"])
    assert len(refused["chat"]) == len(shown) + 1
    assert served.client.post("/api/v1/chat", json=MESSAGE).status_code == 429
    chosen = served.visit("What is LTP?", shown, "suggestion")
    assert "try again in" in text_of(chosen["chat"])
    helped = served.visit(DANGER["message"], shown)
    assert helped["box"] == ""
    assert 'data-kind="crisis"' in text_of(helped["chat"])
    assert served.visit("", shown, "clear")["chat"] == []
