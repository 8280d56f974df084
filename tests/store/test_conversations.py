import os
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError, SQLAlchemyError

from bot.errors import ConfigError, HistoryError
from bot.store import conversations as module
from bot.store.conversations import KEPT, RECALLED, SqlConversationStore
from bot.store.schema import metadata
from bot.values import Citation, Decision, Hit, Reply, ReplySentence, Trace, Understanding
from tests.fakes import Clock

DAY = 86_400.0


def reply_in(conversation_id: str, message: str) -> Reply:
    citation = Citation(1, "doc", "Title", "Section", "A quote.", "A quote. More.", 3, 11, "/source/doc#s3-11")
    return Reply(
        conversation_id=conversation_id,
        reply_id=f"{message} in {conversation_id[:8]}",
        kind="answer",
        text="A quote. [1]",
        sentences=(ReplySentence("A quote.", (1,), 1.0),),
        citations=(citation,),
        disclaimer="None.",
        standalone_question=f"{message}?",
        confidence=0.5,
        answered_by="extractive",
        suggestions=("What else?",),
        message=message,
    )


def test_what_was_said_outlives_the_process(store: SqlConversationStore, path: Path, clock: Clock) -> None:
    begun = store.resume(None)
    assert len(begun.id) == 32
    assert not begun.exchanges
    store.add(reply_in(begun.id, "first"))
    clock.time += 1
    store.add(reply_in(begun.id, "second"))
    again = SqlConversationStore(f"sqlite:///{path}", 30, clock).resume(begun.id)
    assert again.id == begun.id
    assert [exchange.reply for exchange in again.exchanges] == [
        reply_in(begun.id, "first"),
        reply_in(begun.id, "second"),
    ]
    assert again.exchanges[1].at == clock.time


@pytest.mark.parametrize("given", ["unknown", "x" * 100_000, "", "../../etc", "\ud800", "'; DROP TABLE turns; --"])
def test_an_id_that_is_not_known_starts_a_new_conversation(store: SqlConversationStore, given: str) -> None:
    theirs = store.resume(None)
    store.add(reply_in(theirs.id, "secret"))
    found = store.resume(given)
    assert found.id not in {given, theirs.id}
    assert not found.exchanges
    assert store.read(given) is None
    assert not store.forget(given)
    assert store.read(theirs.id) is not None


def test_the_id_itself_is_not_stored(store: SqlConversationStore, path: Path) -> None:
    begun = store.resume(None)
    store.add(reply_in(begun.id, "hello"))
    stored = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"hello" in stored
    assert begun.id.encode() not in stored


def test_forgotten_is_gone_from_the_disk(store: SqlConversationStore, path: Path) -> None:
    begun = store.resume(None)
    store.add(reply_in(begun.id, "a very private matter"))
    assert store.forget(begun.id)
    assert store.read(begun.id) is None
    assert not store.forget(begun.id)
    assert all(b"private matter" not in file.read_bytes() for file in path.parent.iterdir())


def test_forgotten_meanwhile_stays_forgotten(store: SqlConversationStore) -> None:
    begun = store.resume(None)
    store.forget(begun.id)
    store.add(reply_in(begun.id, "too late"))
    assert store.read(begun.id) is None


def test_conversations_expire_and_are_swept(store: SqlConversationStore, path: Path, clock: Clock) -> None:
    begun = store.resume(None)
    store.add(reply_in(begun.id, "old words"))
    clock.time += 29 * DAY
    assert store.resume(begun.id).id == begun.id
    clock.time += 2 * DAY
    assert store.read(begun.id) is None
    assert store.resume(begun.id).id != begun.id
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM turns").fetchone() == (0,)


def test_only_the_latest_are_kept(store: SqlConversationStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 20)
    begun = store.resume(None)
    for n in range(50):
        store.add(reply_in(begun.id, f"m{n}"))
    kept = store.read(begun.id)
    assert kept is not None
    assert [exchange.reply.message for exchange in kept.exchanges] == [f"m{n}" for n in range(30, 50)]
    recalled = store.resume(begun.id)
    assert [exchange.reply.message for exchange in recalled.exchanges] == [f"m{n}" for n in range(50 - RECALLED, 50)]
    assert RECALLED < KEPT


