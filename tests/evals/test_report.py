"""The report: one file, nothing from elsewhere, the same for people and programs."""

import io
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from rich.console import Console

from bot import Settings
from bot.values import Corpus
from evals.cases import Asked, Case, FaithfulnessItem, Guarded
from evals.comparison import read_whole_run
from evals.external.score import Score
from evals.judging import (
    FILE,
    Judged,
    JudgedSentence,
    found_by_change,
    judge_items,
    read_judged,
    reliability,
    write_judged,
)
from evals.opening import open_bench
from evals.printing import print_judged, print_scores, scores_json
from evals.report.content import content_of
from evals.report.write import write_report
from evals.runner import run_cases
from evals.stats import Estimate
from evals.systems import Answered, NoReplyError
from tests.evals.replies import Played, question_case, reply

MARKUP = '</script><img src="https://evil.test/x" onerror="alert(1)">{{ 7*7 }}'


class Mixed:
    """Right, wrong, silent, and broken by turns; says markup."""

    name = f"mixed {MARKUP}"

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def ask(self, message: str, conversation_id: str | None) -> Answered:
        number = int(message.split()[0])
        sentence = self._corpus.sentences[number]
        if number % 4 == 0:
            return Answered(reply(self._corpus, "answer", [(sentence.text, [sentence])], confidence=0.8), 3.0)
        if number % 4 == 1:
            wrong = self._corpus.sentences[number + 1]
            return Answered(reply(self._corpus, "answer", [(MARKUP, [wrong])], confidence=0.7), 4.0)
        if number % 4 == 2:
            return Answered(reply(self._corpus, "not_covered", confidence=0.1), 2.0)
        raise NoReplyError("http", "500 \x00 Internal")

    def search(self, question: str) -> list[str] | None:
        return None


@pytest.fixture(scope="module")
def folder(settings: Settings, corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    cases = [
        question_case(f"c{n}", f"{n} {MARKUP}?", *([corpus.sentences[n].text] if n % 8 < 5 else []), style="odd")
        for n in range(16)
    ]
    bench = open_bench(settings, corpus)
    run_cases(Mixed(corpus), cases, bench, folder, seed=0, workers=2, tick=lambda: None)
    good = JudgedSentence(text="a", support=0.9, reason="", expected=True)
    bad = JudgedSentence(text="b", support=0.2, reason="number differs", expected=False, change="number")
    unjudged = JudgedSentence(text="c", support=0.0, reason="", expected=False, change="name")
    judged = [
        Judged(id="j1", split="dev", author="x", passages=["p"], support=0.9, sentences=[good]),
        Judged(id="j2", split="dev", author="x", passages=["p"], support=0.5, sentences=[good, bad]),
        Judged(id="j3", split="dev", author="y", passages=["p"], support=None, sentences=[unjudged]),
    ]
    write_judged(judged, folder / FILE)
    write_report(folder)
    return folder


def test_the_page_names_no_other_host_and_escapes(folder: Path) -> None:
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert MARKUP not in page
    assert "7*7" in page
    assert page.count("<script") == 1
    assert not re.search(r"<(?:link|img|iframe)\b|@import|url\(", page)


def test_json_and_xml_say_the_same(folder: Path) -> None:
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert report["errors"] == {"http": 4}
    assert report["figures"]["replied"]["value"] == 0.75
    assert report["figures"]["confidence AUROC"]["n"] == 12
    suites = ET.parse(folder / "junit.xml").getroot()
    assert sum(int(suite.get("errors", 0)) for suite in suites) == 4
    failures = sum(int(suite.get("failures", 0)) for suite in suites)
    assert failures + 4 == len(report["failures"])
    assert len(suites.findall(".//testcase")) == 16
    assert len(suites.findall(".//error")) == 4


def test_a_judges_figures_are_printed_by_author(folder: Path) -> None:
    shown = io.StringIO()
    print_judged(Console(file=shown, width=200), read_judged(folder / FILE))
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in shown.getvalue().splitlines() if "│" in line]
    assert [row[:3] for row in rows] == [["dev", "all", "3"], ["dev", "x", "2"], ["dev", "y", "1"]]
    assert rows[1][3].startswith("1.00")


