from pathlib import Path

import pytest

from bot.store.conversations import SqlConversationStore
from tests.fakes import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock(1_000_000.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "conversations.sqlite3"


@pytest.fixture
def store(path: Path, clock: Clock) -> SqlConversationStore:
    return SqlConversationStore(f"sqlite:///{path}", 30, clock)
