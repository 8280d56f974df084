from dataclasses import replace

import pytest

from bot import Bot
from bot.phrases import NOTHING_SAID_YET
from bot.values import Citation, Exchange, Reply, ReplyKind, last_answer
from tests.fakes import reply_in

QUOTE = Citation(1, "doc", "The title", "Opening", "The pier is closed.", "The pier is closed.", 0, 19, "/source/doc")


def reply(kind: ReplyKind, *citations: Citation) -> Reply:
    return replace(reply_in("c", kind), kind=kind, citations=citations)


@pytest.mark.parametrize("after", [(), (reply("smalltalk"),), (reply("clarify"), reply("smalltalk"))])
def test_a_refusal_that_quotes_is_what_a_request_is_about(after: tuple[Reply, ...]) -> None:
    quoting = reply("declined", QUOTE)
    history = [Exchange(each, 0.0) for each in (reply("answer", QUOTE), quoting, *after)]
    assert last_answer(history) is quoting


@pytest.mark.parametrize("kind", ["declined", "not_covered", "crisis"])
def test_a_reply_that_quotes_nothing_is_not_and_hides_what_was_before(kind: ReplyKind) -> None:
    assert last_answer([Exchange(each, 0.0) for each in (reply("answer", QUOTE), reply(kind))]) is None


@pytest.mark.parametrize("request_", ["Where does it say that?", "are you sure?", "tell me more", "shorter please"])
def test_after_a_refusal_that_quotes_requests_are_about_the_quote(bot: Bot, request_: str) -> None:
    refusal = bot.ask("Can I book a mushroom session at your clinic?")
    assert (refusal.kind, bool(refusal.citations)) == ("declined", True)
    about = bot.ask(request_, refusal.conversation_id)
    assert about.text != NOTHING_SAID_YET
    if request_ != "tell me more":
        assert {citation.quote for citation in about.citations} <= {citation.quote for citation in refusal.citations}
        assert about.citations
