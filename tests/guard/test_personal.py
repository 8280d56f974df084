import pytest

from bot import Bot
from bot.guard.personal import masked


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("write to jo.doe+x@mail.example.org please", "write to [email] please"),
        ("reach me: jo (at) mail (dot) com", "reach me: [email]"),
        ("ring 212-555-0147 tomorrow", "ring [phone] tomorrow"),
        ("my number is +49 30 1234567", "my number is [phone]"),
        ("My name is Ada Byron and I read a lot", "My name is [name] and I read a lot"),
        ("my name is ada, what is REBUS?", "my name is [name], what is REBUS?"),
        ("born on 3/9/1971, is it for me?", "born on [date of birth], is it for me?"),
        ("ssn 219-09-9998", "ssn [number]"),
        ("member id: ZQX9917734", "member id: [number]"),
        ("pay with 4111 1111 1111 1111", "pay with [number]"),
        ("I live at 221 Baker Street", "I live at [address]"),
        ("i live at 12 oak lane, apt 5", "i live at [address]"),
        ("Send it to 12 Old Mill Drive", "Send it to [address]"),
        ("my insurance policy number A1-22-B33", "my insurance policy number [number]"),
    ],
)
def test_what_tells_who_somebody_is_goes(message: str, kept: str) -> None:
    text, kinds = masked(message)
    assert text == kept
    assert kinds


@pytest.mark.parametrize(
    "message",
    [
        "What is 10.1056/NEJMoa2206443?",
        "https://doi.org/10.1124/pr.118.017160",
        "387(18), 1637–1648",
        "Pharmacological Reviews, 71(3), 316-344",
        "Was it in 2019, 2021 or 2022?",
        "29% against 8% after 3 weeks with 25mg",
        "my name is not important",
        "the year 2019-2022, pages 1637-1648",
        "5-HT2A, LTP, LTD and BDNF",
        "Was patient response 29% with 25mg?",
        "Does my insurance cover 25mg psilocybin?",
        "Is the patient 5-HT2A receptor another one?",
        "Does the 5-HT 2A receptor drive plasticity?",
        "Did the 25 mg dose drive neuroplasticity?",
        "In 2022 psilocybin opened an avenue",
        "after 3 weeks on the road",
        "does 25 mg have a street price",
    ],
)
def test_references_and_figures_stay(message: str) -> None:
    assert masked(message) == (message, frozenset())


def test_none_of_it_is_kept_or_said_again(bot: Bot) -> None:
    reply = bot.ask("I am jo.doe@example.org. Which receptor does psilocin bind to?")
    assert "example.org" not in repr(reply)
    assert "personal_data" in [notice.id for notice in reply.notices]
    kept = bot.history.read(reply.conversation_id)
    assert kept is not None
    assert "[email]" in kept.exchanges[0].reply.message
    assert "example.org" not in repr(kept)
    crisis = bot.ask("my name is Ada Byron and i want to die")
    assert crisis.kind == "crisis"
    assert "Byron" not in repr(crisis)
