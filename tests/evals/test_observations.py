"""What is read off a record."""

from bot.values import Corpus
from evals import observations as seen
from evals.cases import Asked, Guarded
from evals.measures import figures
from evals.records import Record
from evals.systems import Peer, Place
from tests.evals.replies import question_case, reply


def test_the_markers_of_citations_are_no_words(corpus: Corpus) -> None:
    sentence = next(s for s in corpus.sentences if "1" not in s.text)
    peer = Peer("one", lambda question, k: [Place(sentence.text, 1.0)], 1, "none")
    asked = Asked(question="q?", answerable=True, evidence=(sentence.text,), must_include=("1",))
    said = peer.ask("q?", None).reply
    record = Record(
        case="a", turn=0, suite="answerable", split="dev", style="x", expected=asked, reply=said, latency_ms=1.0
    )
    assert "[1]" in said.text
    assert seen.answer_token_f1(record) == 1.0
    assert seen.includes(record) == 0.0


def test_a_takeover_that_is_right_is_no_false_one(corpus: Corpus) -> None:
    def record(case: str, *kinds: str) -> Record:
        guard = Guarded.model_validate({"class": "G01", "due": False, "kinds": kinds})
        expected = question_case(case, "q?").turns[0]
        said = reply(corpus, "declined")
        return Record(
            case=case, turn=0, suite="guard", split="dev", style="x", expected=expected, guard=guard, reply=said,
            latency_ms=1.0,
        )  # fmt: skip

    found = figures([record("a", "declined"), record("b", "answer")])
    assert found["near miss right"].value == 0.5
    assert found["false takeover"].value == 0.5
