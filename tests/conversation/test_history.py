import logging

import pytest

from bot.conversation.history import History
from bot.errors import HistoryError
from bot.values import Conversation, Rating, Reply
from tests.fakes import Clock, reply_in


class FailingStore:
    """A store that works or fails as it is told, and counts what it is asked."""

    def __init__(self) -> None:
        self.problem: str | None = None
        self.calls = 0
        self.added: list[Reply] = []

    def _step(self) -> None:
        self.calls += 1
        if self.problem is not None:
            raise HistoryError(self.problem)

    def resume(self, conversation_id: str | None) -> Conversation:
        self._step()
        return Conversation(conversation_id or "made by the store")

    def add(self, reply: Reply) -> None:
        self._step()
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


def reply() -> Reply:
    return reply_in(OURS, "r")


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
