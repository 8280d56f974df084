"""The scorer on sentences of its own; how good it is is measured by `python -m evals`, not here."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import Settings
from bot.faithfulness.claims import clauses_of, sentences_of
from bot.faithfulness.model import NAMES, SupportModel
from bot.faithfulness.scorer import FaithfulnessScorer, is_verbatim
from bot.logistic import sigmoid
from bot.values import Corpus
from bot.verdicts import SUPPORTED, answer_support
from evals.opening import open_scorer

PASSAGE = (
    "The harbour of Eldby was opened in 1908 and holds 240 boats. Storms from the north may damage the outer pier. "
    "The fishing fleet pays for the lighthouse, which the town council does not maintain."
)


@pytest.fixture(scope="module")
def scorer(settings: Settings, corpus: Corpus) -> FaithfulnessScorer:
    return open_scorer(settings, corpus)


@pytest.mark.parametrize(
    ("right", "wrong", "reason"),
    [
        ("Eldby's harbour holds 240 boats.", "Eldby's harbour holds 420 boats.", "number differs"),
        ("The harbour opened in 1908.", "The harbour opened in 1918.", "number differs"),
        ("The harbour of Eldby holds 240 boats.", "The harbour of Marstow holds 240 boats.", "name absent"),
        (
            "The town council does not maintain the lighthouse.",
            "The town council does maintain the lighthouse.",
            "negation differs",
        ),
        ("Storms from the north may damage the outer pier.", "Storms from the south may damage the outer pier.", None),
        (
            "The fishing fleet pays for the lighthouse.",
            "Tourism is the largest employer of the region.",
            "nothing close",
        ),
    ],
)
def test_a_minimal_edit_scores_lower_and_says_why(
    scorer: FaithfulnessScorer, right: str, wrong: str, reason: str | None
) -> None:
    good, bad = (scorer.score(answer, [PASSAGE]) for answer in (right, wrong))
    assert bad.support < good.support
    if reason is not None:
        assert bad.sentences[0].reason == reason
    assert bad.sentences[0].evidence


def test_a_number_that_the_evidence_lacks_is_decisive() -> None:
    sure = SupportModel(9.0, (0.0,) * len(NAMES), clause_share=0.3, idf={})
    values = dict.fromkeys(NAMES, 0.0)
    assert sure.logit(list(values.values())) == 9.0
    assert sigmoid(sure.logit(list({**values, "number_differs": 0.5}.values()))) < SUPPORTED


def test_verbatim_sentences_score_one(scorer: FaithfulnessScorer, corpus: Corpus) -> None:
    for passage in corpus.passages:
        said = " ".join(corpus.sentences[i].text for i in passage.sentence_ids)
        scored = scorer.score(said, [passage.text])
        assert scored.support == 1.0
        assert all(sentence.support == 1.0 and sentence.reason == "" for sentence in scored.sentences)


def test_a_piece_of_a_sentence_is_not_verbatim() -> None:
    evidence = ["It is false that the pier broke.", "Boats came."]
    assert not is_verbatim("The pier broke.", evidence)
    assert not is_verbatim("the pier broke", evidence)
    assert is_verbatim("It is false that the pier broke. Boats came.", evidence)
    assert not is_verbatim("Boats came. It is false that the pier broke.", evidence)


def test_one_false_sentence_shows_in_the_answer(scorer: FaithfulnessScorer) -> None:
    right = "The harbour holds 240 boats. The fishing fleet pays for the lighthouse."
    wrong = "The harbour holds 241 boats. The fishing fleet pays for the lighthouse."
    assert scorer.score(wrong, [PASSAGE]).support < scorer.score(right, [PASSAGE]).support
    assert answer_support([1.0, 0.0]) < answer_support([1.0, 0.9]) < answer_support([1.0])


@pytest.mark.parametrize("answer", ["", " ", "…", "[1]"])
def test_an_answer_that_says_nothing(scorer: FaithfulnessScorer, answer: str) -> None:
    assert scorer.score(answer, [PASSAGE]).support < SUPPORTED


def test_no_evidence(scorer: FaithfulnessScorer) -> None:
    scored = scorer.score("The harbour holds 240 boats.", [" "])
    assert scored.support == 0.0
    assert scored.sentences[0].reason == "nothing close"
    assert scorer.score_cited([("The harbour holds 240 boats.", [])]).support == 0.0


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_gives_a_probability(scorer: FaithfulnessScorer, answer: str, passage: str) -> None:
    scored = scorer.score(answer, [passage])
    assert 0.0 <= scored.support <= 1.0
    assert all(0.0 <= sentence.support <= 1.0 for sentence in scored.sentences)
    assert all((sentence.reason == "") == (sentence.support >= SUPPORTED) for sentence in scored.sentences)


def test_an_answer_is_cut_into_sentences_and_clauses() -> None:
    assert sentences_of("A fleet came [1]. It left. [2, 3]") == ["A fleet came.", "It left."]
    assert clauses_of("The fleet pays for the light, but the town council owns the tower.") == [
        "The fleet pays for the light, but the town council owns the tower.",
        "The fleet pays for the light",
        "but the town council owns the tower.",
    ]
    assert clauses_of("Boats, but not ships.") == ["Boats, but not ships."]
