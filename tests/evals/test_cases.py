import json
from pathlib import Path

import pytest

from bot.errors import CorpusError
from bot.values import Corpus
from evals.cases import DEFAULT, load_cases

GOOD = {
    "id": "a",
    "question": "q?",
    "answerable": True,
    "evidence": ["The mechanism is not mystical."],
    "must_include": [],
    "style": "plain",
}


def test_the_projects_cases_fit_the_corpus(corpus: Corpus) -> None:
    cases = load_cases(DEFAULT, corpus)
    assert sum(case.answerable for case in cases) >= 50
    assert sum(not case.answerable for case in cases) >= 40


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("{", "not a case"),
        (json.dumps({**GOOD, "id": "b", "colour": 1}), "not a case"),
        (json.dumps({**GOOD, "id": "b", "evidence": ["Not in it."]}), "not in the corpus"),
        (json.dumps({**GOOD, "id": "b", "evidence": []}), "answerable without evidence"),
        (json.dumps(GOOD), "twice"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, corpus: Corpus, line: str, wanted: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(GOOD) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=wanted) as caught:
        load_cases(path, corpus)
    assert f"{path}:2" in str(caught.value)


def test_no_cases(tmp_path: Path, corpus: Corpus) -> None:
    (tmp_path / "empty.jsonl").write_text("\n")
    with pytest.raises(CorpusError, match="holds no case"):
        load_cases(tmp_path / "empty.jsonl", corpus)
    with pytest.raises(CorpusError, match="cannot be read"):
        load_cases(tmp_path / "missing.jsonl", corpus)
