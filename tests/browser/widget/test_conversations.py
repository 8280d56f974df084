"""What was said: kept over a reload, and forgotten for good."""

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import launched  # noqa: F401 - skips where there is no browser
from tests.browser.widget.conftest import QUESTION
from tests.browser.widget.site import ASKED, late, refusing, said, silent, streaming, told

NOT_RESTORED = "Your earlier conversation could not be loaded."
STOPPED = "You stopped this answer."
DELETED = "This conversation was deleted."
NOT_DELETED = "It could not be deleted just now. Please try again."


def shown(seen) -> list[str]:
    return seen.panel.locator("#log article").all_inner_texts()


def conversation(seen) -> str:
    """The address of the conversation, as the panel has asked for it."""
    return next(url for url in reversed(seen.requested) if "/api/v1/conversations/" in url)


def test_what_was_said_is_there_after_a_reload(visit, site) -> None:
    seen = visit(site.page("/near", head=site.near))
    seen.open()
    for question in (QUESTION, "How does psilocybin affect it?", ASKED["crisis"]):
        seen.ask(question)
    before = shown(seen)
    seen.page.reload()
    expect(seen.panel.locator("article.reply")).to_have_count(3)
    assert shown(seen) == before
    seen.ask("Who proposed the REBUS model?")
    assert shown(seen)[:6] == before
    assert seen.complaints == []


@pytest.fixture
def reloaded(visit, site):
    """With a conversation of one question, after a first reload."""
    seen = visit(site.page("/near", head=site.near))
    seen.open()
    seen.ask()
    seen.page.reload()
    expect(seen.panel.locator("article.reply")).to_have_count(1)
    return seen


def test_a_conversation_no_longer_kept_begins_anew_without_a_word(reloaded) -> None:
    expired = conversation(reloaded)
    assert reloaded.page.request.delete(expired).status == 204
    reloaded.page.reload()
    expect(reloaded.panel.locator("#suggestions button")).to_have_count(4)
    expect(reloaded.panel.locator("article")).to_have_count(0)
    reloaded.ask()
    expect(reloaded.button("Copy with sources")).to_be_visible()
    expect(reloaded.panel.get_by_role("status")).to_have_text("")
    reloaded.page.reload()
    expect(reloaded.panel.locator("article.reply")).to_have_count(1)
    assert conversation(reloaded) != expired


@pytest.mark.parametrize("status", [500, 503])
def test_a_conversation_that_cannot_be_read_is_asked_for_until_it_can(reloaded, server, status: int) -> None:
    path = "/api/v1" + conversation(reloaded).partition("/api/v1")[2]
    server.instead[path] = refusing(status, 1)
    reloaded.page.reload()
    expect(reloaded.panel.get_by_text(NOT_RESTORED)).to_be_visible()
    expect(reloaded.button("Forget")).to_be_visible()
    server.instead = {}
    expect(reloaded.panel.locator("article.reply")).to_have_count(1)
    expect(reloaded.panel.get_by_role("status")).to_have_text("")


@pytest.mark.parametrize("leave", ["ask", "forget"])
def test_a_conversation_that_cannot_be_read_is_in_nobody_s_way(reloaded, server, leave: str) -> None:
    path = "/api/v1" + conversation(reloaded).partition("/api/v1")[2]
    server.instead[path] = refusing(500, 1)
    reloaded.page.reload()
    expect(reloaded.panel.get_by_text(NOT_RESTORED)).to_be_visible()
    if leave == "ask":
        reloaded.ask()
    server.instead = {}
    if leave == "forget":
        forget(reloaded)
        expect(reloaded.panel.get_by_text(DELETED)).to_be_visible()
    reloaded.page.wait_for_timeout(1500)
    expect(reloaded.panel.get_by_text(NOT_RESTORED)).to_have_count(0)
    expect(reloaded.panel.locator("article.reply")).to_have_count(1 if leave == "ask" else 0)


