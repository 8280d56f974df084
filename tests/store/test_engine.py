from typing import Any

import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool, QueuePool

from bot.store.engine import engine_options


def told(url: str) -> dict[str, Any]:
    return engine_options(make_url(url))


@pytest.mark.parametrize("driver", ["postgresql+psycopg", "postgresql+psycopg2", "postgresql"])
def test_postgresql_is_not_waited_for(driver: str) -> None:
    options = told(f"{driver}://bot:secret@db/site")
    assert options["pool_timeout"] == 1
    assert options["pool_pre_ping"]
    arguments = options["connect_args"]
    assert arguments["connect_timeout"] == 2
    assert arguments["tcp_user_timeout"] == 2000
    assert arguments["keepalives_idle"] + arguments["keepalives_interval"] * arguments["keepalives_count"] <= 3
    assert arguments["options"] == "-c statement_timeout=2000 -c lock_timeout=1000"


def test_what_the_address_says_goes_first() -> None:
    options = told("postgresql+psycopg://db/site?connect_timeout=9&options=-csearch_path%3Dbot&sslmode=require")
    arguments = options["connect_args"]
    assert "connect_timeout" not in arguments
    assert "sslmode" not in arguments
    assert arguments["tcp_user_timeout"] == 2000
    assert "options" not in arguments


def test_a_driver_that_is_not_libpq_gets_none_of_its_arguments() -> None:
    assert told("postgresql+pg8000://db/site") == {"pool_pre_ping": True}
    assert told("mysql+pymysql://db/site") == {"pool_pre_ping": True}


def test_sqlite_waits_a_second_for_a_lock() -> None:
    arguments = {"connect_args": {"check_same_thread": False, "timeout": 1.0}}
    assert told("sqlite:///kept.sqlite3") == {**arguments, "poolclass": NullPool}
    assert told("sqlite://") == {**arguments, "poolclass": QueuePool, "pool_size": 1, "max_overflow": 0}
