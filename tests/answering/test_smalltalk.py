from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.answering.extractive import ExtractiveAnswerer
from bot.answering.smalltalk import SmallTalk
from bot.values import Evidence, Exchange, Query, ReplyKind, Understanding
from tests.fakes import corpus_of, reply_in


@pytest.mark.parametrize("kind", ["greet", "ack", "identity"])
def test_of_many_documents_the_publisher_is_named_and_no_title(kind: str) -> None:
    query = Query("c", "hi", understanding=Understanding("smalltalk", kind))
    said = []
    for names in ("a", "abcd"):
        corpus = corpus_of(dict.fromkeys(names, ("The harbour is open.",)))
        answerer = ExtractiveAnswerer(corpus, lambda a, b: 0.0, lambda *_: ())
        (sentence,) = SmallTalk(corpus, answerer).answer(Evidence(query, (), "smalltalk", 0.0)).sentences
        said.append([name in sentence.text for name in ("“The title”", "“The site”")])
    assert said == [[True, False], [False, True]]


def exchange(kind: ReplyKind, question: str) -> Exchange:
    return Exchange(replace(reply_in("c", question, question), kind=kind), 0.0)


@pytest.mark.parametrize(
    ("before", "near", "offers"),
    [
        ([], "The title", True),
        ([("smalltalk", "hello")], "The title", True),
        ([("answer", "Is the pier open?"), ("smalltalk", "thanks")], "Is the pier open?", True),
        ([("not_covered", "Who built it?"), ("clarify", "hm?"), ("smalltalk", "ok")], "Who built it?", True),
        ([("declined", "Where do I buy it?"), ("smalltalk", "thanks")], "Where do I buy it?", True),
        ([("crisis", "help me")], "The title", False),
        ([("answer", "Is it open?"), ("crisis", "help me"), ("smalltalk", "thanks")], "Is it open?", False),
        ([("crisis", "help me"), ("answer", "Is it open?"), ("smalltalk", "thanks")], "Is it open?", True),
    ],
)
def test_suggestions_are_near_to_the_last_question_and_none_follow_help_lines(
    before: list[tuple[ReplyKind, str]], near: str, offers: bool
) -> None:
    read: list[str] = []

    def suggest(text: str, shown: Sequence[int], asked: Sequence[str]) -> tuple[str, ...]:
        read.append(text)
        return ("Where is the pier?",)

    corpus = corpus_of({"a": ("The harbour is open.",)})
    history = tuple(exchange(kind, question) for kind, question in before)
    query = Query("c", "bye", understanding=Understanding("smalltalk", "bye"), history=history)
    answerer = ExtractiveAnswerer(corpus, lambda a, b: 0.0, suggest)
    draft = SmallTalk(corpus, answerer).answer(Evidence(query, (), "smalltalk", 0.0))
    assert read == [near]
    assert bool(draft.suggestions) is offers
