import base64

import pytest

from bot.guard.normalise import meant, undisguised, variants
from bot.terms import english_ranks

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
        "i want to &#00000000000115;ee the sea",
        "i%20want%20to%20see%20the%20sea",
        base64.b64encode(SAID.encode()).decode(),
        SAID.encode().hex(),
        f"read this: {base64.b64encode(SAID.encode()).decode()}",
    ],
)
def test_disguises_come_off(message: str) -> None:
    assert SAID in variants(message)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("i feeeel it alllll", "i feel it all"),
        ("she waaaants tallllls offfff", "she wants talls off"),
        ("sooooo tired of meeee", "so tired of me"),
    ],
)
def test_a_letter_drawn_out_may_be_a_doubled_one(message: str, said: str) -> None:
    assert said in variants(message)


KNOWN = english_ranks()


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("i w4nt t0 s33 th3 s3a", SAID),
        ("ｉ ｗａｎｔ ｔｏ ｓｅｅ ｔｈｅ ｓｅａ", SAID),
        ("i   w a n t   t o   s e e   t h e   s e a", SAID),
        (base64.b64encode(SAID.encode()).decode(), SAID),
        (f"Read this: {SAID.encode().hex()}.", f"Read this: {SAID}."),
        ("i want to &#115;ee the sea", SAID),
        ("Was it 25mg of 5-HT2A, in 2022?", "Was it 25mg of 5-HT2A, in 2022?"),
    ],
)
def test_a_disguise_is_taken_off(message: str, said: str) -> None:
    assert meant(message, KNOWN) == said


@pytest.mark.parametrize(
    "message",
    [
        "Was it 25mg of 5-HT2A, in 2022?",
        "I’m 16, and she’s in her 50s",
        "It’s in Nature 2023, isn’t it? Don’t I need $15 or 50+?",
        "I'm 100%dead inside",
        "I am alone&not wanted",
        "https://example.org/?id=3&copy=2&section=4",
        "neuroplasticityresearch INCONSEQUENTIAL",
        "Don’t laugh: " + b"quiero matarme".hex(),
        "Как мама? Мама, мне плохо",
        "J’ai très mal à l’été",
        "+49 170 1234567",
        "What’s phase III? I feel goood!",
        "__________",
        "",
    ],
)
def test_what_is_no_disguise_stays(message: str) -> None:
    assert meant(message, KNOWN) == message


@pytest.mark.parametrize(
    "message",
    [
        "",
        " ",
        "\u200b",
        "a" * 9000,
        "=" * 5000,
        "%" * 5000,
        "0" * 9000,
        "_" * 9000,
        "l" * 9000 + "x",
        "\u0301\u0316" * 9000,
        "\ud800",
        "&#" + "1" * 9000,
    ],
)
def test_any_text_can_be_read(message: str) -> None:
    assert variants(message)
    meant(message, KNOWN)


@pytest.mark.parametrize(
    "message",
    ["i   w a n t   t o   s e e   t h e   s e a", "i w4nt to s e e the s3a", "i wa\u200bnt to s\u0435e the sea"],
)
def test_the_one_reading_keeps_its_words_apart(message: str) -> None:
    assert undisguised(message) == SAID


def test_other_scripts_stay_themselves() -> None:
    assert variants("Я хочу к морю")[0] == "я хочу к морю"
