import itertools
import logging
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.conversation import owed as module
from bot.conversation.history import History
from bot.errors import HistoryError
from bot.store import engine
from bot.store.conversations import SqlConversationStore
from bot.values import Citation, Conversation, Decision, Rating, Reply, Trace, Understanding
from tests.fakes import Clock, reply_in

AGAIN = "Conversations are kept again."


class FailingStore:
    """A store that works or fails as it is told, and counts what it is asked."""

    def __init__(self) -> None:
        self.problem: str | None = None
        self.is_full = False
        self.calls = 0
        self.added: list[Reply] = []
        self.meanwhile: Callable[[], object] = lambda: None

    def _step(self) -> None:
        self.calls += 1
        self.meanwhile()
        if self.problem is not None:
            raise HistoryError(self.problem)

    def said(self, conversation_id: str) -> list[str]:
        return [reply.reply_id for reply in self.added if reply.conversation_id == conversation_id]

    def resume(self, conversation_id: str | None) -> Conversation:
        self._step()
        return Conversation(conversation_id or "made by the store")

    def add(self, reply: Reply) -> None:
        self._step()
        if self.is_full:
            raise HistoryError("database or disk is full")
        self.added.append(reply)

    def read(self, conversation_id: str) -> Conversation | None:
        self._step()
        return None

    def forget(self, conversation_id: str) -> bool:
        self._step()
        return True

    def rate(self, reply_id: str, rating: Rating, comment: str | None) -> bool:
        self._step()
        return reply_id == "r"

    def check(self) -> None:
        self._step()


OURS = "A" * 32
THEIRS = "B" * 32


def reply() -> Reply:
    return reply_in(OURS, "r")


def said(conversation: Conversation | None) -> list[str]:
    assert conversation is not None
    return [exchange.reply.reply_id for exchange in conversation.exchanges]


@pytest.fixture
def store() -> FailingStore:
    return FailingStore()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_what_works_is_passed_on(store: FailingStore, clock: Clock) -> None:
    history = History(store, clock)
    assert history.recall(None).id == "made by the store"
    assert history.recall(OURS).id == OURS
    assert history.keep(reply()) == reply()
    assert store.added == [reply()]
    assert history.rate("r", "up", None)
    assert not history.rate("another", "up", None)
    assert history.problem is None


def test_without_a_database_a_conversation_goes_on_under_its_id(store: FailingStore, clock: Clock) -> None:
    history = History(store, clock)
    store.problem = "database is locked"
    assert history.recall(OURS) == Conversation(OURS)
    assert history.keep(reply()) == reply()
    assert history.problem == "database is locked"


@pytest.mark.parametrize("given", [None, "", "x", "A" * 33, "A" * 31 + "!", "A" * 100_000, "ä" * 32])
def test_without_a_database_an_id_that_cannot_be_ours_is_not_taken(
    store: FailingStore, clock: Clock, given: str | None
) -> None:
    store.problem = "gone"
    made = History(store, clock).recall(given).id
    assert made != given
    assert len(made) == 32


def test_a_failing_database_is_left_alone_for_a_while(store: FailingStore, clock: Clock) -> None:
    history = History(store, clock)
    store.problem = "database is locked"
    history.recall(None)
    history.keep(reply())
    history.recall(None)
    assert store.calls == 1
    clock.time += 10
    store.problem = None
    assert history.recall(OURS).id == OURS
    assert history.problem is None


