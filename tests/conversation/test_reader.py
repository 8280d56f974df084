"""The bot's own conversations, on its own corpus: what it understands, and what it does about the last answer."""

from collections.abc import Callable

import pytest

from bot import Bot
from bot.phrases import ALL_SHOWN, CERTAIN, NOTHING_SAID_YET, SMALL_TALK
from bot.values import Reply

Talk = Callable[..., list[Reply]]


@pytest.fixture
def talk(bot: Bot) -> Talk:
    """The replies to messages of one conversation."""

    def say(*messages: str) -> list[Reply]:
        replies: list[Reply] = []
        for message in messages:
            replies.append(bot.ask(message, replies[-1].conversation_id if replies else None))
        return replies

    return say


def relation(reply: Reply) -> tuple[str, str]:
    understanding = reply.trace.understanding
    assert understanding is not None
    return understanding.relation, understanding.request


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Hello!", "greet"),
        ("thank you so much", "thanks"),
        ("are you a real person?", "identity"),
        ("goodbye", "bye"),
        ("ok", "ack"),
    ],
)
def test_small_talk_is_answered_in_kind_and_cites_nothing(talk: Talk, message: str, kind: str) -> None:
    (reply,) = talk(message)
    assert relation(reply) == ("smalltalk", kind)
    assert reply.kind == "smalltalk"
    assert reply.text.split("“")[0] == SMALL_TALK[kind].split("“")[0]
    assert (reply.citations, reply.disclaimer, reply.related) == ((), None, ())


def test_thanks_with_a_question_is_a_question(talk: Talk) -> None:
    (reply,) = talk("Thank you very much! Which receptor does psilocin bind to?")
    assert reply.kind == "answer"
    assert "serotonin 2A" in reply.text


def test_a_pronoun_is_resolved_to_words_of_the_conversation(talk: Talk) -> None:
    first, second = talk("What is the default mode network?", "Which regions belong to it?")
    assert relation(second) == ("follows", "")
    assert "default mode network" in second.standalone_question
    assert "medial prefrontal cortex" in second.text
    assert first.standalone_question == "What is the default mode network?"


def test_a_new_topic_does_not_drag_the_old_one_in(bot: Bot, talk: Talk) -> None:
    question = "Does Dr. Ceruto administer psilocybin?"
    _, switched = talk("What was the dose in the Goodwin trial?", question)
    fresh = bot.ask(question)
    assert switched.standalone_question == question
    assert [c.quote for c in switched.citations] == [c.quote for c in fresh.citations]


def test_what_the_pages_leave_out_stays_unanswered_in_a_conversation(talk: Talk) -> None:
    _, reply = talk("What did the Goodwin trial show at three weeks?", "and how many people dropped out of it?")
    assert reply.kind == "not_covered"


def test_a_source_names_section_and_sentence(talk: Talk) -> None:
    first, reply = talk("Which receptor does psilocin bind to?", "where does it say that?")
    assert relation(reply) == ("about_answer", "source")
    assert [c.quote for c in reply.citations] == [c.quote for c in first.citations]
    for sentence, citation in zip(reply.sentences, reply.citations, strict=True):
        assert sentence.text == f"In “{citation.section}”: “{citation.quote}”"


def test_certainty_is_of_the_wording_alone(talk: Talk) -> None:
    first, reply = talk("Which receptor does psilocin bind to?", "are you sure?")
    assert [c.quote for c in reply.citations] == [c.quote for c in first.citations]
    assert [notice.text for notice in reply.notices] == [CERTAIN]


def test_shorter_is_one_sentence_of_the_answer(talk: Talk) -> None:
    first, reply = talk("How does psilocybin make the brain more changeable?", "shorter please")
    assert len(first.sentences) > 1
    assert len(reply.sentences) == 1
    assert reply.citations[0].quote in {c.quote for c in first.citations}