def test_a_stopped_answer_does_no_harm_to_what_was_said_before(reloaded, server, reply) -> None:
    known = conversation(reloaded).rpartition("/")[2]
    server.chat = streaming(*told({**reply, "conversation_id": known})[:-1], ends=False)
    reloaded.send("And why?")
    expect(reloaded.panel.locator(".sentence")).to_have_count(2)
    reloaded.button("Stop").click()
    expect(reloaded.panel.get_by_text(STOPPED)).to_be_visible()
    reloaded.page.reload()
    expect(reloaded.panel.locator("article.reply")).to_have_count(1)
    expect(reloaded.panel.get_by_text(STOPPED)).to_have_count(0)
    assert reloaded.complaints == []


def forget(seen) -> None:
    seen.button("Forget").click()
    seen.panel.get_by_role("dialog").get_by_text("Delete", exact=True).click()


def test_what_could_not_be_deleted_stays_in_sight(visit) -> None:
    seen = visit()
    seen.open()
    seen.ask()
    refuse = {"status": 500, "body": "{}"}
    seen.page.route("**/api/v1/conversations/*", lambda route: route.fulfill(**refuse))
    forget(seen)
    expect(seen.panel.get_by_text(NOT_DELETED)).to_be_visible()
    expect(seen.panel.locator("article.reply")).to_be_visible()
    seen.page.unroute("**/api/v1/conversations/*")
    forget(seen)
    expect(seen.panel.get_by_text(DELETED)).to_be_visible()
    expect(seen.panel.locator("article")).to_have_count(0)


def test_an_answer_on_its_way_is_forgotten_too(visit, server, reply) -> None:
    seen = visit()
    seen.open()
    server.chat = streaming(*told(reply, sentences=said(reply, "One."))[:-1], ends=False)
    seen.send()
    expect(seen.panel.locator(".sentence")).to_have_count(1)
    forget(seen)
    expect(seen.panel.get_by_text(DELETED)).to_be_visible()
    expect(seen.panel.locator("article, .sentence")).to_have_count(0)
    expect(seen.panel.locator("#suggestions button")).to_have_count(4)


def test_what_is_asked_while_all_is_forgotten_waits_and_is_not_lost(visit) -> None:
    seen = visit()
    seen.open()
    seen.ask()
    held = []
    seen.page.route("**/api/v1/conversations/*", lambda route: held.append(route))
    forget(seen)
    expect(seen.button("Send")).to_be_disabled()
    expect(seen.panel.locator("#suggestions button:enabled")).to_have_count(0)
    seen.send("What is the REBUS model?")
    expect(seen.panel.locator("#question")).to_have_value("What is the REBUS model?")
    expect(seen.panel.locator("article.asked")).to_have_count(1)
    held[0].continue_()
    expect(seen.panel.get_by_text(DELETED)).to_be_visible()
    expect(seen.panel.locator("#question")).to_be_focused()
    seen.button("Send").click()
    expect(seen.button("Copy with sources")).to_be_visible()
    assert seen.panel.locator("article.asked").all_inner_texts() == ["What is the REBUS model?"]
    expect(seen.button("Forget")).to_be_enabled()


@pytest.mark.parametrize("leave", ["Stop", "Forget"])
def test_of_an_answer_left_before_it_began_nothing_is_kept(visit, server, leave: str) -> None:
    """Its conversation has no name yet that the panel could know."""
    seen = visit()
    seen.open()
    server.chat = late(server.app, 0.5)
    seen.send()
    with seen.page.expect_response(lambda answer: answer.request.method == "DELETE") as deleted:
        seen.button("Stop").click() if leave == "Stop" else forget(seen)
        expect(seen.button("Send")).to_be_visible()
    assert deleted.value.status == 204
    assert seen.page.request.get(deleted.value.url).status == 404
    server.chat = None
    seen.ask()
    expect(seen.button("Copy with sources")).to_be_visible()


@pytest.mark.parametrize("stops", [False, True])
def test_an_answer_forgotten_before_it_began_is_called_deleted_once_it_is(visit, server, stops: bool) -> None:
    seen = visit()
    seen.open()
    server.chat = late(server.app, 1.0)
    held = []
    seen.page.route("**/api/v1/conversations/*", lambda route: held.append(route))
    seen.send()
    if stops:
        seen.button("Stop").click()
    with seen.page.expect_request("**/api/v1/conversations/*"):
        forget(seen)
        expect(seen.button("Send")).to_be_disabled()
        expect(seen.panel.get_by_text(DELETED)).to_have_count(0)
    seen.page.wait_for_timeout(100)
    expect(seen.panel.get_by_text(DELETED)).to_have_count(0)
    held[0].continue_()
    expect(seen.panel.get_by_text(DELETED)).to_be_visible()
    expect(seen.panel.locator("article")).to_have_count(0)
    assert len(held) == 1
    assert seen.complaints == []


