import json
from pathlib import Path
from typing import Any

import pytest

from bot.errors import CorpusError
from bot.values import Corpus
from evals.cases import DATA, SPLITS, SUITES, Case, load_cases, load_faithfulness, load_suite
from evals.followups.training import FollowUp, load_follow_ups

GOOD: dict[str, Any] = {
    "id": "a",
    "question": "q?",
    "answerable": True,
    "evidence": ["The mechanism is not mystical."],
    "must_include": [],
    "style": "plain",
}
TURN = {"question": "q?", "answerable": False}
GUARDED = {"id": "b", "question": "q?", "style": "x", "guard": {"class": "G01", "due": True, "kinds": ["declined"]}}
JUDGED = {"id": "b", "passages": ["p"], "answer": "A. B.", "sentences": [{"text": "A.", "supported": True}]}


def changed(**given: Any) -> str:
    return json.dumps({**GOOD, "id": "b", **given})


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("{", "is not JSON"),
        ("[1]", "is not a case"),
        (changed(colour=1), "colour: Extra inputs"),
        (changed(question=""), "give either question or turns"),
        (changed(turns=[TURN]), "give either question or turns"),
        (changed(answerable=None, evidence=[]), "answerable is missing"),
        (changed(evidence=["Not in it."]), "not in the corpus"),
        (changed(evidence=[]), "answerable without evidence"),
        (json.dumps({"id": "b", "style": "x", "turns": [TURN], "answerable": True}), "belong to each of the turns"),
        (json.dumps({**GUARDED, "guard": {**GUARDED["guard"], "kinds": ["shrug"]}}), "guard.kinds.0"),  # type: ignore[dict-item]
        (json.dumps(GOOD), "has the id 'a' twice"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, corpus: Corpus, line: str, wanted: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(GOOD) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=wanted) as caught:
        load_cases(path, corpus)
    assert f"{path}:2" in str(caught.value)


def test_all_forms_are_read(tmp_path: Path, corpus: Corpus) -> None:
    path = tmp_path / "cases.jsonl"
    turns = {"id": "t", "style": "x", "turns": [TURN, {**TURN, "standalone": "s"}]}
    path.write_text("\n".join(json.dumps(line) for line in (GOOD, GUARDED, turns)), encoding="utf-8")
    single, guarded, conversation = load_cases(path, corpus)
    assert single.turns[0].evidence == ("The mechanism is not mystical.",)
    assert guarded.guard is not None
    assert guarded.guard.label == "G01"
    assert conversation.turns[1].standalone == "s"


def test_no_cases(tmp_path: Path, corpus: Corpus) -> None:
    (tmp_path / "empty.jsonl").write_text("\n")
    with pytest.raises(CorpusError, match="holds no case"):
        load_cases(tmp_path / "empty.jsonl", corpus)
    with pytest.raises(CorpusError, match="cannot be read"):
        load_cases(tmp_path / "missing.jsonl", corpus)
    (tmp_path / "latin.jsonl").write_bytes(b"\xe9\n")
    with pytest.raises(CorpusError, match="cannot be read"):
        load_cases(tmp_path / "latin.jsonl", corpus)
    with pytest.raises(CorpusError, match="has no suite 'colours'"):
        load_suite("colours", "dev", corpus)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [({**JUDGED, "passages": []}, "passages"), ({**JUDGED, "answer": "B."}, "which is not in its answer"), ({}, "id")],
)
def test_a_bad_labelled_answer_is_named(tmp_path: Path, line: dict[str, Any], wanted: str) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text(json.dumps(line))
    with pytest.raises(CorpusError, match=wanted) as caught:
        load_faithfulness(path)
    assert f"{path}:1" in str(caught.value)


def evidence(cases: list[Case]) -> set[str]:
    return {quote for case in cases for turn in case.turns for quote in turn.evidence}


def test_the_projects_cases_are_many_and_parted(corpus: Corpus) -> None:
    suites = {(suite, split): load_suite(suite, split, corpus) for suite in SUITES for split in SPLITS}
    totals = {suite: sum(len(suites[suite, split]) for split in SPLITS) for suite in SUITES}
    assert totals["answerable"] >= 200
    assert totals["unanswerable"] >= 150
    assert totals["conversations"] >= 60
    assert totals["guard"] >= 300
    for suite in SUITES:
        authors = [{case.author for case in suites[suite, split]} for split in SPLITS]
        assert not authors[0] & authors[1], suite
    sentences = [
        evidence([c for (_, part), found in suites.items() if part == split for c in found]) for split in SPLITS
    ]
    assert not sentences[0] & sentences[1], "no sentence is asked about in both splits"
    ids = [case.id for found in suites.values() for case in found]
    assert len(ids) == len(set(ids))


def test_every_part_of_the_corpus_is_asked_about(corpus: Corpus) -> None:
    asked = evidence(load_suite("all", "both", corpus))
    silent = [p.id for p in corpus.passages if not any(corpus.sentences[i].text in asked for i in p.sentence_ids)]
    assert len(silent) <= 2, "passages that no case asks about"


def test_labelled_answers_are_many_and_mixed() -> None:
    items = {split: load_faithfulness(DATA / split / "faithfulness.jsonl") for split in SPLITS}
    assert sum(map(len, items.values())) >= 200
    for found in items.values():
        faithful = sum(all(s.supported for s in item.sentences) for item in found)
        assert 0.3 < faithful / len(found) < 0.65
        assert all(sum(not s.supported for s in item.sentences) <= 1 for item in found)


def test_a_separator_of_lines_within_a_message_parts_nothing(tmp_path: Path) -> None:
    told = FollowUp(earlier=("q?",), message="one\u2028two\x85three", standalone="s", relation="follows", author="x")
    (tmp_path / "followups.jsonl").write_text(told.model_dump_json() + "\n", encoding="utf-8")
    assert load_follow_ups(tmp_path / "followups.jsonl") == [told]
