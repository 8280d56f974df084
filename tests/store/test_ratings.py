import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import HistoryError
from bot.store import conversations as module
from bot.store.conversations import SqlConversationStore
from bot.values import Feedback, Reply
from tests.fakes import Clock, reply_in

DAY = 86_400.0


def kept(store: SqlConversationStore, reply_id: str, conversation_id: str | None = None) -> Reply:
    """A reply of that id, kept in the conversation or in a new one."""
    reply = reply_in(conversation_id or store.resume(None).id, reply_id)
    store.add(reply)
    return reply


def rows(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        count: int = connection.execute("SELECT count(*) FROM ratings").fetchone()[0]
        return count


def test_a_rating_outlives_the_process(store: SqlConversationStore, path: Path, clock: Clock) -> None:
    kept(store, "r1")
    clock.time += 5
    assert store.rate("r1", "up", "That helped.")
    again = SqlConversationStore(f"sqlite:///{path}", 30, clock)
    assert again.rated() == (Feedback(clock.time, "up", "That helped.", "hi", "smalltalk", "Hello!"),)


def test_the_latest_counts_whole(store: SqlConversationStore, clock: Clock) -> None:
    kept(store, "r1")
    assert store.rate("r1", "up", "That helped.")
    clock.time += 5
    assert store.rate("r1", "down", None)
    (rated,) = store.rated()
    assert (rated.rating, rated.comment, rated.at) == ("down", None, clock.time)


def test_only_what_was_rated_is_listed_newest_first(store: SqlConversationStore, clock: Clock) -> None:
    first = kept(store, "r1")
    for reply_id in ("r2", "r3"):
        kept(store, reply_id, first.conversation_id)
    for reply_id in ("r3", "r1"):
        clock.time += 5
        store.rate(reply_id, "up", reply_id)
    assert [rated.comment for rated in store.rated()] == ["r1", "r3"]


@pytest.mark.parametrize("given", ["unknown", "", "R1", "x" * 100_000, "\ud800", "\0", "'; DROP TABLE ratings; --"])
def test_a_reply_never_given_out_cannot_be_rated(store: SqlConversationStore, given: str) -> None:
    kept(store, "r1")
    assert not store.rate(given, "up", None)
    assert store.rated() == ()


def test_forgetting_takes_it_along(store: SqlConversationStore, path: Path) -> None:
    reply, other = kept(store, "r1"), kept(store, "r2")
    store.rate("r1", "up", "a very private matter")
    store.rate("r2", "down", None)
    store.forget(reply.conversation_id)
    assert [rated.rating for rated in store.rated()] == ["down"]
    assert not store.rate("r1", "up", None)
    assert rows(path) == 1
    assert all(b"private matter" not in file.read_bytes() for file in path.parent.iterdir())
    assert store.read(other.conversation_id) is not None


def test_its_time_passes_with_the_conversation_and_the_sweep_takes_it(
    store: SqlConversationStore, path: Path, clock: Clock
) -> None:
    kept(store, "r1")
    clock.time += 29 * DAY
    assert store.rate("r1", "up", None)
    clock.time += 2 * DAY
    assert not store.rate("r1", "down", None)
    assert store.rated() == ()
    assert rows(path) == 1
    store.resume(None)
    assert rows(path) == 0


def test_what_is_over_the_most_kept_takes_its_rating_along(
    store: SqlConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT", 2)
    first = kept(store, "r1")
    assert store.rate("r1", "up", None)
    for reply_id in ("r2", "r3"):
        kept(store, reply_id, first.conversation_id)
    assert not store.rate("r1", "down", None)
    assert store.rate("r2", "down", None)
    assert [rated.rating for rated in store.rated()] == ["down"]


def test_a_reply_of_a_conversation_forgotten_meanwhile_cannot_be_rated(store: SqlConversationStore) -> None:
    begun = store.resume(None)
    store.forget(begun.id)
    kept(store, "r1", begun.id)
    assert not store.rate("r1", "up", None)


def test_a_database_of_before_there_were_ratings(store: SqlConversationStore, path: Path) -> None:
    old = kept(store, "old")
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE ratings")
    newer = SqlConversationStore(f"sqlite:///{path}", 30, lambda: 1_000_000.0)
    assert newer.rated() == ()
    assert not newer.rate("old", "up", None)
    kept(newer, "new", old.conversation_id)
    assert newer.rate("new", "up", None)
    conversation = newer.read(old.conversation_id)
    assert conversation is not None
    assert [exchange.reply.reply_id for exchange in conversation.exchanges] == ["old", "new"]


def test_a_reply_is_kept_with_its_row_or_not_at_all(store: SqlConversationStore, path: Path) -> None:
    reply = kept(store, "r1")
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE ratings")
    with pytest.raises(HistoryError, match="no such table"):
        store.add(replace(reply, reply_id="r2"))
    conversation = store.read(reply.conversation_id)
    assert conversation is not None
    assert [exchange.reply.reply_id for exchange in conversation.exchanges] == ["r1"]


def test_what_another_version_wrote_is_passed_over(store: SqlConversationStore, path: Path) -> None:
    for reply_id in ("old", "new"):
        reply = kept(store, reply_id)
        store.rate(reply.reply_id, "up", reply_id)
        if reply_id == "old":
            with sqlite3.connect(path) as connection:
                connection.execute("""UPDATE turns SET reply = '{"kind": "unheard of"}'""")
    assert [rated.comment for rated in store.rated()] == ["new"]


def test_locked(store: SqlConversationStore, path: Path) -> None:
    kept(store, "r1")
    store.rate("r1", "up", None)
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(HistoryError, match="locked"):
            store.rate("r1", "down", None)
        assert [rated.rating for rated in store.rated()] == ["up"]
