from dataclasses import replace

import pytest

from bot.answering.extractive import ExtractiveAnswerer
from bot.answering.guarded import Guarded
from bot.corpus import load_corpus
from bot.values import Corpus, Decision, Draft, Evidence, Hit, Part, Query, ReplyKind, Understanding
from tests.fakes import corpus_of


def guarded(corpus: Corpus, evidence: Evidence) -> Draft:
    answerer = ExtractiveAnswerer(corpus, lambda a, b: float(a == b), lambda near, shown, asked: tuple(map(str, shown)))
    made = Guarded(corpus, answerer).answer(evidence)
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("message", "denied"),
    [
        ("Do you offer psilocybin treatment?", True),
        ("I want an appointment: do you give it?", True),
        ("So you don't give it?", False),
        ("So she doesnt give it", False),
        ("So you cannot give it?", False),
    ],
)
def test_a_question_without_a_negation_is_answered_no(corpus: Corpus, message: str, denied: bool) -> None:
    query = Query("c", message, message, decision=Decision("practice", "answer", "C0"))
    first = guarded(corpus, Evidence(query, (), "answer", 0.5)).sentences[0]
    assert first.text.startswith("No. ") is denied
    assert first.sentence_ids[0] in {sentence.id for sentence in corpus.disclaiming()}


def test_of_a_declined_message_the_rest_is_answered_and_what_is_missing_of_it_is_named(corpus: Corpus) -> None:
    decision = Decision("dosing", "refuse_redirect", "C0", text=("I can't.",), remainder="What is REBUS? Who is it?")
    query = Query("c", "What is REBUS? Who is it?", decision=decision)
    parts = (Part("What is REBUS?", (Hit(0, 1.0),), 0.9, answered=True), Part("Who is it?", (Hit(1, 1.0),), 0.1))
    made = guarded(corpus, Evidence(query, (Hit(0, 1.0),), "answer", 0.9, parts))
    assert (made.kind, made.unanswered) == ("declined", ("Who is it?",))
    assert [sentence.text for sentence in made.sentences][-1] == "I can't."
    shown = [str(i) for sentence in made.sentences for i in sentence.sentence_ids]
    assert shown
    assert list(made.suggestions) == shown
    alone = replace(query, decision=replace(decision, remainder=""))
    assert guarded(corpus, Evidence(alone, (), "not_covered", 0.0)).unanswered == ()


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ((), ("Who paid for the pier?",)),
        (("Who is it?", "Why?"), ("Who is it?", "Why?")),
        (("Who is it?", "Why?", ""), ("Who is it?", "Why?")),
    ],
)
def test_of_a_declined_message_a_rest_that_is_not_covered_is_named(
    corpus: Corpus, asked: tuple[str, ...], named: tuple[str, ...]
) -> None:
    """A part without text stands for one that was not searched for."""
    decision = Decision("sourcing", "refuse_redirect", "C0", text=("I can't.",), remainder="Who paid for the pier?")
    query = Query("c", "Who paid for the pier?", decision=decision)
    parts = tuple(Part(text, (Hit(n, 1.0),) if text else ()) for n, text in enumerate(asked))
    made = guarded(corpus, Evidence(query, (Hit(0, 1.0),), "not_covered", 0.1, parts))
    assert (made.kind, made.unanswered) == ("declined", named)
    assert [sentence.text for sentence in made.sentences] == ["I can't."]
    for kind in ("smalltalk", "clarify"):
        assert guarded(corpus, Evidence(query, (), kind, 0.0)).unanswered == ()


def test_the_rest_of_a_follow_up_is_answered_as_it_was_understood(corpus: Corpus) -> None:
    decision = Decision("sourcing", "refuse_redirect", "C0", text=("I can't.",), remainder="Is it old? Is rain wet?")
    query = Query("c", "Is the pier old? Is rain wet?", understanding=Understanding("follows"), decision=decision)
    parts = (Part("Is the pier old?", (Hit(0, 1.0),), 0.9, answered=True), Part("Is rain wet?", (Hit(1, 1.0),), 0.1))
    made = guarded(corpus, Evidence(query, (Hit(0, 1.0),), "answer", 0.9, parts))
    assert (made.unanswered, made.query.text) == (("Is rain wet?",), query.text)
    assert (0,) in [sentence.sentence_ids for sentence in made.sentences]


