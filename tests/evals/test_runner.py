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
from evals.records import FILE, PARTIAL, PARTIAL_RUN, RUN, read_run
from evals.runner import Bench, run_cases
from evals.systems import Answered, NoReplyError, OverHttp
from tests.evals.replies import Played, question_case, reply

Respond = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture(scope="module")
def bench(settings: Settings, corpus: Corpus) -> Bench:
    return open_bench(settings, corpus)


@pytest.fixture
def serve() -> Iterator[Callable[[Respond], str]]:
    """Serves by a function; gives the address."""
    servers = []

    def start(respond: Respond) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                respond(self)

            def do_GET(self) -> None:
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


def test_waiting_for_a_limit_is_no_latency(serve: Callable[[Respond], str], corpus: Corpus) -> None:
    asked: list[str] = []

    def limited(handler: BaseHTTPRequestHandler) -> None:
        asked.append("once")
        if len(asked) == 1:
            send(handler, 429, b"", retry_after="2")
        else:
            send(handler, 200, reply(corpus, "not_covered").model_dump_json().encode())

    assert OverHttp(serve(limited)).ask("q?", None).latency_ms < 1500


@pytest.mark.parametrize(
    ("status", "body", "found"),
    [(200, b'{"results": [{"quote": "a"}]}', ["a"]), (500, b"boom", []), (200, b"nonsense", []), (404, b"", None)],
)
def test_a_search_that_fails_is_a_miss_and_one_that_is_not_offered_is_none(
    serve: Callable[[Respond], str], status: int, body: bytes, found: list[str] | None
) -> None:
    assert OverHttp(serve(lambda h: send(h, status, body))).search("q?") == found


def test_a_search_that_takes_too_long_is_a_miss(serve: Callable[[Respond], str]) -> None:
    assert OverHttp(serve(lambda h: threading.Event().wait(1.5)), 0.3).search("q?") == []


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


def test_a_run_killed_again_and_again_asks_nothing_twice(bench: Bench, corpus: Corpus, tmp_path: Path) -> None:
    systems = [KilledAfter(corpus, answers) for answers in (5, 3, 100)]
    for system in systems[:2]:
        with pytest.raises(KeyboardInterrupt):
            run_cases(system, CASES, bench, tmp_path, seed=0, workers=1, tick=nothing)
        with (tmp_path / PARTIAL).open("ab") as file:
            file.write('{"case": "é'.encode()[:-1])
    records = run_cases(systems[2], CASES, bench, tmp_path, seed=0, workers=1, tick=nothing)
    assert [record.case for record in records] == [case.id for case in CASES]
    assert sorted(message for system in systems for message in system.asked) == sorted(
        case.turns[0].question for case in CASES
    )


def test_a_killed_run_leaves_the_one_before_as_it_was(bench: Bench, corpus: Corpus, tmp_path: Path) -> None:
    system = Played("first", lambda message: reply(corpus, "not_covered"))
    records = run_cases(system, CASES[:4], bench, tmp_path, seed=0, workers=1, tick=nothing)
    with pytest.raises(KeyboardInterrupt):
        run_cases(KilledAfter(corpus, 2), CASES, bench, tmp_path, seed=0, workers=1, tick=nothing)
    run, found = read_run(tmp_path)
    assert (run.system, run.turns) == ("first", 4)
    assert found == records
    run_cases(KilledAfter(corpus, 100), CASES, bench, tmp_path, seed=0, workers=1, tick=nothing)
    assert read_run(tmp_path)[0].system == "killed"
    assert not (tmp_path / PARTIAL_RUN).exists()


def test_a_run_with_too_few_records_is_none(bench: Bench, corpus: Corpus, tmp_path: Path) -> None:
    run_cases(KilledAfter(corpus, 100), CASES, bench, tmp_path, seed=0, workers=1, tick=nothing)
    lines = (tmp_path / FILE).read_bytes().split(b"\n")
    (tmp_path / FILE).write_bytes(b"\n".join(lines[:5]) + b"\n")
    with pytest.raises(CorpusError, match="holds 5 records of a run of 12 turns"):
        read_run(tmp_path)


def test_a_changed_bot_is_asked_anew(bench: Bench, corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run_cases(KilledAfter(corpus, 5), CASES, bench, tmp_path, seed=0, workers=1, tick=nothing)
    described = json.loads((tmp_path / PARTIAL_RUN).read_text())
    (tmp_path / PARTIAL_RUN).write_text(json.dumps({**described, "sources": "of another day"}))
    system = KilledAfter(corpus, 100)
    said: list[str] = []
    run_cases(system, CASES, bench, tmp_path, seed=0, workers=1, tick=nothing, say=said.append)
    assert len(system.asked) == 12
    assert ["asked anew" in line for line in said] == [True]


def test_separators_of_lines_within_a_reply_part_nothing(bench: Bench, corpus: Corpus, tmp_path: Path) -> None:
    class Odd(KilledAfter):
        def ask(self, message: str, conversation_id: str | None) -> Answered:
            answered = super().ask(message, conversation_id)
            return Answered(answered.reply.model_copy(update={"text": "one\u2028two\x85three"}), 1.0)

    first, second = Odd(corpus, 5), Odd(corpus, 100)
    with pytest.raises(KeyboardInterrupt):
        run_cases(first, CASES, bench, tmp_path, seed=0, workers=1, tick=nothing)
    run_cases(second, CASES, bench, tmp_path, seed=0, workers=1, tick=nothing)
    assert (len(first.asked), len(second.asked)) == (5, 7)
    assert len(read_run(tmp_path)[1]) == 12


def test_breaking_off_asks_no_more_and_keeps_what_is_under_way(bench: Bench, corpus: Corpus, tmp_path: Path) -> None:
    begun = threading.Event()
    asked: list[str] = []

    class Breaking:
        name = "breaking"

        def ask(self, message: str, conversation_id: str | None) -> Answered:
            asked.append(message)
            if message == "question 0":
                begun.wait(10)
                raise ValueError("broken")
            begun.set()
            threading.Event().wait(0.5)
            return Answered(reply(corpus, "not_covered"), 1.0)

        def search(self, question: str) -> list[str] | None:
            return None

    with pytest.raises(ValueError, match="broken"):
        run_cases(Breaking(), CASES, bench, tmp_path, seed=0, workers=2, tick=nothing)
    kept = [json.loads(line)["case"] for line in (tmp_path / PARTIAL).read_text().split("\n")[:-1]]
    assert len(asked) <= 4, "those that the two workers had begun"
    assert len(kept) == len(asked) - 1
    assert "c1" in kept


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
    (tmp_path / RUN).write_text("{}")
    (tmp_path / FILE).write_text(json.dumps({"case": 1}))
    with pytest.raises(CorpusError, match="cannot be read"):
        read_run(tmp_path)