def test_an_answer_forgotten_before_it_began_that_cannot_be_deleted_is_not_called_so(visit, server) -> None:
    seen = visit()
    seen.open()
    server.chat = late(server.app, 0.5)
    seen.page.route("**/api/v1/conversations/*", lambda route: route.fulfill(status=500, body="{}"))
    seen.send()
    forget(seen)
    expect(seen.panel.get_by_text(NOT_DELETED)).to_be_visible()
    expect(seen.panel.locator("article.asked")).to_have_count(1)
    seen.page.unroute("**/api/v1/conversations/*")
    with seen.page.expect_response(lambda answer: answer.request.method == "DELETE") as deleted:
        forget(seen)
    assert deleted.value.status == 204
    expect(seen.panel.get_by_text(DELETED)).to_be_visible()


def test_an_answer_that_never_begins_is_left_to_the_server_and_not_called_deleted(visit, server) -> None:
    left = []

    async def hangs(scope, receive, send) -> None:
        await silent(scope, receive, send)
        left.append(scope["path"])

    seen = visit()
    seen.page.clock.install()
    seen.open()
    server.chat = hangs
    seen.send()
    forget(seen)
    expect(seen.button("Send")).to_be_disabled()
    assert left == []
    seen.page.clock.run_for(61_000)
    expect(seen.panel.get_by_text(NOT_DELETED)).to_be_visible()
    seen.page.wait_for_timeout(200)
    assert left == ["/api/v1/chat"]
    forget(seen)
    expect(seen.panel.get_by_text(DELETED)).to_be_visible()


def test_a_question_that_was_refused_left_nothing_to_forget(visit, server) -> None:
    seen = visit()
    seen.open()
    server.chat = late(refusing(429, 30), 0.5)
    seen.send()
    forget(seen)
    expect(seen.panel.get_by_text(DELETED)).to_be_visible()


def test_what_is_asked_before_the_old_is_back_is_not_mixed_with_it(visit, server, site) -> None:
    seen = visit(site.page("/", head=site.near))
    seen.open()
    seen.ask()
    kept = seen.frame.evaluate("sessionStorage.getItem(Object.keys(sessionStorage)[0])")
    server.instead[f"/api/v1/conversations/{kept}"] = late(server.app, 1.0)
    seen.page.reload()
    seen.panel.locator("#disclaimer:not(:empty)").wait_for()
    seen.send("How long do the effects last?")
    expect(seen.panel.locator("article.reply")).to_have_count(1)
    expect(seen.panel.locator("article.asked")).to_have_text("How long do the effects last?")
    expect(seen.button("Forget")).to_be_visible()


def test_a_conversation_is_forgotten_only_when_that_is_confirmed(visit, config) -> None:
    seen = visit()
    seen.open()
    expect(seen.button("Forget")).not_to_be_visible()
    seen.ask()
    dialog = seen.panel.get_by_role("dialog")
    for leave in (lambda: dialog.get_by_text("Keep it").click(), lambda: seen.page.keyboard.press("Escape")):
        seen.button("Forget").click()
        expect(dialog).to_be_visible()
        leave()
        expect(dialog).not_to_be_visible()
        expect(seen.panel.locator("article.reply")).to_be_visible()
    seen.button("Forget").click()
    with seen.page.expect_response(lambda answer: answer.request.method == "DELETE") as deleted:
        dialog.get_by_text("Delete", exact=True).click()
    expect(seen.panel.get_by_text(DELETED)).to_be_visible()
    expect(seen.panel.locator("#log")).to_have_text(config["greeting"])
    expect(seen.button("Forget")).not_to_be_visible()
    assert deleted.value.status == 204
    assert seen.page.request.get(deleted.value.url).status == 404
