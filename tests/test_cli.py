"""The command line, as processes: output, one-line errors and exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import Bot, Settings
from tests.conftest import CORPUS, ROOT


@pytest.fixture
def run(bot: Bot, settings: Settings):
    """Runs `python -m bot` on the index of this test run."""

    def call(*words: str, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        known = {**os.environ, "FOOTNOTE_VAR_DIR": str(settings.var_dir), "FOOTNOTE_CORPUS_DIR": str(CORPUS)}
        return subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=ROOT,
            env={**known, **environment},
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )

    return call


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
    done = run("serve", FOOTNOTE_EMBEDDING_MODEL="no-such-model")
    assert done.returncode == 3
    assert "FOOTNOTE_EMBEDDING_MODEL" in done.stderr
