"""The report in a real browser: no error, no request, failures found by the filters, nothing wider than the screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import Bot, Settings
from bot.values import Corpus
from bot.web.schema import ReplyBody
from evals.opening import open_bench
from evals.report.write import write_report
from evals.runner import run_cases
from tests.browser.chromium import launched
from tests.evals.replies import Played, question_case


@pytest.fixture(scope="module")
def report(bot: Bot, settings: Settings, corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    sentence = corpus.sentences[0].text
    cases = [
        question_case("right", corpus.questions()[0], sentence),
        question_case("far", "Which bicycle tyres are best?", sentence, style="bicycle"),
        question_case("soup", "How is tomato soup made?", sentence, style="soup"),
        question_case("none", "How tall is the tower?"),
    ]
    system = Played("footnote", lambda message: ReplyBody.of(bot.ask(message)))
    run_cases(system, cases, open_bench(settings, corpus), folder, seed=0, workers=1, tick=lambda: None)
    return write_report(folder)


@pytest.fixture(params=[(1280, 900, "light"), (390, 844, "dark")], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, report: Path) -> Iterator[object]:
    width, height, scheme = request.param
    with launched() as browser:
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
        seen: list[str] = []
        page.on("pageerror", lambda error: seen.append(str(error)))
        page.on("console", lambda message: seen.append(message.text) if message.type == "error" else None)
        page.on("request", lambda asked: seen.append(asked.url) if not asked.url.startswith("file:") else None)
        page.goto(report.as_uri())
        yield page
        assert seen == []
        browser.close()


def test_failures_are_filtered(page) -> None:
    total = page.locator(".failure").count()
    assert total >= 2
    assert page.locator("#shown").inner_text() == f"{total} of {total}"
    page.select_option("#style", "soup")
    assert page.locator(".failure:visible").count() == 1
    assert "tomato" in page.locator(".failure:visible h3").inner_text()
    page.select_option("#style", "")
    page.fill("#words", "bicycle tyres")
    assert page.locator(".failure:visible").count() == 1
    page.fill("#words", "nothing holds these words")
    assert page.locator(".failure:visible").count() == 0


def test_it_fits_the_screen_and_says_what_was_expected(page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    failure = page.locator(".failure").first
    assert failure.locator("blockquote").count() >= 1
    assert page.locator("svg[role=img]").count() == 4
    labels = page.locator("svg[role=img]").evaluate_all("found => found.map(each => each.getAttribute('aria-label'))")
    assert all(labels)
