import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import MessageError
from bot.text import clean_message
from bot.values import MAX_MESSAGE


@given(st.text(st.characters(), min_size=1, max_size=200))
def test_a_clean_message_can_be_encoded_and_is_within_the_limit(message: str) -> None:
    try:
        cleaned = clean_message(message)
    except MessageError:
        return
    cleaned.encode("utf-8")
    assert 1 <= len(cleaned) <= MAX_MESSAGE
    assert clean_message(cleaned) == cleaned
    assert not set(cleaned) & set("\0\n\r\u202e\ufeff")


@pytest.mark.parametrize("message", ["", "   ", "\n\t", "\u200b\u200b\ufeff", "\0", "\ud800", "\u202e"])
def test_nothing_to_read(message: str) -> None:
    with pytest.raises(MessageError, match="empty"):
        clean_message(message)


def test_the_limit_counts_after_trimming() -> None:
    assert len(clean_message("  " + "a" * MAX_MESSAGE + "\n")) == MAX_MESSAGE
    with pytest.raises(MessageError, match="2001 characters; the limit is 2000"):
        clean_message("a" * (MAX_MESSAGE + 1))


def test_emoji_and_joiners_stay() -> None:
    assert clean_message("👩\u200d🔬 ok?") == "👩\u200d🔬 ok?"
