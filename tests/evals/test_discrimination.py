"""An evaluation that cannot tell a bad bot from a good one is worth nothing: each bad bot loses where it must."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import Bot, Settings
from bot.values import Corpus, Sentence
from bot.web.schema import ReplyBody
from evals.cases import Case
from evals.comparison import WholeRun, compare_tables
from evals.measures import figures
from evals.opening import open_bench
from evals.records import read_run
from evals.runner import Bench, run_cases
from evals.stats import Estimate
from tests.evals.replies import Played, question_case, reply

Answer = Callable[[str], ReplyBody]


@pytest.fixture(scope="module")
def bench(settings: Settings, corpus: Corpus) -> Bench:
    return open_bench(settings, corpus)


@pytest.fixture(scope="module")
def cases(corpus: Corpus) -> list[Case]:
    """The corpus's own headings that ask, with what stands below; and questions on nothing it holds."""
    sentences = [corpus.sentences[i] for p in corpus.passages if p.headings[-1].endswith("?") for i in p.sentence_ids]
    by_question: dict[str, list[str]] = {}
    for sentence in sentences:
        by_question.setdefault(corpus.passage_of(sentence.id).headings[-1], []).append(sentence.text)
    answerable = [question_case(f"a{n}", q, *found) for n, (q, found) in enumerate(by_question.items())]
    topics = "bicycle tyres, tomato soup, the moon's orbit, chess openings, knitting wool, harbour fees, violin strings"
    unanswerable = [
        question_case(f"u{n}", f"What is best about {topic}?") for n, topic in enumerate(topics.split(", "))
    ]
    return [*answerable, *unanswerable]


def by_rule(corpus: Corpus, choose: Callable[[str], Sentence | None], say: Callable[[str], str] = str) -> Answer:
    def answer(message: str) -> ReplyBody:
        chosen = choose(message)
        if chosen is None:
            return reply(corpus, "not_covered", confidence=0.1)
        return reply(corpus, "answer", [(say(chosen.text), [chosen])], confidence=0.9)

    return answer


@pytest.fixture(scope="module")
def scores(
    bot: Bot, corpus: Corpus, bench: Bench, cases: list[Case], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Estimate]]:
    """Figures of the real bot and of the bad ones, by name."""
    rng = random.Random(0)
    truth = {case.turns[0].question: case.turns[0].evidence for case in cases}

    def best(message: str) -> Sentence | None:
        wanted = truth[message]
        return next((s for s in corpus.sentences if s.text in wanted), None)

    def real(message: str) -> ReplyBody:
        return ReplyBody.of(bot.ask(message))

    def invents(text: str) -> str:
        first, _, rest = text.partition(" ")
        return f"{first} 47% {rest}"

    systems: dict[str, Answer] = {
        "real": real,
        "always": by_rule(corpus, lambda message: best(message) or corpus.sentences[0]),
        "never": by_rule(corpus, lambda message: None),
        "random": by_rule(corpus, lambda message: rng.choice(corpus.sentences)),
        "invents": by_rule(corpus, best, invents),
        "bare": lambda message: real(message).model_copy(update={"disclaimer": None}),
        "misquotes": lambda message: misquoted(real(message)),
    }
    folder = tmp_path_factory.mktemp("runs")
    return {name: scored(name, answer, cases, bench, folder) for name, answer in systems.items()}


def misquoted(body: ReplyBody) -> ReplyBody:
    changed = [c.model_copy(update={"quote": c.quote.replace(" ", "  ", 1)}) for c in body.citations]
    return body.model_copy(update={"citations": changed})


def scored(name: str, answer: Answer, cases: list[Case], bench: Bench, folder: Path) -> dict[str, Estimate]:
    return figures(run_cases(Played(name, answer), cases, bench, folder / name, seed=0, workers=1, tick=lambda: None))


@pytest.mark.parametrize(
    ("bad", "figure"),
    [
        ("always", "silent"),
        ("never", "answered"),
        ("never", "right"),
        ("random", "evidence precision"),
        ("random", "right"),
        ("random", "hit@1"),
        ("invents", "faithfulness"),
        ("invents", "citation recall"),
        ("bare", "disclaimer"),
        ("misquotes", "verbatim"),
    ],
)
def test_a_bad_bot_is_ranked_below_the_real_one(scores: dict[str, dict[str, Estimate]], bad: str, figure: str) -> None:
    assert scores[bad][figure].value < scores["real"][figure].value - 0.3


def test_a_comparison_finds_the_difference_significant(
    corpus: Corpus, bench: Bench, cases: list[Case], bot: Bot, tmp_path: Path
) -> None:
    scored("a", lambda message: ReplyBody.of(bot.ask(message)), cases, bench, tmp_path)
    scored("b", by_rule(corpus, lambda message: None), cases, bench, tmp_path)
    runs = [WholeRun(*read_run(tmp_path / name), []) for name in ("a", "b")]
    compared = {c.figure.name: c for c in compare_tables(runs[0].tables(), runs[1].tables())}
    assert compared["right"].is_worse
    assert compared["right"].difference.high < 0
