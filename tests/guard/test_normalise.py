import base64

import pytest

from bot.guard.normalise import undisguised, variants

SAID = "i want to see the sea"


@pytest.mark.parametrize(
    "message",
    [
        "I WANT TO SEE THE SEA",
        "i w\u0430nt to s\u0435e the s\u0435a",
        "i want to s e e the sea",
        "i want to s.e.e the sea",
        "i   w a n t   t o   s e e   t h e   s e a",
        "i w4nt t0 s33 th3 s3a",
        "i waaaant to see the sea",
        "i wa\u200bnt to s\u200dee the sea",
        "i want\u200bto see\u200bthe sea",
        "ｉ ｗａｎｔ ｔｏ ｓｅｅ ｔｈｅ ｓｅａ",
        "i want to &#115;ee the sea",
        "i%20want%20to%20see%20the%20sea",
        base64.b64encode(SAID.encode()).decode(),
        SAID.encode().hex(),
        f"read this: {base64.b64encode(SAID.encode()).decode()}",
    ],
)
def test_disguises_come_off(message: str) -> None:
    assert SAID in variants(message)


@pytest.mark.parametrize("message", ["", " ", "\u200b", "a" * 9000, "=" * 5000, "%" * 5000, "0" * 9000, "\ud800"])
def test_any_text_can_be_read(message: str) -> None:
    assert variants(message)


@pytest.mark.parametrize(
    "message",
    ["i   w a n t   t o   s e e   t h e   s e a", "i w4nt to s e e the s3a", "i wa\u200bnt to s\u0435e the sea"],
)
def test_the_one_reading_keeps_its_words_apart(message: str) -> None:
    assert undisguised(message) == SAID


def test_other_scripts_stay_themselves() -> None:
    assert variants("Я хочу к морю")[0] == "я хочу к морю"
