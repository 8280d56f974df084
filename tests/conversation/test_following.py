import pytest

from bot.conversation.following import LONGEST_GLUED, Following, Split
from bot.conversation.grammar import cues, role_of, tokens
from bot.conversation.leaning import leaning_features
from bot.conversation.listed import chosen_of_listed
from bot.conversation.rewriting import Rewriter
from bot.conversation.salience import candidates
from bot.logistic import Logistic
from bot.retrieval.asking import questions_in
from bot.terms import english_ranks, terms

NAMES_AND_RARE = Logistic({"named": 9.0, "acronym": 9.0}, -4.0)
"""Puts in what is written with capitals, and nothing else."""


@pytest.mark.parametrize(
    ("message", "history", "expected"),
    [
        ("How long did it last?", ["What did the Goodwin trial show?"], "How long did Goodwin last?"),
        ("What are its effects?", ["Tell me about the DMN"], "What are DMN's effects?"),
        ("why?", ["Does the DMN calm down?"], "why (DMN)?"),
        ("Which journal", ["Who wrote the Doss paper?"], "Which journal (Doss)"),
        ("Did that trial end?", ["What did Goodwin find?"], "Did that trial end (Goodwin)?"),
        ("What is Doss known for?", ["Who is Doss?"], "What is Doss known for?"),
        ("Is it old?", ["what is sleep?"], "Is it old?"),
        ("which one is slower?", ["What does the DMN do?"], "which one is slower (DMN)?"),
        ("Is BDNF one of them?", ["Which genes does Doss name?"], "Is BDNF one of Doss?"),
        ("And there?", ["Is the DMN (of Rome) old?"], "And there (DMN, Rome)?"),
    ],
)
def test_the_first_pronoun_gives_way_and_the_rest_is_bracketed(message: str, history: list[str], expected: str) -> None:
    assert Rewriter(NAMES_AND_RARE, {}).rewrite(message, history, []) == expected


def test_a_visitors_own_story_is_no_topic_but_a_term_of_the_pages_is() -> None:
    everything = Logistic({}, 9.0)
    history = ["Does my brother's zoloft help?", "Do patients and their doctor know?"]
    assert Rewriter(everything, {}, topics={"patient", "doctor"}).unsaid("why?", history, []) == [
        "zoloft",
        "patients",
        "doctor",
    ]


def test_words_that_stood_together_are_one_phrase() -> None:
    everything = Logistic({}, 9.0)
    said = Rewriter(everything, {}).unsaid("why?", ["How does the default mode network quieten?"], [])
    assert said == ["default mode network quieten"]


def test_only_words_of_the_conversation_are_put_in() -> None:
    ranks = english_ranks()
    history = ["What is psilocybin?", "Does it help with severe depression?"]
    salience = Logistic.load("bot.conversation", "followups.json", "salience")
    rewritten = Rewriter(salience, ranks).rewrite("And for how long?", history, [])
    assert set(terms(rewritten, "en")) <= {
        term for text in [*history, "And for how long?"] for term in terms(text, "en")
    }


def test_a_word_is_one_candidate_where_it_was_said_last() -> None:
    found = candidates("why?", ["What is psilocybin?", "Is psilocybin old?"], ["Psilocybin is a prodrug."], {})
    (one,) = [candidate for candidate in found if candidate.term == "psilocybin"]
    assert (one.question, one.token) == (1, 1)
    assert one.features["turn 1"] == 1
    assert one.features["shown"] == 1
    assert one.features["share"] == 1


def test_what_the_message_says_is_no_candidate() -> None:
    found = candidates("Is psilocybin safe?", ["What is psilocybin made of?"], [], {})
    assert "psilocybin" not in {candidate.term for candidate in found}


@pytest.mark.parametrize(
    "message", ["How long?", "and for ketamine?", "Does it last?", "why is that", "no, I meant LTD"]
)
def test_fragments_lean(message: str) -> None:
    understanding, _, readings = Following.load(english_ranks()).read(
        message, ["What is the effect of psilocybin?"], []
    )
    assert understanding.relation == "follows"
    assert readings[0].text == message
    assert 0 < readings[1].weight <= 1