@pytest.mark.parametrize(
    ("disclaimer", "denies"),
    [
        ("We do not administer the compound.", True),
        ("This is not medical advice.", False),
        ("We do not give medical advice.", False),
        ("We offer treatment by doctors.", False),
    ],
)
def test_only_what_the_site_says_it_does_not_provide_is_a_no(write_corpus, disclaimer: str, denies: bool) -> None:
    front = ("title: T", "author: A", "publisher: P", "language: en", f"disclaimer: {disclaimer}")
    corpus = load_corpus(write_corpus(f"Receptors sit in the cortex.\n\n{disclaimer}", *front))
    answerer = ExtractiveAnswerer(corpus, lambda a, b: 0.0, lambda *_: ())
    query = Query("c", "Do you give it?", decision=Decision("practice", "answer", "C0"))
    made = Guarded(corpus, answerer).answer(Evidence(query, (), "answer", 0.5))
    assert (made is not None) is denies


def test_what_else_is_asked_is_answered_after_the_no(corpus: Corpus) -> None:
    query = Query("c", "Does she give it? What is REBUS? Why?", decision=Decision("practice", "answer", "C0"))
    parts = (Part("What is REBUS?", (Hit(0, 1.0),), 0.9, answered=True), Part("Why?", (Hit(1, 1.0),), 0.1))
    made = guarded(corpus, Evidence(query, (Hit(0, 1.0),), "answer", 0.9, parts))
    assert made.sentences[0].text.startswith("No. ")
    assert (0,) in [sentence.sentence_ids for sentence in made.sentences]
    assert made.unanswered == ("Why?",)


@pytest.mark.parametrize("kind", ["answer", "not_covered"])
def test_beside_the_no_what_else_is_not_covered_is_named_but_not_what_the_no_answers(
    corpus: Corpus, kind: ReplyKind
) -> None:
    said = next(sentence.id for sentence in corpus.disclaiming() if "not administer" in sentence.text)
    asked = ("Is it sold at the pier?", "Does it treat a cold?", "Why?", "When?")
    query = Query("c", " ".join(asked), decision=Decision("practice", "answer", "C0"))
    parts = (
        Part(asked[0], (Hit(said, 1.0),), 0.3),
        Part(asked[1], (Hit(said, 0.9), Hit(0, 0.8)), 0.1),
        Part(asked[2], (Hit(0, 1.0), Hit(said, 0.9)), 0.9, answered=kind == "answer"),
        Part(asked[3], ()),
    )
    made = guarded(corpus, Evidence(query, (Hit(0, 1.0),), kind, 0.3, parts))
    assert made.sentences[0].text.startswith("No. ")
    assert made.unanswered == ((asked[1],) if kind == "answer" else asked[1:3])


def test_of_many_documents_three_are_linked_those_quoted_first_and_then_those_found() -> None:
    many = corpus_of({name: (f"The {name} is open.",) for name in "abcdef"})
    decision = Decision("copying", "limit", "C0", text=("I can't copy that.",))
    query = Query("c", "Copy it all", decision=decision, quoted=frozenset({("f", 0, 5), ("gone", 0, 5)}))
    links = [
        guarded(many, Evidence(replace(query, quoted=quoted), hits, "answer", 0.5)).sentences[-1].text
        for quoted, hits in [(query.quoted, (Hit(3, 1.0), Hit(5, 0.5))), (frozenset(), ())]
    ]
    assert links == ["Read on at /source/f, /source/d, /source/a", "Read on at /source/a, /source/b, /source/c"]


def test_what_every_page_repeats_is_said_once(write_corpus) -> None:
    said = "We do not prescribe any drug."
    front = ["title: T", "author: A", "publisher: P", "language: en", f"disclaimer: {said}"]
    folder = write_corpus(f"One page.\n\n{said}", *front)
    write_corpus(f"Other page.\n\n{said}", *front[:-1], folder=folder, name="other.md")
    query = Query("c", "Do you prescribe it?", decision=Decision("practice", "answer", "C0"))
    made = guarded(load_corpus(folder), Evidence(query, (), "answer", 0.5))
    assert [sentence.text for sentence in made.sentences] == [f"No. “{said}”"]
