import pytest

from bot.retrieval.evidence import FEATURES, Answerability, figures
from bot.values import Corpus
from bot.wiring import Bot


def test_the_fitted_model_uses_exactly_the_features() -> None:
    model = Answerability.load()
    assert set(model.weights) == set(FEATURES)
    assert 0 < model.threshold < 1


def test_more_coverage_never_lowers_the_probability() -> None:
    model = Answerability.load()
    low = dict.fromkeys(FEATURES, 0.2)
    assert model.probability({**low, "coverage": 0.9}) > model.probability(low)
    with pytest.raises(KeyError):
        model.probability({})


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


def test_figures_have_one_spelling() -> None:
    assert figures("25 mg, 25mg, 8 percent and 8% in 2022; 3.5 g, not A2022 nor 12") == {"25mg", "8%", "2022", "3.5g"}


@pytest.mark.parametrize("asked", ["Did 40mg give a sustained response?", "What did the trial of 1998 show?"])
def test_a_figure_that_the_pages_lack_is_not_answered_with_another(bot: Bot, asked: str) -> None:
    assert bot.ask(asked).kind == "not_covered"
