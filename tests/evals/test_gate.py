"""The gate stops a drop, and nothing else."""

import io
import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from bot import Settings
from bot.errors import ConfigError, CorpusError
from bot.values import Corpus
from bot.web.schema import ReplyBody
from evals.cases import Case
from evals.comparison import WholeRun, compare_tables, flips
from evals.gate import Baseline, Verdict, accept, judge_run, read_baseline
from evals.judging import Judged
from evals.opening import open_bench
from evals.printing import compared_json, print_verdict
from evals.records import read_run
from evals.runner import Bench, run_cases
from tests.evals.replies import Played, question_case, reply


@pytest.fixture(scope="module")
def bench(settings: Settings, corpus: Corpus) -> Bench:
    return open_bench(settings, corpus)


@pytest.fixture(scope="module")
def cases(corpus: Corpus) -> list[Case]:
    return [
        question_case(f"s{s.id}", f"about {s.id}?", s.text, corpus.sentences[60].text) for s in corpus.sentences[:40]
    ]


class Clerk:
    """Answers a question about sentence n from sentence n, but for those it is told to leave."""

    def __init__(self, corpus: Corpus, *, leaves: int = 0, misquotes: int = 0) -> None:
        self._corpus = corpus
        self._leaves = leaves
        self._misquotes = misquotes

    def __call__(self, message: str) -> ReplyBody:
        number = int(message.removeprefix("about ").removesuffix("?"))
        if number < self._leaves:
            return reply(self._corpus, "not_covered", confidence=0.2)
        sentence = self._corpus.sentences[number]
        body = reply(self._corpus, "answer", [(sentence.text, [sentence])], confidence=0.9)
        if number < self._misquotes:
            wrong = [c.model_copy(update={"start": c.start + 1}) for c in body.citations]
            body = body.model_copy(update={"citations": wrong})
        return body


def printed(verdict: Verdict, run: WholeRun) -> str:
    shown = io.StringIO()
    print_verdict(Console(file=shown, width=200), verdict, run)
    return shown.getvalue()


def run_of(clerk: Clerk, cases: list[Case], bench: Bench, folder: Path) -> WholeRun:
    run_cases(Played("clerk", clerk), cases, bench, folder, seed=0, workers=1, tick=lambda: None)
    return WholeRun(*read_run(folder), [])


@pytest.fixture
def baseline(corpus: Corpus, cases: list[Case], bench: Bench, tmp_path: Path) -> Baseline:
    accept(run_of(Clerk(corpus), cases, bench, tmp_path / "base"), "first", tmp_path / "baseline.json")
    return read_baseline(tmp_path / "baseline.json")


def test_the_same_run_passes(
    baseline: Baseline, corpus: Corpus, cases: list[Case], bench: Bench, tmp_path: Path
) -> None:
    verdict = judge_run(run_of(Clerk(corpus), cases, bench, tmp_path / "again"), baseline)
    assert verdict.passes
    assert {each.difference.difference for each in verdict.compared if not math.isnan(each.difference.a)} == {0.0}
    assert {each.difference.p for each in verdict.compared if not math.isnan(each.difference.a)} == {1.0}
    assert baseline.reason == "first"
    assert not any(name.startswith("latency") for name in baseline.tables)


def test_a_significant_drop_fails_and_shows_the_cases(
    baseline: Baseline, corpus: Corpus, cases: list[Case], bench: Bench, tmp_path: Path
) -> None:
    run = run_of(Clerk(corpus, leaves=10), cases, bench, tmp_path / "worse")
    verdict = judge_run(run, baseline)
    failed = {failure.compared.figure.name: failure for failure in verdict.failures}
    assert {"right", "answered"} <= set(failed)
    assert {case for case, _, _ in failed["answered"].keys} == {f"s{n}" for n in range(10)}
    before = WholeRun(*read_run(tmp_path / "base"), [])
    flipped = flips(before.records, run.records)
    assert [flip.is_gain for flip in flipped] == [False] * 10


def test_chance_passes(baseline: Baseline, corpus: Corpus, cases: list[Case], bench: Bench, tmp_path: Path) -> None:
    assert judge_run(run_of(Clerk(corpus, leaves=1), cases, bench, tmp_path / "chance"), baseline).passes


def test_a_promise_may_not_break_once(
    baseline: Baseline, corpus: Corpus, cases: list[Case], bench: Bench, tmp_path: Path
) -> None:
    verdict = judge_run(run_of(Clerk(corpus, misquotes=1), cases, bench, tmp_path / "one"), baseline)
    assert [failure.compared.figure.name for failure in verdict.failures] == ["verbatim"]
    assert verdict.failures[0].keys == [("s0", 0, 0)]


