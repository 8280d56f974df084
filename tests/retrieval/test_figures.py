import pytest

from bot.retrieval.asking import assumes
from bot.retrieval.figures import Figures, figures
from bot.values import Hit
from tests.fakes import corpus_from

CORPUS = corpus_from(
    "Goodwin gave 25mg in 2022.",
    "Doss, M. K. (2021). On minds.",
    "Goodwin, G. M. (2022). On doses.",
    "Others met in 2019.",
)
HITS = tuple(Hit(CORPUS.passages[n].sentence_ids[0], 1.0) for n in (0, 1, 3))


def test_figures_have_one_spelling() -> None:
    assert figures("25 mg, 25mg, 8 percent and 8% in 2022; 3.5 g, not A2022 nor 12") == {"25mg", "8%", "2022", "3.5g"}


def test_units_have_one_spelling() -> None:
    assert figures("3 grams, 3 gram, 3g") == {"3g"}
    assert figures("10 mcg, 10ug, 10 µg and 10 \u03bcg") == {"10µg"}
    assert figures("2.5mg") == {"2.5mg"}
    assert figures("10 milligrams, 10-mg, 10 mgs, 10 milligramme") == {"10mg"}
    assert figures("the 5 microgram arm, 5 per cent and .5mg") == {"5µg", "5%", "0.5mg"}
    assert figures("version 1.2.5mg") == set()


@pytest.mark.parametrize(
    ("question", "lacking"),
    [
        ("What did 25mg do?", False),
        ("What did 10 mg do?", True),
        ("What was there in 2019?", False),
        ("What did Doss find in 2021?", False),
        ("What did Doss’s team find in 2019?", True),
        ("What did Doss find?", False),
    ],
)
def test_a_figure_must_stand_with_the_author_asked_about(question: str, lacking: bool) -> None:
    assert Figures(CORPUS).lacking(question, HITS) is lacking


@pytest.mark.parametrize(
    ("message", "stated"),
    [
        ("It failed in 2019, didn't it?", True),
        ("The dose was 40mg, right?", True),
        ("Since it lasts a day, why bother?", True),
        ("I heard that 60% got well. Is that true?", True),
        ("What was the rate in 2019?", False),
        ("Is the right dose 40mg?", False),
    ],
)
def test_a_statement_that_may_be_set_right_is_told_from_a_question(message: str, stated: bool) -> None:
    assert assumes(message) is stated
