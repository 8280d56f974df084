"""The panel when something goes wrong: it says what, keeps what came, and goes on when it can."""

import asyncio
import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.sync_api import expect
from starlette.responses import HTMLResponse

from tests.browser.chromium import launched  # noqa: F401 - skips where there is no browser
from tests.browser.widget.conftest import QUESTION
from tests.browser.widget.site import Played, Spoiled, broken, refusing, said, silent, streaming, told

CUT = "The connection broke off: this is not the whole answer."
STOPPED = "You stopped this answer."
STARTING = "The chat is just starting. Please try again in {} seconds."
UNREACHABLE = "The chat cannot be reached just now."
FAILED = "Something went wrong, and your question was not answered."
REFUSED = "This chat is not set up for this site yet. Its owner has to change a setting."
LINES_OF_HELP = {"988": "tel:988", "findahelpline.com": "https://findahelpline.com"}
HTML = HTMLResponse("<h1>Welcome to the hotel's network</h1>")
SENT = ("First things first.", "Then the second.", "At last the third.")
WATCHED = """() => {
  window.counted = [];
  const count = () => counted.push(document.querySelectorAll(".sentence").length);
  new MutationObserver(count).observe(document.querySelector("main"), { childList: true, subtree: true });
}"""


def works_again(seen, server: Spoiled) -> None:
    """The question, once the server is well, is answered in the place of what was shown."""
    server.chat = None
    seen.button("Try again").click()
    expect(seen.button("Copy with sources")).to_be_visible()
    expect(seen.panel.locator("article.reply")).to_have_count(1)
    assert seen.panel.locator("article.asked").all_inner_texts() == [QUESTION]


def dropped(*events: tuple[str, object]) -> Played:
    """Events, and then a connection that is gone."""
    whole = streaming(*events)

    async def play(scope, receive, send) -> None:
        async def until_the_end(message: dict) -> None:
            if message["type"] == "http.response.body" and not message.get("more_body"):
                await asyncio.sleep(0.2)  # Browsers throw away what a page has not read when a connection breaks.
                raise ConnectionError
            await send(message)

        await whole(scope, receive, until_the_end)

    return play


def first(played: Played, server: Spoiled, path: str) -> Callable[..., Awaitable[None]]:
    """Plays this for the first request there, after which the server is well."""

    async def play(scope, receive, send) -> None:
        server.instead.pop(path)
        await played(scope, receive, send)

    return play


def test_sentences_are_shown_as_they_come(visit, server, reply) -> None:
    seen = visit()
    seen.open()
    seen.frame.evaluate(WATCHED)
    server.chat = streaming(*told(reply, sentences=said(reply, *SENT)), pause=0.1)
    seen.send()
    expect(seen.button("Copy with sources")).to_be_visible()
    assert {1, 2, 3} <= set(seen.frame.evaluate("counted"))
    assert [text.rstrip(" 1") for text in seen.panel.locator(".sentence").all_inner_texts()] == list(SENT)


def test_who_scrolls_elsewhere_is_left_there(visit, server, reply) -> None:
    seen = visit()
    seen.open()
    for _ in range(2):
        seen.ask()
    server.chat = streaming(*told(reply, sentences=said(reply, *SENT * 5)), pause=0.05)
    seen.send()
    seen.panel.locator("#draft .sentence").first.wait_for()
    seen.panel.locator("main").evaluate("(main) => main.scrollTo(0, 20)")
    expect(seen.button("Copy with sources")).to_have_count(3)
    assert seen.panel.locator("main").evaluate("(main) => main.scrollTop") == 20


@pytest.mark.parametrize("came", [0, 2])
def test_what_came_before_the_stop_is_kept(visit, server, reply, came: int) -> None:
    seen = visit()
    seen.open()
    server.chat = streaming(*told(reply, sentences=said(reply, *SENT[:came]))[:-1], ends=False)
    seen.send()
    expect(seen.panel.locator(".sentence")).to_have_count(came)
    expect(seen.button("Send")).not_to_be_visible()
    seen.button("Stop").click()
    expect(seen.panel.locator("article.reply")).to_contain_text(STOPPED)
    sentences = seen.panel.locator("article.reply .sentence").all_inner_texts()
    assert [text.rstrip(" 1") for text in sentences] == list(SENT[:came])
    expect(seen.panel.locator("article.reply .note")).to_have_count(min(came, 1))
    expect(seen.button("Send")).to_be_visible()
    works_again(seen, server)
    assert seen.complaints == []


