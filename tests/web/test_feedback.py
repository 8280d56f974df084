"""Ratings of replies over HTTP. Most need no index: the replies are put into the history."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from langchain_core.runnables import RunnableLambda

from bot import Bot, Settings
from bot.conversation.history import History
from bot.store.conversations import SqlConversationStore
from bot.values import MAX_COMMENT, Feedback
from bot.web.api import create_app
from bot.wiring import read_feedback
from tests.fakes import FakeSearcher, corpus_from, reply_in

PLACE = "/api/v1/feedback"
MARK = "zqxjkv"
"""In what is sent, and never in an error."""


@dataclass(frozen=True)
class Site:
    """An application with one reply, `r1`, kept."""

    client: TestClient
    settings: Settings
    path: Path
    conversation_id: str

    def rate(self, **body: object) -> Response:
        return self.client.post(PLACE, json={"reply_id": "r1", "rating": "up", **body})

    def rated(self) -> Feedback:
        (only,) = read_feedback(self.settings)
        return only


def bot_over(store: SqlConversationStore) -> Bot:
    """A bot that remembers, and always says the same."""
    corpus = corpus_from("A sentence.")
    same = RunnableLambda(lambda _: reply_in("c", "r"))
    return Bot(corpus, FakeSearcher(corpus), History(store), lambda turn: turn, same)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    settings = Settings(var_dir=tmp_path, rate_limit="off")
    store = SqlConversationStore(settings.conversations_url, settings.retention_days)
    bot = bot_over(store)
    begun = store.resume(None).id
    bot.history.keep(reply_in(begun, "r1"))
    with TestClient(create_app(bot, settings)) as client:
        yield Site(client, settings, tmp_path / "conversations.sqlite3", begun)


def is_problem(response: Response, status: int) -> str:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert MARK not in response.text
    detail: str = response.json()["detail"]
    return detail


def test_a_rating_is_kept_and_the_latest_counts(site: Site) -> None:
    first = site.rate(comment="  Just what\nI wanted to know.  ")
    assert first.status_code == 204
    assert first.content == b""
    assert site.rated().rating == "up"
    assert site.rated().comment == "Just what I wanted to know."
    assert site.rate(rating="down").status_code == 204
    assert site.rated().rating == "down"
    assert site.rated().comment is None


@pytest.mark.parametrize("comment", [None, "", " \n\t ", "\0", "\u200b\ufeff"])
def test_an_empty_comment_is_none(site: Site, comment: str | None) -> None:
    assert site.rate(comment=comment).status_code == 204
    assert site.rated().comment is None


def test_a_comment_tells_nobody_who_wrote_it(site: Site) -> None:
    site.rate(comment="My name is Ada Byron, write to ada@example.org or ring 212-555-0147.")
    assert site.rated().comment == "My name is [name], write to [email] or ring [phone]."


def test_halves_of_characters_and_control_characters_are_left_out(site: Site) -> None:
    body = json.dumps({"reply_id": "r1", "rating": "up", "comment": "good\ud83c\0\x1b[31m \U0001f344"})
    done = site.client.post(PLACE, content=body, headers={"Content-Type": "application/json"})
    assert done.status_code == 204
    assert site.rated().comment == "good[31m \U0001f344"


def test_the_length_of_a_comment_counts_after_trimming(site: Site) -> None:
    assert site.rate(comment=" " * 500 + "ä" * MAX_COMMENT + "\n" * 500).status_code == 204
    assert site.rated().comment == "ä" * MAX_COMMENT
    detail = is_problem(site.rate(rating="down", comment=MARK + "x" * MAX_COMMENT), 422)
    assert f"comment has {MAX_COMMENT + len(MARK)} characters" in detail
    assert f"limit is {MAX_COMMENT}" in detail
    assert site.rated().rating == "up"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"reply_id": "r1", "rating": MARK}, "rating: Input should be 'up' or 'down'."),
        ({"reply_id": "r1", "rating": "UP"}, "rating: Input should be 'up' or 'down'."),
        ({"reply_id": "r1", "rating": 1}, "rating: Input should be 'up' or 'down'."),
        ({"reply_id": "r1", "rating": None}, "rating: Input should be 'up' or 'down'."),
        ({"reply_id": "r1"}, "rating: Field required."),
        ({"rating": "up"}, "reply_id: Field required."),
        ({"reply_id": [MARK], "rating": "up"}, "reply_id: Input should be a valid string."),
        ({"reply_id": "r1", "rating": "up", "comment": [MARK]}, "comment: Input should be a valid string."),
    ],
)
def test_what_is_wrong_is_said(site: Site, body: object, said: str) -> None:
    assert is_problem(site.client.post(PLACE, json=body), 422) == said
    assert read_feedback(site.settings) == ()


@pytest.mark.parametrize("given", [MARK, "", "R1", MARK * 2_000, f"{MARK}\0", "' OR 1=1 --"])
def test_a_reply_never_given_out(site: Site, given: str) -> None:
    assert "Ask again" in is_problem(site.rate(reply_id=given), 404)


def test_half_a_character_is_no_id(site: Site) -> None:
    body = '{"reply_id": "\\ud800", "rating": "up"}'
    is_problem(site.client.post(PLACE, content=body, headers={"Content-Type": "application/json"}), 404)


def test_a_conversation_forgotten(site: Site) -> None:
    assert site.rate(comment=MARK).status_code == 204
    assert site.client.delete(f"/api/v1/conversations/{site.conversation_id}").status_code == 204
    is_problem(site.rate(), 404)
    assert read_feedback(site.settings) == ()


def test_a_conversation_past_its_time(site: Site) -> None:
    with sqlite3.connect(site.path) as connection:
        connection.execute("UPDATE conversations SET last_at = last_at - 31 * 86400")
    is_problem(site.rate(), 404)


def test_without_a_database(site: Site) -> None:
    with sqlite3.connect(site.path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        refused = site.rate(comment=MARK)
    is_problem(refused, 503)
    assert int(refused.headers["retry-after"]) > 0
    assert "locked" not in refused.text
    assert site.rate().status_code == 204


def test_before_the_index_is_open() -> None:
    with TestClient(create_app()) as client:
        refused = client.post(PLACE, json={"reply_id": "r1", "rating": "up"})
    is_problem(refused, 503)
    assert int(refused.headers["retry-after"]) > 0


def test_it_counts_with_the_other_calls(tmp_path: Path) -> None:
    bot = bot_over(SqlConversationStore("sqlite://", 30))
    with TestClient(create_app(bot, Settings(rate_limit="1/hour"))) as client:
        seen = [client.post(PLACE, json={"reply_id": "x", "rating": "up"}).status_code for _ in range(5)]
    assert seen == [404] * 4 + [429]


@pytest.mark.parametrize("message", ["What is the default mode network?", "I want to kill myself"])
def test_a_reply_of_the_chat_can_be_rated(bot: Bot, message: str) -> None:
    with TestClient(create_app(bot, Settings(rate_limit="off"))) as client:
        reply = client.post("/api/v1/chat", json={"message": message}).json()
        body = {"reply_id": reply["reply_id"], "rating": "down", "comment": "Too short."}
        assert client.post(PLACE, json=body).status_code == 204
