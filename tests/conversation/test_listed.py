"""A choice by its place: of the questions offered, or of the visitor's own that were not looked up."""

import dataclasses

import pytest

from bot import Bot
from bot.conversation.listed import asked_again, chosen_of_listed
from bot.retrieval.asking import questions_in
from bot.retrieval.retriever import MAX_PARTS
from bot.values import Notice, Reply, ReplyKind
from tests.fakes import reply_in

LEFT = Notice("further_questions", "Please ask the others again.")
ASKED = "Who built it? Where is it? Is it old? Is it tall? Is it open?"


def answered(*notices: Notice, kind: ReplyKind = "answer") -> Reply:
    return dataclasses.replace(
        reply_in("c", "r", ASKED), kind=kind, notices=notices, suggestions=("What is a ferry?", "What is a pier?")
    )


def unsearched(message: str) -> tuple[str, ...]:
    return questions_in(message)[MAX_PARTS:]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("What about the second one?", "b"),
        ("how about the second", "b"),
        ("and what about number 3?", "c"),
        ("no, the second one", "b"),
        ("No the second one", "b"),
        ("No. The third.", "c"),
        ("no, number two", "b"),
        ("sorry, the third", "c"),
        ("sorry, I meant the last one", "c"),
        ("wait, actually the first question", "a"),
        ("so the last one then?", "c"),
        ("no one", None),
        ("No, one!", None),
        ("no the one", None),
        ("no two", None),
        ("sorry, no two", None),
        ("no, three", None),
        ("no second question", None),
        ("no last one", None),
        ("what about the second bridge?", None),
        ("how about it", None),
        ("sorry", None),
    ],
)
def test_a_place_may_have_words_before_it_that_say_nothing(message: str, expected: str | None) -> None:
    assert chosen_of_listed(message, ["a", "b", "c"]) == expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("The last one", "Is it open?"),
        ("answer the last question", "Is it open?"),
        ("the first", "Is it tall?"),
        ("the third one", "the third one"),
        ("Is it old?", "Is it old?"),
    ],
)
def test_a_question_that_was_not_looked_up_is_picked_by_its_place(message: str, expected: str) -> None:
    assert asked_again(message, answered(LEFT), unsearched) == expected


def test_none_is_picked_where_all_were_looked_up_or_the_message_was_declined() -> None:
    for last in (answered(), answered(Notice("certainty", "?")), answered(LEFT, kind="declined")):
        assert asked_again("the last one", last, unsearched) == "the last one"


def test_the_visitors_own_question_comes_before_those_offered(bot: Bot) -> None:
    own = ["What is the default mode network?", "What is psilocin?", "What is the REBUS model?"]
    left = "Who is Carhart-Harris?"
    first = bot.ask(" ".join([*own, left]))
    assert LEFT.id in [notice.id for notice in first.notices]
    assert first.suggestions
    again = bot.ask("answer the last question", first.conversation_id)
    assert again.standalone_question.startswith(left.rstrip("?"))
    offered = bot.ask("the last one", again.conversation_id)
    assert offered.standalone_question == again.suggestions[-1]


def test_a_long_run_of_such_words_takes_no_long_time() -> None:
    for piece in ("no, ", "what about ", "no" + " " * 200, "the ", "# "):
        assert chosen_of_listed((piece * 2000)[:2000], ["a"]) is None