@pytest.mark.parametrize("end", ["early", "middle", "dropped", "error", "odd"])
def test_a_stream_that_is_cut_is_not_taken_for_the_whole(visit, server, reply, end: str) -> None:
    notice = {"id": "x", "text": "Mind this."}
    events = told(reply, sentences=said(reply, *SENT[:2]), notices=[notice])
    server.chat = {
        "early": streaming(*events[:-1]),
        "middle": broken(*events),
        "dropped": dropped(*events[:-1]),
        "error": streaming(*events[:-1], ("error", {"detail": "No."}), events[-1]),
        "odd": streaming(*events[:-1], ("done", [])),
    }[end]
    seen = visit()
    seen.open()
    seen.ask()
    partial = seen.panel.locator("article.reply")
    expect(partial).to_contain_text(FAILED if end == "odd" else CUT)
    assert [text.rstrip(" 1") for text in partial.locator(".sentence").all_inner_texts()] == list(SENT[:2])
    expect(partial.locator(".notice")).to_have_text(notice["text"])
    expect(partial.locator(".tools")).to_have_count(0)
    partial.locator(".reference").first.click()
    expect(partial.locator("blockquote mark")).to_have_text(reply["citations"][0]["quote"])
    works_again(seen, server)


def test_a_server_that_falls_silent_is_given_up(visit, server, reply) -> None:
    server.chat = streaming(*told(reply, sentences=said(reply, SENT[0]))[:-1], ends=False)
    seen = visit()
    seen.page.clock.install()
    seen.page.reload()
    seen.open()
    seen.send()
    expect(seen.panel.locator(".sentence")).to_have_text(SENT[0])
    seen.page.clock.run_for(60_000)
    expect(seen.panel.locator("article.reply")).to_contain_text(CUT)
    works_again(seen, server)


@pytest.mark.parametrize(
    ("played", "message"),
    [
        (refusing(503, 1), STARTING.format(1)),
        (refusing(503), STARTING.format(5)),
        (refusing(500), FAILED),
        (refusing(404), FAILED),
        (HTML, CUT),
        (refusing(403), REFUSED),
    ],
    ids=["starting", "starting, not saying how long", "failed", "not found", "not the bot", "refused"],
)
def test_a_question_that_gets_no_answer_is_kept(visit, server, played: Played, message: str) -> None:
    server.chat = played
    seen = visit()
    seen.open()
    seen.ask()
    problem = seen.panel.locator("article.reply")
    expect(problem).to_contain_text(message)
    assert {link.inner_text(): link.get_attribute("href") for link in problem.locator("a").all()} == LINES_OF_HELP
    assert any("FOOTNOTE_TRUSTED_PROXIES" in said for said in seen.complaints) is (message == REFUSED)
    works_again(seen, server)


def test_who_asks_too_often_is_told_how_long_to_wait(visit, server) -> None:
    server.chat = refusing(429, 60)
    seen = visit()
    seen.page.clock.install()
    seen.open()
    seen.ask()
    expect(seen.panel.locator("article.reply")).to_contain_text("Please try again in 60 seconds.")
    again = seen.panel.get_by_role("button", name="Try again")
    expect(again).to_be_disabled()
    seen.page.clock.run_for(30_000)
    expect(again).to_have_text(re.compile(r"Try again \([123]?\d\)"))
    seen.page.clock.run_for(40_000)
    expect(again).to_have_text("Try again")
    expect(again).to_be_enabled()
    works_again(seen, server)


@pytest.mark.parametrize(
    ("played", "message"),
    [
        (refusing(503, 60), STARTING.format(60)),
        (refusing(500, 60), UNREACHABLE),
        (HTML, UNREACHABLE),
        (refusing(404), UNREACHABLE),
    ],
    ids=["starting", "failed", "not the bot", "not found"],
)
def test_a_panel_opened_too_early_goes_on_by_itself(visit, server, played: Played, message: str) -> None:
    server.instead["/api/v1/config"] = first(played, server, "/api/v1/config")
    seen = visit()
    seen.page.clock.install()
    seen.launch.click()
    expect(seen.panel.get_by_text(message)).to_be_visible()
    assert {link.inner_text(): link.get_attribute("href") for link in seen.panel.locator("a").all()} == LINES_OF_HELP
    seen.panel.locator("#question").fill(QUESTION)
    seen.page.clock.run_for(60_000)
    expect(seen.panel.locator("#suggestions button")).to_have_count(4)
    expect(seen.panel.get_by_text(message)).to_have_count(0)
    seen.button("Send").click()
    expect(seen.button("Copy with sources")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "played"),
    [("/api/v1/chat", silent), ("/api/v1/config", silent), ("/api/v1/config", streaming(ends=False))],
    ids=["no answer", "no configuration", "a configuration without a body"],
)
def test_a_server_that_says_nothing_at_all_is_given_up(visit, server, path: str, played: Played) -> None:
    seen = visit()
    seen.page.clock.install()
    if path == "/api/v1/chat":
        seen.open()
        server.chat = played
        seen.send()
    else:
        server.instead[path] = played
        seen.launch.click()
    expect(seen.panel.locator("#question")).to_be_visible()
    seen.page.clock.run_for(61_000)
    expect(seen.panel.get_by_text(UNREACHABLE)).to_be_visible()


