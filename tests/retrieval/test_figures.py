from dataclasses import replace

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


TEA = corpus_from(
    "Lind, J. (2011). On tea and scurvy.",
    "In 2011 Lind wrote a book on tea.",
    "Moss gave 30mg in 2016, and 40% slept.",
    "Moss, P. Q. (2016). A trial of tea.",
    "In 2018 tea was dear.",
    "A dose of 5mg was given in 2018.",
)


def lacks(question: str, *passages: int) -> bool:
    """Whether the question lacks a figure where sentences of these passages were found, in this order."""
    return Figures(TEA).lacking(question, [Hit(TEA.passages[n].sentence_ids[0], 1.0) for n in passages])


@pytest.mark.parametrize(
    "question",
    [
        "How do the 2011 book and the 2016 trial differ?",
        "Is the 30mg dose from the 2011 or the 2016 study?",
        "Was 30mg given in 2016, and how did that go beyond the book of 2011?",
        "How does Lind's 2011 book differ from the 2016 trial by Moss?",
        "What did Lind say in 2011 and Moss in 2016?",
        "Was the trial by Moss in 2011 or 2016?",
    ],
)
def test_each_of_several_years_may_stand_in_a_passage_of_its_own_among_all_found(question: str) -> None:
    assert not lacks(question, 2, 3, 4, 0, 1)
    assert lacks(question, 2, 3, 4)


@pytest.mark.parametrize(
    "question",
    [
        "How do the 2011 book and the 2014 trial differ?",
        "Is the 10mg dose from the 2011 or the 2016 study?",
        "Is the 5mg dose from the 2011 or the 2016 study?",
        "Did 30mg or 10mg work?",
        "Did 30mg or 5mg work in 2016?",
        "What did 30mg do in 2018?",
        "What did 30mg do in 2011, and 5mg in 2018?",
        "Did 60% sleep with 30mg?",
        "Did 5mg help 40%?",
        "What did Lind find in 2011 and 2016?",
        "Do Lind 2016 and Moss 2011 agree?",
        "Do the 2011 Moss book and the 2016 Lind one agree?",
        "Does Lind 2016 or Moss 2016 say so?",
        "What did Lind and Moss find in 2016?",
        "What did Lind find with 30mg?",
    ],
)
def test_figures_and_authors_named_as_one_thing_stand_together(question: str) -> None:
    assert lacks(question, 2, 5, 0, 1, 3, 4)


def test_figures_of_one_kind_need_not_stand_together() -> None:
    assert not lacks("Did 30mg do more than 5mg?", 2, 5, 0)
    assert lacks("Did 30mg do more than 5mg?", 2, 0, 1, 5)


@pytest.mark.parametrize(
    ("message", "lacking"),
    [
        ("No, not the 2016 one, the 2011 one.", False),
        ("I don't mean 2013, I mean 2011.", False),
        ("Not in 2013 but in 2011.", False),
        ("The book of 2011, not the 1.5mg one of 2013.", True),
        ("No, not the 2011 one, the 2016 one.", True),
        ("No, not the 2013 one.", True),
        ("Not in 2011, at 30mg.", True),
        ("Why was it not 30mg in 2011?", True),
        ("Why was 2011 chosen and not 2013?", True),
    ],
)
def test_of_what_is_set_right_the_wanted_one_must_be_there(message: str, lacking: bool) -> None:
    assert lacks(message, 0, 1, 4) is lacking


def test_what_is_not_wanted_is_not_searched_for() -> None:
    shares = Figures(TEA).scores("Not the 2016 one, the 2011 one.", [TEA.passages[n].sentence_ids[0] for n in (1, 2)])
    assert list(shares) == [1.0, 0.0]


@pytest.mark.parametrize(
    "message",
    [
        "I saw a play about this in 2003. How does tea help against scurvy?",
        "My aunt says 80% sleep badly on coffee. What did the trial show?",
        "I've been on 12mg of iron since 2003. What was the book about?",
        "My doctor put me on 12mg of iron. Which tea is the best? Why?",
        "It is 2003 here. What does this page say about tea?",
        "I read a book in 2003. What is scurvy?",
        "There was a rumour in 2003. Is there evidence that tea helps?",
    ],
)
def test_a_figure_told_before_the_question_is_not_asked_about(message: str) -> None:
    assert not lacks(message, 0, 1, 2)


def test_only_the_sentences_that_tell_a_figure_are_left_out() -> None:
    message = "I like tea. I saw a play about this in 2003. They gave 12mg. How does tea help? It was so in 2004."
    assert Figures(TEA).asked(message) == "I like tea. They gave 12mg. How does tea help? It was so in 2004."
    documents = {name: replace(document, language="de") for name, document in TEA.documents.items()}
    assert Figures(replace(TEA, documents=documents)).asked(message) == message


@pytest.mark.parametrize(
    "message",
    [
        "They gave 12mg. Did it help?",
        "They gave 12mg. It was dear. How many people slept well with it?",
        "They gave 12mg. How many of the sailors slept?",
        "I heard they gave 12mg of tea. What was the share of good sleepers?",
        "I take 12mg of tea. Would that help against scurvy?",
        "A trial ran in 2003. What did the trial show about tea?",
        "In the 2003 study sailors slept. Who paid for the study of tea?",
        "Tea was taxed in 2003. Why did these sailors drink tea?",
        "Tea was taxed in 2003. What was its price in England?",
        "Tea was taxed by 80%. What changed?",
        "Tea was taxed by 80%. Did anyone gain?",
        "Tea was taxed by 80%. Who gained and why?",
        "80% slept badly. They were old. Why?",
        "What did the trial show about tea? I mean the one of 2003.",
        "What did the book of 2003 say?",
        "I like tea. Which sailors got 12mg?",
    ],
)
def test_what_a_question_points_back_to_is_asked_about(message: str) -> None:
    assert lacks(message, 0, 1, 2)


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
