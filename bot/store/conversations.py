"""Conversations in a database."""

import contextlib
import hashlib
import json
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import ColumnElement, Connection, delete, exists, insert, select, update
from sqlalchemy.exc import IntegrityError, ProgrammingError, SQLAlchemyError

from bot.errors import HistoryError
from bot.ports import ID_BYTES
from bot.store.engine import open_engine
from bot.store.schema import conversations, metadata, quotes, ratings, turns
from bot.values import Conversation, Exchange, Feedback, Place, Rating, Reply

RECALLED = 20
"""Exchanges handed on for understanding the next message."""

KEPT = 200
"""Exchanges kept of one conversation; with more, the oldest go."""

_LONGEST_ID = 64
_DAY = 86_400.0
_SWEEP_SECONDS = 3_600.0

_NOT_KEPT: Mapping[str, bool | Mapping[str, bool]] = {
    "conversation_id": True,
    "message": True,
    "trace": {"timings_ms": True, "hits": True, "evidence": True, "decision": True},
}
"""Left out of a reply's JSON: the id that only the visitor holds, what has a column, what is for developers alone."""

_NO_CONCERN = '%"concern":""%'
_CONCERN = re.compile(r'"concern":"([^"]+)"')
"""Within a reply's JSON, where a text's own quotation marks have a backslash before them."""

_replies = TypeAdapter(Reply)


class SqlConversationStore:
    """A ConversationStore. Safe to use from several threads and processes.

    Whoever holds an id (192 bits, made here only) may read and delete the conversation; the database holds its digest.
    Every method raises HistoryError when the database does not do its part; nothing is then written by halves.
    """

    def __init__(self, url: str, retention_days: int, now: Callable[[], float] = time.time) -> None:
        """now: seconds since 1970. Raises ConfigError, but not for a database that is away."""
        self._engine = open_engine(url)
        self._retention = retention_days * _DAY
        self._now = now
        self._swept = -_SWEEP_SECONDS
        self._has_tables = False
        self._lock = threading.Lock()

    def resume(self, conversation_id: str | None) -> Conversation:
        """The conversation with its last RECALLED exchanges; a new one where none of that id is kept."""
        with self._transaction() as connection:
            self._sweep(connection)
            if conversation_id is not None:
                found = self._read(connection, conversation_id, RECALLED)
                if found is not None:
                    return found
            made = secrets.token_urlsafe(ID_BYTES)
            now = self._now()
            connection.execute(insert(conversations).values(id=_digest(made), began_at=now, last_at=now))
            return Conversation(made)

    def add(self, reply: Reply) -> None:
        """Keeps a reply with its message. One of a conversation forgotten meanwhile is not kept."""
        said = _replies.dump_json(reply, exclude=_NOT_KEPT).decode()
        key, now = _digest(reply.conversation_id), self._now()
        try:
            with self._transaction() as connection:
                row = insert(turns).values(conversation_id=key, at=now, message=reply.message, reply=said)
                turn = connection.execute(row).inserted_primary_key
                assert turn is not None
                connection.execute(insert(ratings).values(reply_id=_digest(reply.reply_id), turn_id=turn[0]))
                connection.execute(update(conversations).where(conversations.c.id == key).values(last_at=now))
                over = select(turns.c.id).where(turns.c.conversation_id == key).order_by(turns.c.id.desc())
                oldest = connection.execute(over.offset(KEPT).limit(1)).scalar()
                if oldest is not None:
                    connection.execute(delete(turns).where(turns.c.conversation_id == key, turns.c.id <= oldest))
                # Of two replies at once that show the same quote, one writes it.
                with contextlib.suppress(IntegrityError), connection.begin_nested():
                    _add_quotes(connection, key, reply)
        except IntegrityError:
            return

    def read(self, conversation_id: str) -> Conversation | None:
        """All that is kept of it, oldest first; None where there is none, or no more."""
        with self._transaction() as connection:
            return self._read(connection, conversation_id, KEPT)

    def forget(self, conversation_id: str) -> bool:
        """Deletes it for good; whether there was one."""
        with self._transaction() as connection:
            gone = connection.execute(delete(conversations).where(conversations.c.id == _digest(conversation_id)))
            found = gone.rowcount > 0
        if found:
            self._empty_log()
        return found

    def rate(self, reply_id: str, rating: Rating, comment: str | None) -> bool:
        """Rates a reply that is kept, in place of how it was rated before; whether there is one of that id."""
        of = turns.c.conversation_id == conversations.c.id
        kept = exists().where(turns.c.id == ratings.c.turn_id, of, self._fresh())
        rated = update(ratings).where(ratings.c.reply_id == _digest(reply_id), kept)
        with self._transaction() as connection:
            done = connection.execute(rated.values(at=self._now(), rating=rating, comment=comment))
            return done.rowcount > 0

    def rated(self) -> tuple[Feedback, ...]:
        """The replies that were rated, of those that are kept, newest rating first."""
        columns = (ratings.c.at, ratings.c.rating, ratings.c.comment, turns.c.message, turns.c.reply)
        found = select(*columns).join_from(ratings, turns).join(conversations)
        found = found.where(ratings.c.rating.is_not(None), self._fresh())
        with self._transaction() as connection:
            rows = connection.execute(found.order_by(ratings.c.at.desc(), ratings.c.turn_id.desc())).all()
        read = ((row, _reply("", row)) for row in rows)
        return tuple(
            Feedback(row.at, row.rating, row.comment, reply.message, reply.kind, reply.text)
            for row, reply in read
            if reply is not None
        )

    def check(self) -> None:
        """Raises HistoryError when the database cannot be written."""
        with self._transaction() as connection:
            connection.execute(delete(conversations).where(conversations.c.last_at < 0.0))

    def _read(self, connection: Connection, conversation_id: str, limit: int) -> Conversation | None:
        if len(conversation_id) > _LONGEST_ID:
            return None
        key = _digest(conversation_id)
        known = connection.execute(select(conversations.c.id).where(conversations.c.id == key, self._fresh())).first()
        if known is None:
            return None
        last = select(turns).where(turns.c.conversation_id == key).order_by(turns.c.id.desc()).limit(limit)
        rows = connection.execute(last).all()
        read = ((row, _reply(conversation_id, row)) for row in reversed(rows))
        exchanges = tuple(Exchange(reply, row.at) for row, reply in read if reply is not None)
        return Conversation(conversation_id, exchanges, _quoted(connection, key), _concerns(connection, key))

    def _fresh(self) -> ColumnElement[bool]:
        """Of a conversation: not past its time, whether or not that was swept."""
        return conversations.c.last_at >= self._now() - self._retention

    def _sweep(self, connection: Connection) -> None:
        """Once an hour, deletes what is past its time."""
        with self._lock:
            due = self._now() - self._swept >= _SWEEP_SECONDS
            if due:
                self._swept = self._now()
        if due:
            old = conversations.c.last_at < self._now() - self._retention
            connection.execute(delete(conversations).where(old))

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """All or nothing. Makes the tables where they are not."""
        if not self._has_tables:
            self._make_tables()
        try:
            with self._engine.begin() as connection:
                yield connection
        except IntegrityError:
            raise
        except SQLAlchemyError as error:
            self._has_tables = False
            raise HistoryError(_reason(error)) from None

    def _make_tables(self) -> None:
        """Of two processes at once that find none, one fails to make them; once more, and it finds the other's."""
        for is_last in (False, True):
            try:
                with self._engine.begin() as connection:
                    metadata.create_all(connection)
            except SQLAlchemyError as error:
                if is_last or not _is_made_elsewhere(error):
                    raise HistoryError(_reason(error)) from None
            else:
                self._has_tables = True
                return

    def _empty_log(self) -> None:
        """SQLite's write-ahead log still holds what was deleted until it is emptied."""
        if self._engine.dialect.name == "sqlite":
            with self._transaction() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _add_quotes(connection: Connection, key: str, reply: Reply) -> None:
    shown = {(citation.document_id, citation.start, citation.end) for citation in reply.citations}
    rows = [
        {"conversation_id": key, "document_id": document_id, "start": start, "end": end}
        for document_id, start, end in shown - _quoted(connection, key)
    ]
    if rows:
        connection.execute(insert(quotes), rows)