def test_simpler_says_that_it_can_only_quote(talk: Talk) -> None:
    _, reply = talk("What happens to prior beliefs after 5-HT2A activation?", "explain that in simple words")
    assert relation(reply) == ("about_answer", "simpler")
    assert [notice.id for notice in reply.notices] == ["only_quotes"]
    assert reply.kind == "answer"


def test_more_is_never_what_was_shown_and_ends(talk: Talk) -> None:
    replies = talk("What is the default mode network?", *["tell me more"] * 8)
    shown: set[str] = set()
    for reply in replies:
        quotes = {citation.quote for citation in reply.citations}
        assert not quotes & shown
        shown |= quotes
    assert replies[1].kind == "answer"
    assert replies[-1].text == ALL_SHOWN or "/source/" in replies[-1].text


def test_a_summary_is_the_key_takeaways(talk: Talk) -> None:
    (reply,) = talk("summarise the article")
    assert reply.kind == "answer"
    assert {citation.section for citation in reply.citations} == {"Key Takeaways"}


@pytest.mark.parametrize("message", ["source?", "are you sure?", "tell me more", "shorter please"])
def test_a_request_before_any_answer_is_asked_back(talk: Talk, message: str) -> None:
    (reply,) = talk(message)
    assert (reply.kind, reply.text) == ("clarify", NOTHING_SAID_YET)
    assert reply.disclaimer


def test_one_of_the_questions_offered_can_be_picked_by_its_place(talk: Talk) -> None:
    first, second = talk("What is the REBUS model?", "the second one")
    assert second.standalone_question == first.suggestions[1]


def test_suggestions_are_not_what_was_asked_or_shown(talk: Talk) -> None:
    replies = talk("What is the REBUS model?", "Who developed it?", "What is psilocin?", "thanks")
    asked = {reply.message for reply in replies} | {reply.standalone_question for reply in replies}
    assert not asked & set(replies[-1].suggestions)
    assert replies[-1].suggestions


def test_a_run_of_one_letter_is_no_small_talk(talk: Talk) -> None:
    (reply,) = talk("a" * 2000)
    assert reply.kind != "smalltalk"


def test_a_conversation_is_nobody_elses(bot: Bot, talk: Talk) -> None:
    theirs = talk("What is the default mode network?")[0]
    mine = bot.ask("tell me more", theirs.conversation_id[:-1] + ("A" if theirs.conversation_id[-1] != "A" else "B"))
    assert mine.conversation_id != theirs.conversation_id
    assert mine.text == NOTHING_SAID_YET


def test_a_request_is_about_the_last_reply_and_not_an_older_answer(talk: Talk) -> None:
    *_, thanks, again, silent, sure = talk(
        "What is the default mode network?",
        "thanks",
        "where does it say that?",
        "How much is a session?",
        "are you sure?",
    )
    assert (thanks.kind, again.kind) == ("smalltalk", "answer")
    assert silent.kind == "not_covered"
    assert (sure.kind, sure.text) == ("clarify", NOTHING_SAID_YET)
    *_, more, source = talk("What is the REBUS model?", *["tell me more"] * 12, "where does it say that?")
    assert (more.kind, source.kind) == ("not_covered", "answer")


def test_a_summary_is_of_the_pages_whatever_was_answered_before(talk: Talk) -> None:
    _, summary = talk("What is the REBUS model?", "summarise the article")
    assert (summary.kind, summary.standalone_question) == ("answer", "summarise the article")
    assert summary.trace.understanding is not None
    assert summary.confidence == summary.trace.understanding.probability


def test_of_several_questions_in_a_follow_up_each_is_answered_or_named(talk: Talk) -> None:
    _, both = talk("What is the REBUS model?", "and what about ketamine? and is it legal?")
    assert "ketamine" in both.text
    assert "part_not_covered" in [notice.id for notice in both.notices]


def test_a_question_in_another_language_is_shown_as_it_was_asked(talk: Talk) -> None:
    (reply,) = talk("Wie lange dauert die Wirkung an?")
    assert reply.standalone_question == reply.message