def test_what_a_message_was_taken_for_is_known_as_long_as_it_is_kept(store: SqlConversationStore) -> None:
    begun, other = store.resume(None), store.resume(None)
    store.add(replace(reply_in(begun.id, "first"), concern="explicit"))
    store.add(replace(reply_in(other.id, "theirs"), concern="minor"))
    for n in range(RECALLED + 1):
        store.add(reply_in(begun.id, f"m{n}"))
    store.add(
        replace(reply_in(begun.id, "last"), concern="distress", text='He wrote "concern":"harm" and "concern":"".')
    )
    known = store.resume(begun.id)
    assert "first" not in [exchange.reply.message for exchange in known.exchanges]
    assert known.concerns == {"explicit", "distress"}
    assert store.resume(None).concerns == frozenset()


def test_how_a_message_was_understood_is_kept_and_what_is_for_developers_is_not(
    store: SqlConversationStore, path: Path
) -> None:
    begun = store.resume(None)
    understanding = Understanding("about_answer", "certain", "reads like certain", 0.9)
    trace = Trace((("screen", 1.0),), (Hit(0, 1.0),), (("agreement", 0.5),), understanding, Decision("safety"))
    store.add(replace(reply_in(begun.id, "sure?"), trace=trace))
    assert store.resume(begun.id).exchanges[0].reply.trace == Trace(understanding=understanding)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE turns SET reply = json_remove(reply, '$.trace')")
    assert store.resume(begun.id).exchanges[0].reply == reply_in(begun.id, "sure?")


@pytest.mark.parametrize("url", ["file", "memory"])
def test_several_tabs_at_once(path: Path, url: str) -> None:
    store = SqlConversationStore(f"sqlite:///{path}" if url == "file" else "sqlite://", 30)
    begun = store.resume(None)
    failures: list[Exception] = []

    def tab(name: str) -> None:
        try:
            for n in range(15):
                store.resume(begun.id)
                store.add(reply_in(begun.id, f"{name}{n}"))
        except Exception as error:
            failures.append(error)

    tabs = [threading.Thread(target=tab, args=(name,)) for name in "abcd"]
    for thread in tabs:
        thread.start()
    for thread in tabs:
        thread.join()
    whole = store.read(begun.id)
    assert not failures
    assert whole is not None
    said = [exchange.reply.message for exchange in whole.exchanges]
    assert sorted(said) == sorted(f"{name}{n}" for name in "abcd" for n in range(15))
    for name in "abcd":
        assert [message for message in said if message[0] == name] == [f"{name}{n}" for n in range(15)]


def test_what_another_version_wrote_is_passed_over(store: SqlConversationStore, path: Path) -> None:
    begun = store.resume(None)
    store.add(reply_in(begun.id, "old"))
    with sqlite3.connect(path) as connection:
        connection.execute("""UPDATE turns SET reply = '{"kind": "unheard of"}'""")
    store.add(reply_in(begun.id, "new"))
    assert [exchange.reply.message for exchange in store.resume(begun.id).exchanges] == ["new"]


def test_locked(store: SqlConversationStore, path: Path) -> None:
    begun = store.resume(None)
    store.add(reply_in(begun.id, "kept"))
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(HistoryError, match="locked"):
            store.add(reply_in(begun.id, "lost"))
        with pytest.raises(HistoryError, match="locked"):
            store.check()
    store.check()
    assert [exchange.reply.message for exchange in store.resume(begun.id).exchanges] == ["kept"]


def test_read_only(store: SqlConversationStore, path: Path) -> None:
    begun = store.resume(None)
    store.add(reply_in(begun.id, "kept"))
    readable = SqlConversationStore(f"sqlite:///file:{path}?mode=ro&uri=true", 30)
    with pytest.raises(HistoryError, match="readonly"):
        readable.add(reply_in(begun.id, "lost"))
    with pytest.raises(HistoryError, match="readonly"):
        readable.check()


