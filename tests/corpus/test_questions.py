import json
from collections import Counter

import pytest

from bot.conversation import kinds
from bot.corpus import load_corpus
from bot.errors import CorpusError
from bot.guard import exemplars as guarded
from bot.reading import points_elsewhere
from bot.text import words
from bot.values import Corpus
from evals.cases import SPLITS
from evals.followups.training import load_follow_ups
from tests.conftest import ROOT

ANSWERED = {
    *("keyword", "plain", "lay", "typo", "story", "yes_no", "comparison", "fact", "false_premise", "two_part"),
    "follow_up",
}


def load_with(write_corpus, *lines: str) -> Corpus:
    folder = write_corpus("One fact stands here. Another stands there.")
    (folder / "questions.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load_corpus(folder)


def test_quotes_become_sentence_ids(write_corpus) -> None:
    both = json.dumps({"question": "Where?", "evidence": ["stands here. Another"], "style": "plain"})
    none = json.dumps({"question": "When?", "evidence": [], "style": "fact", "related": ["One fact stands here."]})
    where, when = load_with(write_corpus, both, "", none).bank
    assert (where.text, where.sentence_ids, where.style) == ("Where?", (0, 1), "plain")
    assert (when.sentence_ids, when.related_ids) == ((), (0,))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"question": "Q?", "evidence": ["Nowhere."]}', "which no sentence holds"),
        ('{"question": "Q?", "evidence": [""]}', "which no sentence holds"),
        ('{"question": "Q?"}', "evidence: field required"),
        ('{"question": " ", "evidence": []}', "question:"),
        ('{"question": "Q?", "evidence": [], "kind": 1}', "kind: extra inputs"),
        ("nonsense", "is not JSON"),
        ('{"question": "First?", "evidence": []}', "twice"),
    ],
)
def test_a_wrong_line_is_named(write_corpus, line: str, said: str) -> None:
    with pytest.raises(CorpusError) as caught:
        load_with(write_corpus, '{"question": "First?", "evidence": []}', line)
    assert "questions.jsonl:2: " in str(caught.value)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: b", "valid list"),
        ("a: [x]\nb: [X]", "both"),
        ("a: [", "cannot be read"),
        ("a: [x]\nb: [2026-02-30]", "glossary.yaml:2: cannot be read"),
        ("a: [off]", "not False: put it in quotes"),
    ],
)
def test_a_wrong_glossary_is_named(write_corpus, text: str, said: str) -> None:
    folder = write_corpus("One fact stands here.")
    (folder / "glossary.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"glossary\.yaml") as caught:
        load_corpus(folder)
    assert said in str(caught.value)


def test_each_telling_sentence_has_six_questions_and_near_misses_abound(corpus: Corpus) -> None:
    asked = Counter(i for question in corpus.bank for i in question.sentence_ids)
    telling = [s for s in corpus.sentences if not points_elsewhere(s.text)]
    assert [(s.text, asked[s.id]) for s in telling if asked[s.id] < 6] == []
    assert sum(1 for question in corpus.bank if not question.sentence_ids) >= 400
    assert {question.style for question in corpus.bank if question.sentence_ids} == ANSWERED


def test_nothing_written_for_the_bot_is_what_it_is_scored_by(corpus: Corpus) -> None:
    scored = set()
    for path in (ROOT / "evals" / "data" / split / name for split in SPLITS for name in _names(split)):
        for line in path.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            scored |= {tuple(words(turn["question"])) for turn in case.get("turns", [case])}
    written = [question.text for question in corpus.bank]
    written += [exemplar.message for exemplar in (*kinds.exemplars(), *guarded.exemplars()) if words(exemplar.message)]
    written += [follow_up.message for follow_up in load_follow_ups()]
    assert [text for text in written if tuple(words(text)) in scored] == []


def _names(split: str) -> list[str]:
    found = [path.name for path in (ROOT / "evals" / "data" / split).glob("*.jsonl") if path.stem != "faithfulness"]
    assert len(found) == 4
    return found


def test_the_bank_may_be_absent(write_corpus) -> None:
    corpus = load_corpus(write_corpus("One fact stands here."))
    assert corpus.bank == ()
    assert not corpus.glossary