@pytest.mark.parametrize(
    "message", ["What is the REBUS model?", "Does Dr. Ceruto administer psilocybin to her clients at MindLAB?"]
)
def test_whole_questions_stand_alone(message: str) -> None:
    history = ["Which receptor does psilocin bind to?"]
    understanding, text, _ = Following.load(english_ranks()).read(message, history, [])
    assert (understanding.relation, text) == ("alone", message)


STORY = "My aunt kept bees for years and sold the honey at the market. " * 20


@pytest.mark.parametrize(
    ("earlier", "glued"),
    [
        ("My dog is ill. Can the kidneys be cured?", "My dog is ill. Can the kidneys be cured?"),
        ("x" * LONGEST_GLUED, "x" * LONGEST_GLUED),
        (f"{STORY}What does the smoke do to bees? Thanks.", "What does the smoke do to bees?"),
        (f"Is honey a sugar? {STORY}How long does wax last?", "Is honey a sugar? How long does wax last?"),
    ],
)
def test_of_a_long_message_only_the_questions_are_searched_for_with_what_follows(earlier: str, glued: str) -> None:
    _, _, readings = Following.load(english_ranks(), split=questions_in).read("and for how long?", [earlier], [])
    assert [reading.text for reading in readings] == ["and for how long?", f"{glued} and for how long?"]


@pytest.mark.parametrize("earlier", [STORY, "x" * 1300, "Is the honey sold at the market? " * 50])
@pytest.mark.parametrize("split", [questions_in, None])
def test_a_follow_up_is_within_what_an_encoder_reads(earlier: str, split: Split | None) -> None:
    _, _, readings = Following.load(english_ranks(), split=split).read("and for how long?", [earlier.strip()], [])
    glued = readings[1].text.removesuffix(" and for how long?")
    assert len(glued) <= LONGEST_GLUED
    assert earlier.strip().endswith(glued)


def test_nothing_leans_on_nothing() -> None:
    understanding, text, readings = Following.load({}).read("And it?", [], [])
    assert (understanding.relation, text, readings) == ("alone", "And it?", ())


@pytest.mark.parametrize(
    ("word", "role"),
    [
        *(("the", "determiner"), ("of", "preposition"), ("Did", "auxiliary"), ("WHY", "wh"), ("brain", "content")),
        *(("I'm", "stop"), ("he’s", "stop"), ("that's", "determiner"), ("What’s", "wh"), ("Doss's", "content")),
    ],
)
def test_roles(word: str, role: str) -> None:
    assert role_of(word) == role


def test_vague_words_and_single_letters_name_nothing() -> None:
    assert [token.role for token in tokens("u something x")] == ["stop"] * 3


def test_cues_and_features_are_shares() -> None:
    for message in ("And what about them?", "a" * 500, "?", "why " * 300, "it they he"):
        values = [*cues(message).values(), *leaning_features(message, ["What is it?"]).values()]
        assert all(0 <= value <= 1 for value in values)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("the second one", "b"),
        ("Second please", "b"),
        ("ok, the first", "a"),
        ("number 3", "c"),
        ("no. 2", "b"),
        ("no. one", "a"),
        ("no 3", "c"),
        ("no one", None),
        ("No two!", None),
        ("no, three", None),
        ("2", "b"),
        ("the last one", "c"),
        ("the second trial", None),
        ("first, what is it?", None),
        ("4", None),
        ("one moment", None),
        ("what does the second one say", None),
    ],
)
def test_a_place_alone_picks(message: str, expected: str | None) -> None:
    assert chosen_of_listed(message, ["a", "b", "c"]) == expected


def test_nothing_is_picked_from_nothing() -> None:
    assert chosen_of_listed("the first one", []) is None
    assert chosen_of_listed("THE FİRST ONE", ["a"]) is None
    assert chosen_of_listed("the fırst one", ["a"]) is None
    assert chosen_of_listed("the third one", ["a"]) is None
