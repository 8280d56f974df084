"""The Python surface: Bot, chain and retriever."""

import asyncio

import pytest

from bot import Bot
from bot.errors import MessageError
from bot.values import Reply, Turn

QUESTION = "What is the default mode network?"


def comparable(reply: Reply) -> tuple[object, ...]:
    return (reply.kind, reply.text, reply.sentences, reply.citations, reply.disclaimer, reply.confidence)


def test_an_answer_is_cited_verbatim_and_carries_the_disclaimer(bot: Bot) -> None:
    reply = bot.ask(QUESTION)
    assert reply.kind == "answer"
    assert "[1]" in reply.text
    for citation in reply.citations:
        assert bot.corpus.documents[citation.document_id].text[citation.start : citation.end] == citation.quote
    assert reply.disclaimer == bot.corpus.disclaimer
    assert 1 <= len(reply.sentences) <= 4
    assert [name for name, _ in reply.trace.timings_ms] == [
        *("screen", "read", "review", "retrieve", "gate", "answer", "cite", "seal", "keep"),
    ]
    assert reply.trace.hits
    assert 0 <= reply.confidence <= 1


def test_a_conversation_goes_on_under_its_id_and_no_other(bot: Bot) -> None:
    first = bot.ask(QUESTION)
    assert bot.ask(QUESTION, first.conversation_id).conversation_id == first.conversation_id
    assert bot.ask(QUESTION, "guessed").conversation_id not in ("guessed", first.conversation_id)
    assert bot.ask(QUESTION).reply_id != first.reply_id


def test_the_chain_is_a_runnable(bot: Bot) -> None:
    invoked = bot.chain.invoke(Turn(QUESTION))
    assert comparable(asyncio.run(bot.chain.ainvoke(Turn(QUESTION)))) == comparable(invoked)
    assert [comparable(reply) for reply in bot.chain.stream(Turn(QUESTION))] == [comparable(invoked)]
    batch = bot.chain.batch([Turn(QUESTION), Turn("What is LTP?")])
    assert comparable(batch[0]) == comparable(invoked)
    assert batch[1].text != invoked.text


def test_callbacks_see_the_stages(bot: Bot) -> None:
    from langchain_core.callbacks import BaseCallbackHandler

    class Names(BaseCallbackHandler):
        seen: list[str]

        def on_chain_start(self, serialized: object, inputs: object, **given: object) -> None:
            self.seen.append(str(given.get("name")))

    names = Names()
    names.seen = []
    bot.chain.invoke(Turn(QUESTION), {"callbacks": [names]})
    assert [name for name in names.seen if name in ("read", "retrieve", "gate", "answer", "cite", "seal", "keep")] == [
        "read",
        "retrieve",
        "gate",
        "answer",
        "cite",
        "seal",
        "keep",
    ]


def test_the_retriever_is_langchains(bot: Bot) -> None:
    from langchain_core.retrievers import BaseRetriever

    retriever = bot.retriever(k=3)
    assert isinstance(retriever, BaseRetriever)
    found = retriever.invoke(QUESTION)
    assert len(found) == 3
    for document in found:
        source = bot.corpus.documents[document.metadata["document_id"]]
        assert source.text[document.metadata["start"] : document.metadata["end"]] == document.page_content
    assert [d.page_content for d in asyncio.run(retriever.ainvoke(QUESTION))] == [d.page_content for d in found]
    with pytest.raises(ValueError, match="greater than or equal to 1"):
        bot.retriever(k=0)


def test_search(bot: Bot) -> None:
    found = bot.search("default mode network", k=4)
    assert [result.rank for result in found] == [1, 2, 3, 4]
    assert all(0 <= result.score <= 1 for result in found)
    assert [result.score for result in found] == sorted((r.score for r in found), reverse=True)
    with pytest.raises(ValueError, match="k must be at least 1"):
        bot.search("x", k=0)


def test_a_message_that_cannot_be_read(bot: Bot) -> None:
    with pytest.raises(MessageError):
        bot.ask("  ")


def test_who_does_not_administer_is_answered_with_the_articles_sentence(bot: Bot) -> None:
    reply = bot.ask("Is Dr. Ceruto the one who administers psilocybin?")
    assert reply.kind == "answer"
    assert any("does not administer psilocybin" in citation.quote for citation in reply.citations)
    assert reply.disclaimer == bot.corpus.disclaimer


def test_the_author_never_becomes_the_bot(bot: Bot) -> None:
    for sentence in bot.corpus.sentences:
        reply = bot.ask(sentence.text[:500])
        for shown in reply.sentences:
            if shown.text.startswith(("In my practice", "To be direct: I")):
                raise AssertionError(shown.text)
