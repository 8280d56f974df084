"""Promises that hold on every case, and floors below which retrieval or silence would be broken.

The floors are far under today's figures: they catch breakage; `python -m evals run` measures quality.
"""

from dataclasses import replace

import pytest

from bot import Bot
from evals.cases import DEFAULT, load_cases
from evals.run import Outcome, answer_figures, answerability_auroc, ask_all, hit_rates


@pytest.fixture(scope="module")
def outcomes(bot: Bot) -> list[Outcome]:
    return ask_all(bot, load_cases(DEFAULT, bot.corpus))


def test_what_always_holds(bot: Bot, outcomes: list[Outcome]) -> None:
    figures = answer_figures(outcomes, bot.corpus)
    assert figures["quotes verbatim"].mean == 1.0
    assert figures["supported, with disclaimer"].mean == 1.0


def test_floors(bot: Bot, outcomes: list[Outcome]) -> None:
    rates = hit_rates(lambda q: [f.citation.quote for f in bot.search(q, 5)], [o.case for o in outcomes])
    assert rates[3].mean > 0.8
    assert answerability_auroc(outcomes) > 0.8
    figures = answer_figures(outcomes, bot.corpus)
    assert figures["answered right"].mean > 0.5
    assert figures["silent when not answerable"].mean > 0.7


def test_a_bot_that_answers_everything_or_nothing_is_seen(outcomes: list[Outcome], bot: Bot) -> None:
    def figures(kind: str) -> dict[str, float]:
        changed = [Outcome(o.case, replace(o.reply, kind=kind)) for o in outcomes]
        return {name: value.mean for name, value in answer_figures(changed, bot.corpus).items()}

    assert figures("answer")["silent when not answerable"] == 0.0
    assert figures("not_covered")["answered right"] == 0.0
