"""A choice by its place among the questions offered."""

import pytest

from bot.conversation.listed import chosen_of_listed


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


def test_a_long_run_of_such_words_takes_no_long_time() -> None:
    for piece in ("no, ", "what about ", "no" + " " * 200, "the ", "# "):
        assert chosen_of_listed((piece * 2000)[:2000], ["a"]) is None
