"""A database's address → an engine set up for many short transactions."""

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import NullPool, QueuePool

from bot.errors import ConfigError

_BUSY_SECONDS = 1.0
"""How long a statement waits for another writer before history is done without."""

_LIBPQ: Mapping[str, int | str] = {
    "connect_timeout": 2,
    "tcp_user_timeout": 2000,
    "keepalives_idle": 1,
    "keepalives_interval": 1,
    "keepalives_count": 2,
    "options": "-c statement_timeout=2000 -c lock_timeout=1000",
}
"""The same of PostgreSQL, and when a server that answers no more is given up. In seconds; above 999, milliseconds."""


def open_engine(url: str) -> Engine:
    """Nothing is connected yet: a database that is away is no error here.

    Raises ConfigError for an address that cannot be read, or whose driver is not installed.
    """
    try:
        parsed = make_url(url)
        engine = create_engine(parsed, hide_parameters=True, **engine_options(parsed))
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise ConfigError("FOOTNOTE_DATABASE_URL is no database address. Write sqlite:///path or as above.") from None
    except ModuleNotFoundError as error:
        raise ConfigError(f"FOOTNOTE_DATABASE_URL needs the driver {error.name}. Install it with pip.") from None
    if parsed.get_backend_name() != "sqlite":
        return engine
    if parsed.database and "mode" not in parsed.query:
        folder = Path(parsed.database).parent
        event.listen(engine, "do_connect", lambda *_: _make(folder))
    event.listen(engine, "connect", _prepare)
    return engine


def engine_options(url: URL) -> dict[str, Any]:
    """What `create_engine` is told beside the address; what an address to PostgreSQL says of it itself goes first."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    if url.get_backend_name() != "postgresql" or url.get_driver_name() not in {"psycopg", "psycopg2"}:
        return {"pool_pre_ping": True}
    arguments = {name: value for name, value in _LIBPQ.items() if name not in url.query}
    return {"pool_pre_ping": True, "pool_timeout": _BUSY_SECONDS, "connect_args": arguments}


def _make(folder: Path) -> None:
    """Where that cannot be, the driver says so in its own words."""
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)


def _sqlite(url: URL) -> dict[str, Any]:
    """A connection a transaction, so that a file put in place of another is noticed; in memory the one there is."""
    options: dict[str, Any] = {"connect_args": {"check_same_thread": False, "timeout": _BUSY_SECONDS}}
    if url.database in {None, "", ":memory:"}:
        return options | {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0}
    return options | {"poolclass": NullPool}


def _prepare(connection: Any, _record: object) -> None:
    """Writers and readers side by side; rows go with their conversation, and are overwritten when they go."""
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "secure_delete = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