def test_what_could_not_be_judged_is_kept_apart(folder: Path) -> None:
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    judge = report["judge"]
    assert judge["could judge"]["value"] == pytest.approx(2 / 3)
    assert judge["answer AUROC"] == {**judge["answer AUROC"], "value": 1.0, "n": 2}
    assert (judge["sentence balanced accuracy"]["value"], judge["sentence balanced accuracy"]["n"]) == (1.0, 3)
    assert set(report["judge_changes"]) == {"none", "number"}
    assert len(reliability(read_judged(folder / FILE))[0]) == 3


def test_sentences_of_an_answer_are_resampled_together() -> None:
    judged = [
        Judged(
            id=f"j{n}", split="dev", author="x", passages=["p"], support=support,
            sentences=[JudgedSentence(text="a", support=support, reason="", expected=True)] * 20,
        )
        for n, support in enumerate((0.9, 0.1))
    ]  # fmt: skip
    found = found_by_change(judged)["none"]
    assert (found.value, found.low, found.high) == (0.5, 0.0, 1.0)


def test_what_was_judged_is_read_as_it_was_written(tmp_path: Path) -> None:
    item = Judged(id="j", split="dev", author="x", judge="j", passages=["one\u2028two\x85three"], support=0.5)
    write_judged([item], tmp_path / FILE)
    assert read_judged(tmp_path / FILE) == [item]


def test_the_judge_is_named() -> None:
    class Silent:
        name = "silent"

        def judge(self, sentences: object) -> None:
            return None

    item = FaithfulnessItem(id="i", passages=("p",), answer="a")
    assert [judged.judge for judged in judge_items(Silent(), [item], lambda: None)] == ["silent"]


def test_small_talk_is_due_where_it_is_due_and_kinds_are_in_one_order(
    settings: Settings, corpus: Corpus, tmp_path: Path
) -> None:
    def talk(word: str) -> Case:
        asked = Asked(question=word, answerable=False, role="small_talk")
        return Case(id=word, turns=(asked,), style="x", suite="conversations", split="dev")

    def guarded(word: str, *kinds: str) -> Case:
        guard = Guarded.model_validate({"class": "G01", "due": True, "kinds": kinds})
        return Case(id=word, turns=(Asked(question=word),), guard=guard, style="x", suite="guard", split="dev")

    cases = [talk("hello"), talk("thanks"), guarded("a", "declined", "answer"), guarded("b", "answer", "declined")]
    kinds = {"hello": "smalltalk", "thanks": "not_covered", "a": "declined", "b": "declined"}
    system = Played("p", lambda message: reply(corpus, kinds[message]))
    run_cases(system, cases, open_bench(settings, corpus), tmp_path, seed=0, workers=1, tick=lambda: None)
    content = content_of(read_whole_run(tmp_path))
    assert content.confusion == {
        ("smalltalk", "smalltalk"): 1,
        ("smalltalk", "not_covered"): 1,
        ("answer / declined", "declined"): 2,
    }
    assert [(f.id, f.why, f.expected) for f in content.failures] == [
        ("thanks", "not answered as small talk", ("a reply of kind smalltalk",))
    ]


def test_figures_on_public_data_tell_what_is_undefined_and_what_must_be_known() -> None:
    nan = float("nan")
    scores = [
        Score("t", "d", "ours", "AUROC", Estimate(0.9, 0.8, 1.0, 5, 0.1), "seen [before]"),
        Score("t", "d", "theirs", "AUROC", Estimate(nan, nan, nan, 5, nan)),
    ]
    told = json.loads(json.dumps(scores_json(scores), allow_nan=False))
    assert [(line["value"], line["note"]) for line in told] == [(0.9, "seen [before]"), (None, "")]
    shown = io.StringIO()
    print_scores(Console(file=shown, width=200), scores)
    assert "1.000]*" in shown.getvalue()
    assert "* seen [before]" in shown.getvalue()
