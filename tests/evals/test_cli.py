"""The commands as an engineer calls them: what they print, the one line of an error, exit codes."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from bot import Bot, Settings
from bot.values import Corpus
from evals.bench import free_port
from tests.conftest import CORPUS, ROOT

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(bot: Bot, settings: Settings) -> Run:
    """Runs `python -m evals` on the index of this test run."""

    def call(*words: str | Path) -> subprocess.CompletedProcess[str]:
        known = {**os.environ, "FOOTNOTE_VAR_DIR": str(settings.var_dir), "FOOTNOTE_CORPUS_DIR": str(CORPUS)}
        command = [sys.executable, "-m", "evals", *map(str, words)]
        environment = {**known, "COLUMNS": "300"}
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    return call


@pytest.fixture
def cases(tmp_path: Path, corpus: Corpus) -> Path:
    """Headings that ask, with what stands below; and two that the corpus does not answer."""
    lines = []
    for n, passage in enumerate(p for p in corpus.passages if p.headings[-1].endswith("?")):
        quotes = [corpus.sentences[i].text for i in passage.sentence_ids]
        asked = {"question": passage.headings[-1], "answerable": True, "evidence": quotes, "style": "heading"}
        lines.append({"id": f"h{n}", **asked})
    for n, topic in enumerate(("bicycle tyres", "tomato soup")):
        asked = {"question": f"Which {topic} are best?", "answerable": False, "style": "far"}
        lines.append({"id": f"u{n}", **asked})
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return path


def test_run_report_compare_and_gate(run: Run, cases: Path, tmp_path: Path) -> None:
    done = run("run", "--cases", cases, "--out", tmp_path / "a")
    assert done.returncode == 0, done.stderr
    assert "hit@1" in done.stdout
    assert "0 without a reply" in done.stdout
    assert {path.name for path in (tmp_path / "a").iterdir()} == {
        *("records.jsonl", "run.json", "report.html", "report.json", "junit.xml"),
    }
    assert run("run", "--cases", cases, "--system", "dense", "--out", tmp_path / "b").returncode == 0
    assert run("report", tmp_path / "b").stdout.strip() == str(tmp_path / "b" / "report.html")
    compared = json.loads(run("compare", tmp_path / "b", tmp_path / "a", "--json").stdout)
    assert compared["figures"]["disclaimer"]["b"] == 1.0
    assert {flip["case"] for flip in compared["flips"] if flip["gained"]} >= {"u0", "u1"}
    shown = run("compare", tmp_path / "b", tmp_path / "a").stdout
    assert "tomato soup" in shown
    assert run("export-ragas", tmp_path / "a", tmp_path / "ragas.jsonl").returncode == 0
    samples = [json.loads(line) for line in (tmp_path / "ragas.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(samples) == len(cases.read_text().splitlines())
    fields = {"user_input", "response", "retrieved_contexts", "reference_contexts", "reference"}
    assert all(set(sample) == fields and sample["response"] for sample in samples)
    assert any(sample["retrieved_contexts"] for sample in samples)
    assert run("gate", tmp_path / "a").returncode == 1, "the baseline's cases were not asked"
    assert "MISSING" in run("gate", tmp_path / "a").stdout
    shutil.copytree(tmp_path / "a", tmp_path / "c")
    described = json.loads((tmp_path / "c" / "run.json").read_text(encoding="utf-8"))
    (tmp_path / "c" / "run.json").write_text(json.dumps({**described, "corpus": "another"}), encoding="utf-8")
    told = run("compare", tmp_path / "a", tmp_path / "c", "--json")
    assert "The corpus of" in told.stderr
    assert json.loads(told.stdout)["figures"]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("run", "--system", "oracle"), "--system 'oracle' is not known"),
        (("run", "--suite", "colours"), "has no suite 'colours'"),
        (("run", "--split", "train"), "--split 'train' is not known"),
        (("run", "--cases", "missing.jsonl"), "missing.jsonl: cannot be read"),
        (("run", "--url", "localhost"), "is no address"),
        (("report", "missing"), "holds no finished run"),
        (("compare", "missing", "missing"), "holds no finished run"),
        (("gate", "missing"), "holds no finished run"),
        (("faithfulness", "--cases", "missing.jsonl"), "cannot be read"),
        (("judge", "oracle", "var"), "judge 'oracle' is not known"),
        (("external", "--data", "missing"), "is no folder"),
        (("external", "--data", ".", "--task", "cooking"), "--task 'cooking' is not known"),
        (("new", "q?", "--url", "http://127.0.0.1:9"), "Is the bot running?"),
    ],
)
def test_a_mistake_is_one_line(run: Run, words: tuple[str, ...], wanted: str) -> None:
    done = run(*words)
    assert done.returncode == 3
    assert wanted in done.stderr
    assert done.stderr.strip().count("\n") == 0


def test_faithfulness_writes_what_the_contract_says(run: Run, tmp_path: Path) -> None:
    items = tmp_path / "items.jsonl"
    lines = [
        {
            "id": "1",
            "passages": ["The harbour holds 240 boats."],
            "answer": "The harbour holds 240 boats. The harbour holds 9 boats.",
        },
        {"id": "2", "passages": ["x"], "answer": ""},
    ]
    items.write_text("\n".join(map(json.dumps, lines)))
    done = run("faithfulness", "--cases", items)
    assert done.returncode == 0, done.stderr
    first, second = map(json.loads, done.stdout.strip().split("\n"))
    assert first["id"] == "1"
    assert [set(sentence) for sentence in first["sentences"]] == [{"text", "support", "reason"}] * 2
    assert first["sentences"][0]["support"] == 1.0
    assert 0 <= first["sentences"][1]["support"] < 0.5
    assert first["sentences"][1]["reason"] == "number differs"
    assert second == {"id": "2", "support": 0.0, "sentences": []}


@pytest.fixture
def address(bot: Bot, settings: Settings) -> Iterator[str]:
    port = free_port()
    known = {**os.environ, "FOOTNOTE_VAR_DIR": str(settings.var_dir), "FOOTNOTE_CORPUS_DIR": str(CORPUS)}
    process = subprocess.Popen([sys.executable, "-m", "bot", "serve", "--port", str(port)], cwd=ROOT, env=known)
    url = f"http://127.0.0.1:{port}"
    transport = httpx.HTTPTransport(retries=60)
    try:
        with httpx.Client(transport=transport) as client:
            while client.get(f"{url}/readyz").status_code != 200:
                continue
        yield url
    finally:
        process.terminate()
        process.wait(20)


def test_another_bot_over_http(run: Run, cases: Path, tmp_path: Path, address: str) -> None:
    done = run("run", "--cases", cases, "--url", address, "--out", tmp_path / "http")
    assert done.returncode == 0, done.stderr
    assert run("run", "--cases", cases, "--out", tmp_path / "here").returncode == 0
    compared = json.loads(run("compare", tmp_path / "here", tmp_path / "http", "--json").stdout)
    differing = [name for name, f in compared["figures"].items() if f["difference"] and not name.startswith("latency")]
    assert differing == []
    drafted = json.loads(run("new", "What is the REBUS model?", "--url", address, "--style", "plain").stdout)
    assert drafted["answerable"] is True
    assert drafted["evidence"]
    path = tmp_path / "drafted.jsonl"
    path.write_text(json.dumps(drafted), encoding="utf-8")
    assert run("run", "--cases", path, "--out", tmp_path / "drafted").returncode == 0