def _quoted(connection: Connection, key: str) -> frozenset[Place]:
    of = select(quotes.c.document_id, quotes.c.start, quotes.c.end).where(quotes.c.conversation_id == key)
    return frozenset((document_id, start, end) for document_id, start, end in connection.execute(of))


def _concerns(connection: Connection, key: str) -> frozenset[str]:
    """Of every turn that is kept, without reading those that have none."""
    said = select(turns.c.reply).where(turns.c.conversation_id == key, turns.c.reply.not_like(_NO_CONCERN))
    return frozenset(concern for reply in connection.execute(said).scalars() for concern in _CONCERN.findall(reply))


def _digest(given: str) -> str:
    return hashlib.sha256(given.encode("utf-8", "surrogatepass")).hexdigest()


def _reply(conversation_id: str, row: Any) -> Reply | None:
    """None for what an other version wrote and this one cannot read."""
    try:
        return _replies.validate_python(
            {**json.loads(row.reply), "conversation_id": conversation_id, "message": row.message}
        )
    except (ValidationError, ValueError, TypeError):
        return None


def _is_made_elsewhere(error: SQLAlchemyError) -> bool:
    """Whether tables may be there by now: PostgreSQL says it in its own language, or of its catalogue's key."""
    return isinstance(error, IntegrityError | ProgrammingError) or "already exists" in _reason(error)


def _reason(error: SQLAlchemyError) -> str:
    """The driver's own words, without statement and values, which hold what was said."""
    return (str(getattr(error, "orig", None) or "") or type(error).__name__).splitlines()[0]
