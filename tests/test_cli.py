"""The command line, as processes: output, one-line errors and exit codes."""

import functools
import json
import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from bot import Bot, Settings
from bot.store.conversations import SqlConversationStore
from evals.bench import free_port
from tests.conftest import CORPUS, ROOT
from tests.fakes import Clock, reply_in


def call(*words: str, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs `python -m bot`."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=ROOT,
        env={**os.environ, **environment},
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def run(bot: Bot, settings: Settings):
    """Runs `python -m bot` on the index of this test run."""
    known = {"FOOTNOTE_VAR_DIR": str(settings.var_dir), "FOOTNOTE_CORPUS_DIR": str(CORPUS)}
    return lambda *words, given="", **environment: call(*words, given=given, **known | environment)


@pytest.fixture
def feedback(tmp_path: Path):
    """Runs `python -m bot feedback` on a folder where there is neither an index nor a corpus."""
    return functools.partial(call, "feedback", FOOTNOTE_VAR_DIR=str(tmp_path), FOOTNOTE_CORPUS_DIR="/nowhere")


@pytest.fixture
def rated(tmp_path: Path) -> None:
    """Two replies, the second with much text, rated one after the other."""
    clock = Clock(time.time() - 3600)
    store = SqlConversationStore(Settings(var_dir=tmp_path).conversations_url, 30, clock)
    begun = store.resume(None).id
    store.add(reply_in(begun, "r1", "What is [bold]LTP[/bold]?", "A [1] thing."))
    store.add(reply_in(begun, "r2", "What is LTD?", "first " + "word " * 200 + "last"))
    store.rate("r1", "up", None)
    clock.time += 60
    store.rate("r2", "down", "“Too long.”")


def test_ask_prints_answer_source_and_disclaimer(run) -> None:
    done = run("ask", "What is the REBUS model?", COLUMNS="500")
    assert done.returncode == 0
    assert "[1]" in done.stdout
    assert "Dr. Ceruto does not administer psilocybin" in done.stdout


def test_ask_as_json_is_the_contracts_reply(run) -> None:
    reply = json.loads(run("ask", "What is the REBUS model?", "--json").stdout)
    assert reply["kind"] == "answer"
    assert reply["citations"][0]["url"].startswith("/source/psilocybin-plasticity-article#s")


def test_chat_reads_lines_until_the_end(run) -> None:
    done = run("chat", given="What is LTP?\n" + "x" * 2001 + "\nWhat is LTD?\n")
    assert done.returncode == 0
    assert "LTP" in done.stdout
    assert "LTD" in done.stdout
    assert "limit is 2000" in done.stderr


def test_ingest_says_what_it_found(run) -> None:
    counts = json.loads(run("ingest", "--json").stdout)
    assert counts["documents"] == 2
    assert counts["sentences"] == 107


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["ask", ""], 2, "empty"),
        (["ask"], 2, "Missing argument"),
        (["dance"], 2, "No such command"),
        (["ask", "hi", "--corpus", "/nowhere"], 3, "/nowhere"),
        (["serve", "--port", "0"], 3, "FOOTNOTE_PORT"),
    ],
)
def test_failures_say_what_to_do(run, words: list[str], code: int, said: str) -> None:
    done = run(*words)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    if code == 3:
        assert done.stderr.strip().count("\n") == 0


def test_a_corpus_without_disclaimer_does_not_load(run, tmp_path: Path) -> None:
    page = 'title: "T"\nauthor: "A"\npublisher: "P"\nlanguage: en'
    (tmp_path / "page.md").write_text(f"---\n{page}\n---\nText here.", encoding="utf-8")
    done = run("ingest", "--corpus", str(tmp_path))
    assert done.returncode == 3
    assert "disclaimer" in done.stderr


def test_a_bad_setting_stops_the_start(run) -> None:
    done = run("serve", FOOTNOTE_EMBEDDING_MODEL="no-such-model", FOOTNOTE_PORT=str(free_port()))
    assert done.returncode == 3
    assert "FOOTNOTE_EMBEDDING_MODEL" in done.stderr


@pytest.mark.usefixtures("rated")
def test_feedback_as_json_is_whole_and_newest_first(feedback) -> None:
    done = feedback("--json")
    assert done.returncode == 0
    newest, oldest = map(json.loads, done.stdout.splitlines())
    at = datetime.fromisoformat(newest.pop("at"))
    assert (at - datetime.fromisoformat(oldest.pop("at"))).total_seconds() == 60
    assert at.timestamp() == pytest.approx(time.time() - 3540, abs=300)
    text = "first " + "word " * 200 + "last"
    assert newest == {
        "rating": "down",
        "comment": "“Too long.”",
        "question": "What is LTD?",
        "kind": "smalltalk",
        "text": text,
    }
    assert oldest == {
        "rating": "up",
        "comment": None,
        "question": "What is [bold]LTP[/bold]?",
        "kind": "smalltalk",
        "text": "A [1] thing.",
    }


@pytest.mark.usefixtures("rated")
def test_feedback_in_a_table_is_shortened(feedback) -> None:
    shown = feedback(COLUMNS="500").stdout
    for part in ("down", "“Too long.”", "What is LTD?", "smalltalk: first word", "…", "What is [bold]LTP[/bold]?"):
        assert part in shown
    assert "last" not in shown
    assert shown.index("What is LTD?") < shown.index("What is [bold]LTP")


def test_without_feedback_it_says_so(feedback) -> None:
    for words, stream in (((), "stdout"), (("--json",), "stderr")):
        done = feedback(*words)
        assert done.returncode == 0
        assert getattr(done, stream) == "No reply has been rated yet.\n"
        assert len(done.stdout + done.stderr) == len(getattr(done, stream))


def test_feedback_without_a_database_is_one_line(feedback, tmp_path: Path) -> None:
    (tmp_path / "conversations.sqlite3").write_bytes(b"not a database " * 200)
    done = feedback()
    assert done.returncode == 1
    assert done.stdout == ""
    assert "not a database" in done.stderr
    assert "FOOTNOTE_DATABASE_URL" in done.stderr
    assert done.stderr.strip().count("\n") == 0


def test_feedback_from_an_address_that_cannot_be_used(feedback) -> None:
    done = feedback(FOOTNOTE_DATABASE_URL="nonsense")
    assert done.returncode == 3
    assert "FOOTNOTE_DATABASE_URL" in done.stderr
