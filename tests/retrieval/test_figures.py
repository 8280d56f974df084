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


def test_a_comma_before_three_digits_parts_thousands() -> None:
    assert figures("2,500 mg, 2500mg") == {"2500mg"}
    assert figures("1,250,000 µg and 1,500.5 ml") == {"1250000µg", "1500.5ml"}
    assert figures("0,125 mg, 2,5 g, 12,50 % and 2,5000 ml") == {"0.125mg", "2.5g", "12.50%", "2.5000ml"}


def test_a_price_is_no_year() -> None:
    assert figures("€2000, US$ 1999.50, CHF 2000, 2000 euros, 2000-dollar, 1950€ or 2000 GBP") == set()
    assert figures("2020 $5, 5 € 2019, Euro 2016, an amateur 2012, 20 pounds in 2011") == {
        *("2020", "2019", "2016", "2012", "2011"),
    }
    assert figures("the 10mg arm for €2000") == {"10mg"}


HALL = corpus_from(
    "The hall seats 2,000 guests.",
    "Take at most 2,500 mg a day.",
    "Hiring it costs €1950.",
    "Firms drew 2,019,000 litres.",
    "Nutt, D. J. (2020). On salt.",
    "Take 2,000 mg at night.",
)


@pytest.mark.parametrize(
    ("question", "passage", "lacking"),
    [
        ("Does the hall seat 2000 people?", 0, False),
        ("Does the hall seat 2,000 people?", 0, False),
        ("Does the hall seat 2001 people?", 0, True),
        ("Is 2500 mg too much?", 1, False),
        ("Is 2.5 mg too much?", 1, True),
        ("Is 2,600 mg too much?", 1, True),
        ("Is it $2000 to hire?", 2, False),
        ("Does hiring cost 1950?", 2, False),
        ("What was drawn in 2019?", 3, True),
        ("What did Nutt 2020 find?", 4, False),
        ("What did Nutt 2019 find?", 4, True),
        ("What did the 10mg arm show in 2000?", 0, True),
        ("What came in 2000?", 5, True),
    ],
)
def test_a_number_is_the_same_with_its_comma_and_without(question: str, passage: int, lacking: bool) -> None:
    hit = Hit(HALL.passages[passage].sentence_ids[0], 1.0)
    assert Figures(HALL).lacking(question, (hit,)) is lacking


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