def test_full(store: SqlConversationStore) -> None:
    begun = store.resume(None)
    store.add(reply_in(begun.id, "kept"))

    @event.listens_for(store._engine, "connect")
    def limit(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    with pytest.raises(HistoryError, match="full"):
        store.add(replace(reply_in(begun.id, "lost"), text="x" * 100_000))
    event.remove(store._engine, "connect", limit)
    assert [exchange.reply.message for exchange in store.resume(begun.id).exchanges] == ["kept"]


def test_corrupt_stays_as_it_is(path: Path) -> None:
    path.write_bytes(b"this is no database, but it may be somebody's work. " * 100)
    before = path.read_bytes()
    store = SqlConversationStore(f"sqlite:///{path}", 30)
    for step in (lambda: store.resume(None), lambda: store.read("x"), store.check):
        with pytest.raises(HistoryError, match="not a database"):
            step()
    assert path.read_bytes() == before


def test_a_file_taken_away_is_made_anew(store: SqlConversationStore, path: Path) -> None:
    begun = store.resume(None)
    for file in path.parent.iterdir():
        os.unlink(file)
    with pytest.raises(HistoryError, match="no such table"):
        store.read(begun.id)
    assert store.resume(begun.id).id != begun.id
    store.check()


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = SqlConversationStore(f"sqlite:///{tmp_path / 'file' / 'x.sqlite3'}", 30)
    with pytest.raises(HistoryError, match="unable to open"):
        store.resume(None)


@pytest.mark.parametrize(
    "url", ["nonsense", "unheard://x", "postgresql+psycopg://localhost/x", "postgresql://bot:pa@ss:w0rd@db/x"]
)
def test_an_address_that_cannot_be_used_names_the_setting(url: str) -> None:
    with pytest.raises(ConfigError, match="FOOTNOTE_DATABASE_URL") as caught:
        SqlConversationStore(url, 30)
    assert "w0rd" not in str(caught.value)


def test_errors_hold_nothing_that_was_said(store: SqlConversationStore, path: Path) -> None:
    begun = store.resume(None)
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE turns")
    with pytest.raises(HistoryError) as caught:
        store.add(reply_in(begun.id, "a very private matter"))
    assert "private" not in str(caught.value)


RACES = [
    IntegrityError("", None, Exception("duplicate key value violates unique constraint pg_type_typname_nsp_index")),
    ProgrammingError("", None, Exception("relation »turns« existiert bereits")),
    OperationalError("", None, Exception("table turns already exists")),
]


def failing_to_make(monkeypatch: pytest.MonkeyPatch, *errors: SQLAlchemyError) -> list[SQLAlchemyError]:
    """Tables cannot be made, for these reasons in turn; those that are left."""
    make, left = metadata.create_all, list(errors)

    def create_all(connection: object) -> None:
        if left:
            raise left.pop(0)
        make(connection)  # type: ignore[arg-type]

    monkeypatch.setattr(metadata, "create_all", create_all)
    return left


@pytest.mark.parametrize("error", RACES)
def test_tables_that_another_process_makes_at_the_same_time(
    store: SqlConversationStore, monkeypatch: pytest.MonkeyPatch, error: SQLAlchemyError
) -> None:
    left = failing_to_make(monkeypatch, error)
    begun = store.resume(None)
    store.add(reply_in(begun.id, "first"))
    assert not left
    assert [exchange.reply.message for exchange in store.resume(begun.id).exchanges] == ["first"]


@pytest.mark.parametrize("error", RACES)
def test_tables_that_cannot_be_made(
    store: SqlConversationStore, monkeypatch: pytest.MonkeyPatch, error: SQLAlchemyError
) -> None:
    failing_to_make(monkeypatch, error, error)
    with pytest.raises(HistoryError, match=str(error.orig)):  # type: ignore[attr-defined]
        store.resume(None)
    store.check()


def test_a_database_that_is_away_is_not_tried_twice_and_its_error_named_where_it_has_no_words(
    store: SqlConversationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = OperationalError("", None, Exception())
    left = failing_to_make(monkeypatch, away, away)
    with pytest.raises(HistoryError, match="OperationalError"):
        store.resume(None)
    assert left == [away]