def test_a_question_that_is_tried_again_stands_above_its_answer(visit, server) -> None:
    seen = visit()
    seen.open()
    server.chat = refusing(500)
    seen.ask("What is the REBUS model?")
    server.chat = None
    seen.ask()
    seen.button("Try again").click()
    expect(seen.button("Copy with sources")).to_have_count(2)
    order = seen.panel.locator("article").evaluate_all("all => all.map(each => each.classList.contains('asked'))")
    assert order == [True, False, True, False]
    assert seen.panel.locator("article.asked").all_inner_texts() == [QUESTION, "What is the REBUS model?"]


def test_one_in_danger_need_not_wait_for_the_bot_to_be_ready(visit, server, config) -> None:
    server.instead["/api/v1/config"] = refusing(503, 60)
    seen = visit()
    seen.page.clock.install()
    seen.launch.click()
    expect(seen.panel.get_by_text(STARTING.format(60))).to_be_visible()
    seen.send("I want to kill myself")
    expect(seen.panel.locator("[data-kind=crisis] a").first).to_be_visible()
    server.instead.clear()
    seen.page.clock.run_for(60_000)
    expect(seen.panel.locator("#disclaimer")).to_have_text(config["disclaimer"])
    expect(seen.panel.locator("article")).to_have_count(2)


def test_an_answer_has_its_disclaimer_before_the_bot_has_told_of_its_pages(visit, server, reply) -> None:
    server.instead["/api/v1/config"] = refusing(503, 60)
    seen = visit()
    seen.launch.click()
    seen.ask()
    expect(seen.panel.locator("#disclaimer")).to_have_text(reply["disclaimer"])


def test_offline_one_is_told_and_loses_nothing(visit, server) -> None:
    seen = visit()
    seen.open()
    seen.page.context.set_offline(True)
    seen.ask()
    problem = seen.panel.locator("article.reply")
    expect(problem).to_contain_text("You seem to be offline. Your question is kept.")
    assert {link.inner_text(): link.get_attribute("href") for link in problem.locator("a").all()} == LINES_OF_HELP
    seen.button("Try again").click()
    expect(problem).to_contain_text("You seem to be offline.")
    seen.page.context.set_offline(False)
    works_again(seen, server)


def test_a_server_that_is_gone_is_not_called_offline(visit, server) -> None:
    seen = visit()
    seen.open()
    seen.page.route("**/api/v1/chat", lambda route: route.abort("connectionrefused"))
    seen.ask()
    expect(seen.panel.locator("article.reply")).to_contain_text("The chat cannot be reached just now.")
    seen.page.unroute("**/api/v1/chat")
    works_again(seen, server)


def test_a_server_that_does_not_know_its_address_says_which_setting(visit) -> None:
    def altered(route) -> None:
        answer = route.fetch()
        body = re.sub(r'(name="footnote-self" content=")[^"]*', r"\1http://bot.internal:7860", answer.text())
        route.fulfill(response=answer, body=body)

    seen = visit()
    seen.page.route("**/widget/panel", altered)
    seen.launch.click()
    expect(seen.panel.get_by_text(REFUSED)).to_be_visible()
    [complaint] = seen.complaints
    assert "FOOTNOTE_TRUSTED_PROXIES" in complaint
    assert not any("/api/v1/" in url for url in seen.requested)


def test_a_rating_that_was_not_taken_is_not_shown_as_given(visit, server) -> None:
    server.instead["/api/v1/feedback"] = refusing(500)
    seen = visit()
    seen.open()
    seen.ask()
    seen.button("Not helpful").click()
    expect(seen.panel.get_by_text("This could not be sent just now.")).to_be_visible()
    expect(seen.panel.get_by_role("button", pressed=True)).to_have_count(0)
    expect(seen.panel.get_by_label("What was wrong? (optional)")).to_have_count(0)


def test_a_comment_that_was_begun_outlives_a_rating_that_was_not_taken(visit, server) -> None:
    seen = visit()
    seen.open()
    seen.ask()
    seen.button("Not helpful").click()
    comment = seen.panel.get_by_label("What was wrong? (optional)")
    comment.fill("Too long.")
    seen.button("Not helpful").click()
    expect(seen.panel.get_by_text("Thank you.")).to_be_visible()
    expect(comment).to_have_value("Too long.")
    server.instead["/api/v1/feedback"] = refusing(500)
    seen.button("Helpful").click()
    expect(seen.panel.get_by_text("This could not be sent just now.")).to_be_visible()
    expect(comment).to_have_value("Too long.")
    server.instead = {}
    seen.button("Helpful").click()
    expect(seen.panel.get_by_text("Thank you.")).to_be_visible()
    with seen.page.expect_response("**/api/v1/feedback") as answered:
        seen.button("Send comment").click()
    assert answered.value.request.post_data_json["comment"] == "Too long."
    expect(seen.panel.get_by_role("button", pressed=True)).to_have_accessible_name("Not helpful")


def test_where_copying_is_not_allowed_that_is_said(visit) -> None:
    seen = visit()
    seen.open()
    seen.ask()
    seen.frame.evaluate("() => void (navigator.clipboard.writeText = () => Promise.reject(new Error()))")
    seen.button("Copy with sources").click()
    expect(seen.panel.get_by_text("Your browser does not allow copying here.")).to_be_visible()