def test_a_turn_is_printed_once_however_many_of_its_quotes_are_wrong(
    baseline: Baseline, corpus: Corpus, cases: list[Case], bench: Bench, tmp_path: Path
) -> None:
    run = run_of(Clerk(corpus, misquotes=1), cases, bench, tmp_path / "one")
    verdict = judge_run(run, baseline)
    failure = replace(verdict.failures[0], keys=[("s0", 0, n) for n in range(30)])
    shown = printed(replace(verdict, failures=[failure]), run)
    assert shown.count("s0.1") == 1
    assert "more" not in shown


def test_a_promise_holds_where_the_baseline_has_nothing_of_the_kind(
    corpus: Corpus, cases: list[Case], bench: Bench, tmp_path: Path
) -> None:
    accept(run_of(Clerk(corpus, leaves=1), cases, bench, tmp_path / "base"), "first", tmp_path / "baseline.json")
    more = [*cases, question_case("new", "about 0?", corpus.sentences[0].text)]
    run = run_of(Clerk(corpus, misquotes=1), more, bench, tmp_path / "answered")
    verdict = judge_run(run, read_baseline(tmp_path / "baseline.json"))
    assert verdict.broken == {"verbatim": [("s0", 0, 0), ("new", 0, 0)]}
    assert not verdict.failures
    assert not verdict.passes
    assert "BROKEN verbatim" in printed(verdict, run)


def test_cases_that_were_not_asked_fail(
    baseline: Baseline, corpus: Corpus, cases: list[Case], bench: Bench, tmp_path: Path
) -> None:
    run = run_of(Clerk(corpus), cases[:1], bench, tmp_path / "single")
    verdict = judge_run(run, baseline)
    assert verdict.missing_cases == sorted(case.id for case in cases[1:])
    assert not verdict.passes
    assert verdict.differing == ["cases"]
    shown = printed(verdict, run)
    assert "MISSING 39 cases" in shown
    assert "python -m evals run" in shown


def test_the_gate_takes_no_other_judge(
    baseline: Baseline, corpus: Corpus, cases: list[Case], bench: Bench, tmp_path: Path
) -> None:
    run = run_of(Clerk(corpus), cases, bench, tmp_path / "judged")
    by = {judge: Judged(id="j", split="dev", author="x", judge=judge, passages=["p"], support=0.9) for judge in "ab"}
    with pytest.raises(ConfigError, match="was judged by 'a'"):
        judge_run(replace(run, judged=[by["a"]]), baseline)
    with pytest.raises(ConfigError, match="was judged by 'b'"):
        accept(replace(run, judged=[by["b"]]), "no", tmp_path / "other.json")
    own = replace(run, judged=[by["a"].model_copy(update={"judge": "footnote"})])
    assert judge_run(own, baseline).passes


def test_an_undefined_figure_is_null_in_json(
    baseline: Baseline, corpus: Corpus, cases: list[Case], bench: Bench, tmp_path: Path
) -> None:
    run = run_of(Clerk(corpus), cases, bench, tmp_path / "again")
    told = compared_json(compare_tables(baseline.tables, run.tables()), [])
    assert json.loads(json.dumps(told, allow_nan=False))["figures"]["silent"]["p"] is None


def test_new_cases_are_not_held_against_anything(
    baseline: Baseline, corpus: Corpus, cases: list[Case], bench: Bench, tmp_path: Path
) -> None:
    more = [*cases, question_case("new", "about 3?", corpus.sentences[50].text)]
    verdict = judge_run(run_of(Clerk(corpus), more, bench, tmp_path / "more"), baseline)
    assert verdict.passes
    assert verdict.unknown_cases == 1


def test_a_figure_that_is_gone_fails(
    baseline: Baseline, corpus: Corpus, cases: list[Case], bench: Bench, tmp_path: Path
) -> None:
    verdict = judge_run(run_of(Clerk(corpus, leaves=40), cases, bench, tmp_path / "none"), baseline)
    assert "verbatim" in verdict.missing
    assert not verdict.passes


def test_no_baseline(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="is missing"):
        read_baseline(tmp_path / "none.json")
    for text in ("{", json.dumps({"tables": {}}), json.dumps([1])):
        (tmp_path / "bad.json").write_text(text)
        with pytest.raises(CorpusError, match="is no baseline"):
            read_baseline(tmp_path / "bad.json")
