from dataclasses import replace

import pytest

from bot.logistic import sigmoid
from bot.retrieval import evidence, familiarity
from bot.retrieval.answerability import Answerability
from bot.values import BankQuestion, Corpus, Query
from bot.wiring import Bot
from evals.in_memory import encode_all, retrieval_over
from tests.fakes import FakeEncoder, corpus_from

FEATURES = {False: evidence.FEATURES, True: (*evidence.FEATURES, *familiarity.FEATURES)}


@pytest.mark.parametrize("bank", [False, True])
def test_the_fitted_model_uses_exactly_the_features(bank: bool) -> None:
    model = Answerability.load(bank=bank)
    assert set(model.weights) == set(FEATURES[bank])
    assert 0 < model.threshold < 1


def test_more_evidence_never_lowers_the_probability() -> None:
    model = Answerability.load(bank=False)
    low = dict.fromkeys(FEATURES[False], 0.2)
    assert model.probability({**low, "coverage": 0.9}) > model.probability(low)
    with pytest.raises(KeyError):
        model.probability({})


def test_likeness_to_unanswered_questions_speaks_against() -> None:
    model = Answerability.load(bank=True)
    middling = dict.fromkeys(FEATURES[True], 0.2)
    for name in ("votes", "margin", "leaning"):
        assert model.probability({**middling, name: 0.1}) < model.probability(middling)
    for name in ("strange", "figure_absent"):
        assert model.probability({**middling, name: 1.0}) < model.probability(middling)


@pytest.mark.parametrize(("near_misses", "few"), [(0, True), (1, True), (2, False)])
def test_a_bank_with_hardly_a_near_miss_tells_nothing_of_silence(
    near_misses: int, few: bool, caplog: pytest.LogCaptureFixture
) -> None:
    bank = tuple(BankQuestion(f"how are doses number {n}", (1,)) for n in range(16))
    bank += tuple(BankQuestion(f"what do trials cost in town {n}", ()) for n in range(near_misses))
    corpus = replace(corpus_from("Receptors sit in the cortex.", "Doses are small.", "Trials take years."), bank=bank)
    encoder = FakeEncoder()
    retrieval = retrieval_over(corpus, encoder, encode_all(encoder, corpus, {}))
    unlike = retrieval.gate(retrieval.retriever(Query("c", "who won the football match on Sunday")))
    assert unlike.kind == "not_covered" or not few
    assert ("near misses" in caplog.text) is few


def test_a_bank_of_near_misses_alone_tells_nothing_of_silence(caplog: pytest.LogCaptureFixture) -> None:
    bank = tuple(BankQuestion(f"what do trials cost in town {n}", ()) for n in range(4))
    corpus = replace(corpus_from("Receptors sit in the cortex.", "Doses are small."), bank=bank)
    encoder = FakeEncoder()
    retrieval = retrieval_over(corpus, encoder, encode_all(encoder, corpus, {}))
    found = retrieval.gate(retrieval.retriever(Query("c", "are doses small")))
    assert {name for name, _ in found.trace.evidence} == set(FEATURES[False])
    assert "do not answer 4, and answer 0" in caplog.text


def test_odds_that_are_no_number_are_no_certainty() -> None:
    assert sigmoid(float("inf")) > 0.99
    with pytest.raises(ValueError, match="not a number"):
        sigmoid(float("nan"))


@pytest.mark.parametrize("question", ["What is the capital of Norway?", "who won the world cup", "best pizza near me"])
def test_other_worlds_questions_are_not_answered(bot: Bot, question: str) -> None:
    reply = bot.ask(question)
    assert reply.kind == "not_covered"
    assert reply.citations == ()
    assert reply.disclaimer == bot.corpus.disclaimer


def test_its_own_questions_are_answered_from_their_own_section(bot: Bot, corpus: Corpus) -> None:
    for question in corpus.questions():
        reply = bot.ask(question)
        assert reply.kind == "answer"
        assert question in {citation.section for citation in reply.citations}
        assert question not in reply.suggestions


def test_a_message_without_words_is_asked_back(bot: Bot) -> None:
    assert bot.ask("🍄🍄??!").kind == "clarify"


@pytest.mark.parametrize("asked", ["Did 40mg give a sustained response?", "What did the trial of 1998 show?"])
def test_a_figure_that_the_pages_lack_is_not_answered_with_another(bot: Bot, asked: str) -> None:
    assert bot.ask(asked).kind == "not_covered"


@pytest.mark.parametrize("told", ["I read a novel about brains in 1998.", "My aunt says 85% of people dream badly."])
def test_a_figure_told_before_a_question_does_not_silence_its_answer(bot: Bot, told: str) -> None:
    reply = bot.ask(f"{told} What is the default mode network?")
    assert reply.kind == "answer"
    assert "default mode network" in reply.text.lower()


def test_features_are_of_what_is_asked_without_a_figure_told_before_it(bot: Bot) -> None:
    asked = "How does psilocybin work?"
    alone, told = bot.ask(asked), bot.ask(f"I take 15mg of iron. {asked}")
    assert dict(told.trace.evidence)["votes"] == dict(alone.trace.evidence)["votes"]
    assert told.kind == "answer"


def test_a_dose_told_before_a_question_that_leans_on_it_is_not_answered_with_another(bot: Bot) -> None:
    assert bot.ask("The volunteers got 40mg. Did it give a sustained response?").kind == "not_covered"


def test_years_that_no_passage_has_together_may_be_compared(bot: Bot) -> None:
    assert bot.ask("How does the 2022 trial differ from the 2019 model?").kind == "answer"


def test_what_the_practice_alone_knows_is_passed_on_to_it(bot: Bot) -> None:
    reply = bot.ask("What do you charge for an appointment?")
    assert reply.kind == "not_covered"
    assert "strategy call" in reply.related[0].quote
    assert reply.suggestions


def test_of_two_questions_the_unanswered_one_is_named(bot: Bot) -> None:
    reply = bot.ask("In which journal was the Goodwin trial published, and what is your telephone number?")
    assert reply.kind == "answer"
    assert any("New England Journal of Medicine" in sentence.text for sentence in reply.sentences)
    assert [notice.text.count("telephone number") for notice in reply.notices] == [1]
    assert reply.disclaimer == bot.corpus.disclaimer