def test_the_log_says_why_once(store: FailingStore, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    history = History(store, clock)
    store.problem = "disk is full"
    with caplog.at_level(logging.WARNING):
        for _ in range(5):
            history.recall(None)
            clock.time += 10
        store.problem = None
        history.recall(None)
        history.recall(None)
    assert [record.getMessage() for record in caplog.records] == [
        "Conversations are not kept: disk is full. Answers are given without history.",
        "Conversations are kept again.",
    ]


def test_reading_forgetting_and_rating_fail_loudly(store: FailingStore, clock: Clock) -> None:
    history = History(store, clock)
    store.problem = "gone"
    with pytest.raises(HistoryError):
        history.read(OURS)
    with pytest.raises(HistoryError):
        history.forget(OURS)
    with pytest.raises(HistoryError):
        history.rate("r", "up", None)
    assert history.check() == "gone"


@pytest.mark.parametrize("lasts", [1, 4])
def test_while_another_process_writes_the_last_exchange_is_the_real_one(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, lasts: int
) -> None:
    monkeypatch.setattr(engine, "_BUSY_SECONDS", 0.05)
    path = tmp_path / "conversations.sqlite3"
    store = SqlConversationStore(f"sqlite:///{path}", 30)
    history = History(store, clock)
    begun = history.recall(None).id
    history.keep(reply_in(begun, "when is high tide"))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert said(history.recall(begun)) == ["when is high tide"]
    asked = [f"where does the ferry land {n}" for n in range(lasts)]
    for n, question in enumerate(asked):
        history.keep(reply_in(begun, question))
        clock.time += 8
        assert said(history.recall(begun)) == asked[: n + 1]
    assert history.check() == "database is locked"
    assert AGAIN not in caplog.messages
    other.execute("ROLLBACK")
    other.close()
    clock.time += 8
    assert said(history.recall(begun)) == ["when is high tide", *asked]
    assert said(store.read(begun)) == ["when is high tide", *asked]
    assert caplog.messages.count(AGAIN) == 1


def test_a_file_that_became_read_only_is_not_taken_for_one_that_is_written(
    tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "conversations.sqlite3"
    store = SqlConversationStore(f"sqlite:///{path}", 30)
    begun = store.resume(None).id
    store.add(reply_in(begun, "first"))
    history = History(SqlConversationStore(f"sqlite:///file:{path}?mode=ro&uri=true", 30), clock)
    for n in range(3):
        history.keep(reply_in(begun, f"m{n}"))
        clock.time += 8
        assert said(history.recall(begun)) == [f"m{m}" for m in range(n + 1)]
    assert AGAIN not in caplog.messages


def test_what_is_owed_is_written_in_order_before_anything_else(store: FailingStore, clock: Clock) -> None:
    history = History(store, clock)
    store.problem = "gone"
    for n in range(4):
        history.keep(reply_in((OURS, THEIRS)[n % 2], f"m{n}"))
    store.problem = None
    assert not store.added
    clock.time += 10
    history.keep(reply_in(OURS, "m4"))
    assert store.said(OURS) == ["m0", "m2", "m4"]
    assert store.said(THEIRS) == ["m1", "m3"]
    assert said(history.recall(OURS)) == []


def test_a_full_disk_that_can_be_read_is_not_back(
    store: FailingStore, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    history = History(store, clock)
    store.is_full = True
    for n in range(3):
        history.keep(reply_in(OURS, f"m{n}"))
        clock.time += 10
        assert said(history.recall(OURS)) == [f"m{m}" for m in range(n + 1)]
        clock.time += 10
        assert history.check() == "database or disk is full"
    assert AGAIN not in caplog.messages
    store.is_full = False
    clock.time += 10
    assert history.check() is None
    assert store.said(OURS) == ["m0", "m1", "m2"]


def test_what_is_owed_counts_as_what_is_kept_does(store: FailingStore, clock: Clock) -> None:
    history = History(store, clock)
    store.problem = "gone"
    citation = Citation(1, "doc", "Title", "Section", "A quote.", "A quote. More.", 3, 11, "/source/doc#s3-11")
    understanding = Understanding("about_answer", "source")
    trace = Trace((("screen", 1.0),), understanding=understanding, decision=Decision("minor"))
    history.keep(replace(reply(), citations=(citation,), concern="minor", trace=trace))
    known = history.recall(OURS)
    assert known.quoted == {("doc", 3, 11)}
    assert known.concerns == {"minor"}
    assert known.exchanges[0].reply.trace == Trace(understanding=understanding)


def test_one_written_after_all_is_known_once(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SqlConversationStore("sqlite://", 30)
    history = History(store, clock)
    begun = history.recall(None).id
    add = store.add

    def written_and_lost(reply: Reply) -> None:
        add(reply)
        raise HistoryError("connection lost")

    monkeypatch.setattr(store, "add", written_and_lost)
    history.keep(reply_in(begun, "first"))
    history.keep(reply_in(begun, "second"))
    assert said(history.read(begun)) == ["first", "second"]
    monkeypatch.setattr(store, "add", add)
    clock.time += 10
    assert said(history.recall(begun)) == ["first", "second"]
    assert said(store.read(begun)) == ["first", "second"]


def test_a_conversation_begun_without_a_database_goes_on_with_it(clock: Clock, tmp_path: Path) -> None:
    folder = tmp_path / "away"
    folder.write_text("")
    store = SqlConversationStore(f"sqlite:///{folder / 'conversations.sqlite3'}", 30)
    history = History(store, clock)
    begun = history.recall(None).id
    history.keep(reply_in(begun, "first"))
    assert said(history.recall(begun)) == ["first"]
    clock.time += 10
    history.keep(reply_in(begun, "second"))
    folder.unlink()
    clock.time += 10
    assert history.check() is None
    history.keep(reply_in(begun, "third"))
    assert said(history.read(begun)) == ["first", "second", "third"]
    known = history.recall(begun)
    assert known.id != begun
    assert said(known) == ["first", "second", "third"]
    assert {exchange.reply.conversation_id for exchange in known.exchanges} == {known.id}
    assert said(store.read(known.id)) == ["first", "second", "third"]
    assert history.read(begun) is None


def test_what_was_forgotten_meanwhile_is_not_owed(store: FailingStore, clock: Clock) -> None:
    history = History(store, clock)
    store.problem = "gone"
    begun = history.recall(None).id
    for conversation_id in (OURS, THEIRS, begun):
        history.keep(reply_in(conversation_id, "secret"))
    for conversation_id in (OURS, begun):
        with pytest.raises(HistoryError):
            history.forget(conversation_id)
        assert not history.recall(conversation_id).exchanges
    store.problem = None
    clock.time += 10
    assert history.check() is None
    assert [added.conversation_id for added in store.added] == [THEIRS]


def test_forgotten_while_it_is_written(store: FailingStore, clock: Clock) -> None:
    history = History(store, clock)
    store.problem = "gone"
    for n in range(3):
        history.keep(reply_in(OURS, f"m{n}"))
    store.problem = None
    clock.time += 10
    forgotten: list[bool] = []

    def forget() -> None:
        if store.calls == 3 and not forgotten:
            forgotten.append(True)
            history.forget(OURS)

    store.calls, store.meanwhile = 1, forget
    assert history.check() is None
    assert forgotten
    assert store.said(OURS) == ["m0"]


def test_forgotten_elsewhere_it_is_neither_written_nor_known(clock: Clock, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'conversations.sqlite3'}"
    history, elsewhere = History(SqlConversationStore(url, 30), clock), SqlConversationStore(url, 30)
    begun = history.recall(None).id
    history._failed("gone")
    history.keep(reply_in(begun, "secret"))
    assert said(history.read(begun)) == ["secret"]
    elsewhere.forget(begun)
    assert history.read(begun) is None
    clock.time += 10
    known = history.recall(begun)
    assert known.id != begun
    assert not known.exchanges


def test_what_is_owed_goes_after_an_hour(store: FailingStore, clock: Clock) -> None:
    history = History(store, clock)
    store.problem = "gone"
    begun = history.recall(None).id
    for conversation_id in (OURS, begun):
        history.keep(reply_in(conversation_id, "old"))
    clock.time += 3000
    history.keep(reply_in(THEIRS, "new"))
    clock.time += 1000
    assert not history.recall(OURS).exchanges
    store.problem = None
    clock.time += 10
    assert not history.recall(begun).exchanges
    assert [added.reply_id for added in store.added] == ["new"]


def test_no_more_is_owed_than_there_is_room_for(
    store: FailingStore, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_CONVERSATIONS", 3)
    monkeypatch.setattr(module, "_EXCHANGES", 2)
    history = History(store, clock)
    store.problem = "gone"
    for conversation_id in "abcd":
        for n in range(4):
            history.keep(reply_in(conversation_id, f"{conversation_id}{n}"))
    store.problem = None
    clock.time += 10
    assert history.check() is None
    assert [added.reply_id for added in store.added] == ["b2", "b3", "c2", "c3", "d2", "d3"]


def test_nobody_waits_long_for_what_is_owed(store: FailingStore, clock: Clock) -> None:
    history = History(store, clock)
    store.problem = "gone"
    for n in range(6):
        history.keep(reply_in(OURS, f"m{n}"))
    store.problem = None

    def pass_time() -> None:
        clock.time += 0.6

    clock.time += 10
    store.meanwhile = pass_time
    assert said(history.recall(OURS)) == ["m2", "m3", "m4", "m5"]
    assert history.problem == "gone"
    assert said(history.recall(OURS)) == ["m4", "m5"]
    history.recall(OURS)
    assert history.problem is None
    assert store.said(OURS) == [f"m{n}" for n in range(6)]


def test_after_a_failure_one_message_waits_and_the_others_do_not(store: FailingStore, clock: Clock) -> None:
    history = History(store, clock)
    store.problem = "gone"
    history.keep(reply())
    waits, goes_on = threading.Event(), threading.Event()

    def wait() -> None:
        waits.set()
        assert goes_on.wait(10)

    store.meanwhile = wait
    clock.time += 10
    first = threading.Thread(target=history.recall, args=(THEIRS,))
    first.start()
    assert waits.wait(10)
    clock.time += 10
    calls = store.calls
    assert said(history.recall(OURS)) == ["r"]
    assert history.check() == "gone"
    history.keep(reply_in(OURS, "r2"))
    assert store.calls == calls
    goes_on.set()
    first.join()
    store.problem = None
    clock.time += 10
    assert history.check() is None
    assert store.said(OURS) == ["r", "r2"]


def test_a_conversation_that_cannot_be_read_is_not_waited_for_twice(store: FailingStore, clock: Clock) -> None:
    history = History(store, clock)
    store.problem = "gone"
    with pytest.raises(HistoryError):
        history.read(OURS)
    history.recall(OURS)
    history.keep(reply())
    assert store.calls == 1


def test_of_many_at_once_each_is_written_once(store: FailingStore) -> None:
    history = History(store, itertools.count(0.0, 0.3).__next__)
    failures: list[Exception] = []

    def visit(name: str) -> None:
        try:
            for n in range(9):
                history.recall(name * 32)
                history.keep(reply_in(name * 32, f"{name}{n}"))
                store.problem = "gone" if (n + ord(name)) % 3 else None
        except Exception as error:
            failures.append(error)

    visitors = [threading.Thread(target=visit, args=(name,)) for name in "abcdefgh"]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    store.problem = None
    while history.check() is not None:
        pass
    assert not failures
    assert not history._owed._waiting
    for name in "abcdefgh":
        assert store.said(name * 32) == [f"{name}{n}" for n in range(9)]


def test_a_reply_that_the_database_refuses_does_not_keep_out_the_others(store: FailingStore, clock: Clock) -> None:
    history = History(store, clock)
    refused = reply_in("refused", "r")
    add = store.add

    def refusing(reply: Reply) -> None:
        if reply.conversation_id == "refused":
            raise HistoryError("no such character")
        add(reply)

    store.add = refusing  # type: ignore[method-assign]
    history.keep(refused)
    clock.time += 6
    assert history.check() == "no such character"
    history.keep(reply_in("other", "1"))
    history.keep(reply_in("other", "2"))
    clock.time += 6
    assert history.check() is None
    assert store.said("other") == ["1", "2"]
