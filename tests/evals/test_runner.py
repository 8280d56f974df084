"""Runs: resumed after a kill, in the order of the cases, and unharmed by what a bot does."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot import Settings
from bot.errors import ConfigError, CorpusError
from bot.values import Corpus
from evals.comparison import is_right
from evals.measures import figures
from evals.opening import open_bench
from evals.records import FILE, read_run
from evals.runner import PARTIAL, Bench, run_cases
from evals.systems import Answered, NoReplyError, OverHttp
from tests.evals.replies import Played, question_case, reply

Respond = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture(scope="module")
def bench(settings: Settings, corpus: Corpus) -> Bench:
    return open_bench(settings, corpus)


@pytest.fixture
def serve() -> Iterator[Callable[[Respond], str]]:
    """Serves POSTs by a function; gives the address."""
    servers = []

    def start(respond: Respond) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                respond(self)

            def log_message(self, *args: object) -> None:
                """Silent."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("content-length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


CASES = [question_case(f"c{n}", f"question {n}") for n in range(12)]


def nothing() -> None:
    """No bar."""


def drip(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("content-length", "100000")
    handler.end_headers()
    stop = threading.Event()
    try:
        for _ in range(100):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            stop.wait(0.05)
    except OSError:
        return


@pytest.mark.parametrize(
    ("respond", "kind"),
    [
        (lambda h: send(h, 500, b"boom"), "http"),
        (lambda h: send(h, 200, b"<html>not json"), "malformed"),
        (lambda h: send(h, 200, b'{"kind": "answer"}'), "malformed"),
        (lambda h: send(h, 200, b""), "empty"),
        (lambda h: threading.Event().wait(1.5), "timeout"),
        (drip, "timeout"),
        (lambda h: h.connection.close(), "connection"),
    ],
    ids=["500", "nonsense", "other schema", "nothing", "stall", "drip", "cut"],
)
def test_a_broken_bot_is_counted_apart(
    serve: Callable[[Respond], str], bench: Bench, tmp_path: Path, respond: Respond, kind: str
) -> None:
    records = run_cases(OverHttp(serve(respond), 0.5), CASES[:3], bench, tmp_path, seed=0, workers=3, tick=nothing)
    assert [record.error.kind for record in records if record.error] == [kind] * 3
    found = figures(records)
    assert found["replied"].value == 0.0
    assert set(found) == {"replied"}, "no reply is neither right nor wrong"
    assert not any(is_right(record) for record in records)


def test_a_limit_is_waited_for(serve: Callable[[Respond], str], bench: Bench, corpus: Corpus, tmp_path: Path) -> None:
    asked: list[str] = []

    def limited(handler: BaseHTTPRequestHandler) -> None:
        asked.append("once")
        if len(asked) < 3:
            send(handler, 429, b"", retry_after="0" if len(asked) == 1 else "Wed, 21 Oct 2065 07:28:00 GMT")
        else:
            send(handler, 200, reply(corpus, "not_covered").model_dump_json().encode())

    records = run_cases(OverHttp(serve(limited)), CASES[:1], bench, tmp_path, seed=0, workers=1, tick=nothing)
    assert [record.error for record in records] == [None]
    assert len(asked) == 3


def test_an_address_that_is_none() -> None:
    with pytest.raises(ConfigError, match="is no address"):
        OverHttp("localhost:7860")


class KilledAfter:
    """A system that dies in the middle of a run."""

    name = "killed"

    def __init__(self, corpus: Corpus, answers: int) -> None:
        self._corpus = corpus
        self._left = answers
        self.asked: list[str] = []

    def ask(self, message: str, conversation_id: str | None) -> Answered:
        if self._left == 0:
            raise KeyboardInterrupt
        self._left -= 1
        self.asked.append(message)
        return Answered(reply(self._corpus, "not_covered"), 1.0)

    def search(self, question: str) -> list[str] | None:
        return None


def test_a_killed_run_goes_on_where_it_was(bench: Bench, corpus: Corpus, tmp_path: Path) -> None:
    first = KilledAfter(corpus, 5)
    with pytest.raises(KeyboardInterrupt):
        run_cases(first, CASES, bench, tmp_path, seed=0, workers=1, tick=nothing)
    with (tmp_path / PARTIAL).open("a") as file:
        file.write('{"case": "c5", "tu')  # cut off by the kill
    second = KilledAfter(corpus, 100)
    ticks: list[int] = []
    records = run_cases(second, CASES, bench, tmp_path, seed=0, workers=1, tick=lambda: ticks.append(1))
    assert len(ticks) == 12
    assert sorted(first.asked + second.asked) == sorted(case.turns[0].question for case in CASES)
    assert [record.case for record in records] == [case.id for case in CASES]
    assert not (tmp_path / PARTIAL).exists()


def test_leavings_of_another_run_are_kept(bench: Bench, corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run_cases(KilledAfter(corpus, 2), CASES, bench, tmp_path, seed=0, workers=1, tick=nothing)
    with pytest.raises(ConfigError, match="unfinished run of another system"):
        run_cases(KilledAfter(corpus, 9), CASES[:4], bench, tmp_path, seed=0, workers=1, tick=nothing)
    assert (tmp_path / PARTIAL).read_text().count("\n") == 2


def test_the_order_does_not_depend_on_the_workers(bench: Bench, corpus: Corpus, tmp_path: Path) -> None:
    system = Played("p", lambda message: reply(corpus, "not_covered"))
    for workers in (1, 8):
        run_cases(system, CASES, bench, tmp_path / str(workers), seed=0, workers=workers, tick=nothing)
    assert (tmp_path / "1" / FILE).read_bytes() == (tmp_path / "8" / FILE).read_bytes()


def test_a_crash_of_one_turn_does_not_end_the_conversation(bench: Bench, corpus: Corpus, tmp_path: Path) -> None:
    case = CASES[0].model_copy(update={"turns": tuple(c.turns[0] for c in CASES[:3])})

    class Once:
        name = "once"

        def ask(self, message: str, conversation_id: str | None) -> Answered:
            if message == "question 1":
                raise NoReplyError("crash", "ValueError: no")
            return Answered(reply(corpus, "not_covered", conversation_id=conversation_id or "new"), 1.0)

        def search(self, question: str) -> list[str] | None:
            return None

    records = run_cases(Once(), [case], bench, tmp_path, seed=0, workers=1, tick=nothing)
    assert [record.error is not None for record in records] == [False, True, False]
    assert records[2].reply is not None
    assert records[2].reply.conversation_id == "new"


def test_no_run_to_read(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="holds no finished run"):
        read_run(tmp_path)
    (tmp_path / "run.json").write_text("{}")
    (tmp_path / FILE).write_text(json.dumps({"case": 1}))
    with pytest.raises(CorpusError, match="cannot be read"):
        read_run(tmp_path)
