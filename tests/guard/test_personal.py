import time

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
        ("call me on 07700 900123", "call me on [phone]"),
        ("0171 2345678 is where I am", "[phone] is where I am"),
        ("(0171) 2345678, or 06.12.34.56.78", "[phone], or [phone]"),
        ("you can text my wife at 612 345 678 today", "you can text my wife at [phone] today"),
        ("my mobile number is 555-0147", "my mobile number is [phone]"),
        ("WhatsApp: 9123 4567", "WhatsApp: [phone]"),
        ("My name is Mary Ann Smith", "My name is [name]"),
        ("My name is John F. Kennedy, hello", "My name is [name], hello"),
        ("my name is Ludwig van Beethoven.", "my name is [name]."),
        ("his name is Jean Luc de la Tour. Why?", "his name is [name]. Why?"),
        ("My name is Ada Byron Which tide is it?", "My name is [name] Which tide is it?"),
        ("I live at 221 Baker St, Boston", "I live at [address], Boston"),
        ("we are staying at 7 oak way", "we are staying at [address]"),
        ("my address is 12 Elm Close, flat 2", "my address is [address]"),
        ("Ship it to 4 Harbour Ln, Hull", "Ship it to [address], Hull"),
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
        "Cell 2018, 23(11), 3170-3182",
        "They phoned in 2019-2022; see pages 1637–1648",
        "phone interviews, 1637-1648",
        "Is the trial number NCT03775200 or 31221820?",
        "On 01.02.2020 25 mg was given",
        "p = 0.000000012",
        "call me in 2025 or 2026",
        "at home 25 mg is way too much",
        "I live 20 minutes from Mary St Clair",
        "I live with 3 children in a quiet place",
        "Did 30 Patients see Dr Smith?",
        "there are 86 000 000 000 neurons",
    ],
)
def test_references_and_figures_stay(message: str) -> None:
    assert masked(message) == (message, frozenset())


@pytest.mark.parametrize(
    "unit", ["call me on ", "my number ", "my name is Van ", "van der ", "I live at 2 oak ", "12-"]
)
def test_masking_takes_linear_time(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        started = time.perf_counter()
        masked(text)
        return time.perf_counter() - started

    seconds(500)
    assert seconds(16_000) < 40 * max(seconds(2_000), 1e-3)


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
