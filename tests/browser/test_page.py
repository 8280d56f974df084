"""A visitor in a real browser: asks, sees a cited answer, clicks a note, lands on the marked sentence."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest

from bot import Bot, Settings
from bot.values import MAX_MESSAGE
from evals.bench import free_port
from tests.browser.chromium import launched
from tests.conftest import ROOT

QUESTION = "What is the default mode network?"


@pytest.fixture(scope="module")
def address(bot: Bot, settings: Settings) -> Iterator[str]:
    """The served application, as `make run` starts it."""
    port = free_port()
    known = {
        **os.environ,
        "FOOTNOTE_CORPUS_DIR": str(settings.corpus_dir),
        "FOOTNOTE_VAR_DIR": str(settings.var_dir),
        "FOOTNOTE_PORT": str(port),
        "FOOTNOTE_RATE_LIMIT": "off",
    }
    process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=known)
    try:
        for _ in range(300):
            try:
                if httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200:
                    break
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        assert process.wait(20) in (0, -15)


@pytest.fixture(params=[(1280, 800, "light"), (390, 844, "dark")], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, address: str):
    width, height, scheme = request.param
    with launched() as browser:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        page = context.new_page()
        page.requested = []
        complaints: list[str] = []
        page.on("request", lambda sent: page.requested.append(sent.url))
        page.on("console", lambda told: complaints.append(told.text) if told.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("response", lambda got: complaints.append(f"{got.status} {got.url}") if got.status >= 400 else None)
        page.goto(address)
        page.wait_for_selector("#fn-question textarea")
        yield page
        foreign = [url for url in page.requested if not url.startswith((address, "data:", "blob:"))]
        browser.close()
        assert foreign == []
        assert complaints == []


def ask(page, question: str) -> None:
    page.fill("#fn-question textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_selector("button.fn-copy")


def shows(page, count: int, selector: str = ".fn-reply") -> None:
    """Waits. Not by a function in the page: its policy does not let it make one of a text."""
    from playwright.sync_api import expect

    expect(page.locator(selector)).to_have_count(count)


def test_the_api_beside_the_page(address: str) -> None:
    assert httpx.get(f"{address}/api/v1/nothing").json()["status"] == 404
    assert httpx.get(f"{address}/api/v1/chat").json()["status"] == 405
    assert httpx.get(f"{address}/").status_code == 200


def test_from_a_question_to_the_marked_sentence(page, bot: Bot) -> None:
    ask(page, QUESTION)
    assert bot.corpus.disclaimer in page.inner_text(".fn-disclaimer")
    page.click("a.fn-ref >> nth=0")
    page.wait_for_selector("details.fn-note[open] mark", state="visible")
    quote = page.inner_text("details.fn-note[open] mark")
    assert quote in {sentence.text for sentence in bot.corpus.sentences}
    with page.context.expect_page() as opened:
        page.click("details.fn-note[open] a.fn-source")
    source = opened.value
    source.wait_for_load_state()
    assert source.inner_text(":target") == quote
    box = source.locator(":target").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < source.viewport_size["height"]
    marked = source.evaluate("getComputedStyle(document.querySelector(':target')).backgroundColor")
    assert marked not in ("rgba(0, 0, 0, 0)", "transparent")


def test_examples_suggestions_and_a_new_conversation(page) -> None:
    page.click("text=How does psilocybin affect the brain differently")
    page.wait_for_selector("button.fn-copy")
    asked = page.inner_text(".fn-asked")
    reply = page.request.post(page.url + "api/v1/chat", data={"message": asked}).json()
    page.get_by_role("button", name=reply["suggestions"][0]).last.click()
    shows(page, 2)
    page.click("#fn-clear")
    shows(page, 0)


def test_forgetting(page) -> None:
    ask(page, QUESTION)
    page.click("#fn-forget")
    shows(page, 0)
    ask(page, "where does it say that?")
    shows(page, 0, "details.fn-note")


def test_copying_an_answer(page, bot: Bot) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, QUESTION)
    page.click("button.fn-copy")
    page.wait_for_selector("button.fn-copy:has-text('Copied')")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert bot.corpus.disclaimer in copied
    assert f" {page.url}source/" in copied
    page.click("button.fn-copy")
    page.wait_for_timeout(2500)
    assert page.inner_text("button.fn-copy") == "Copy with sources"


def test_no_other_script_runs_and_nothing_goes_elsewhere(page, address: str) -> None:
    """The policy, as the browser keeps it. What it says of these is no complaint."""
    blocked = page.context.new_page()
    blocked.goto(address)
    blocked.wait_for_selector("#fn-question textarea")
    tries = {
        "inline": "document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))",
        "handler": "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = 1\">')",
        "eval": "setTimeout(() => { try { new Function('window.ran = 1')() } catch {} })",
        "frame": "document.body.insertAdjacentHTML('beforeend', '<iframe srcdoc=\"x\"></iframe>')",
    }
    for script in tries.values():
        blocked.evaluate(script)
    blocked.wait_for_timeout(200)
    assert blocked.evaluate("window.ran") is None
    assert blocked.evaluate("fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')") == "refused"


def test_what_a_visitor_writes_stays_text(page) -> None:
    page.on("dialog", lambda dialog: pytest.fail("a script ran"))
    ask(page, "<img src=x onerror=alert(1)> **bold** <script>alert(2)</script>")
    assert "<img src=x onerror=alert(1)> **bold**" in page.inner_text(".fn-asked")
    assert page.locator(".fn-asked img, .fn-asked strong").count() == 0


def test_nothing_is_wider_than_the_page(page) -> None:
    ask(page, QUESTION)
    page.click("a.fn-ref >> nth=0")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("[...document.querySelectorAll('.fn-reply')].every(r => r.scrollWidth <= r.clientWidth + 1)")


def test_a_question_that_cannot_be_read_is_not_lost(page) -> None:
    page.fill("#fn-question textarea", "   ")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=The message is empty")
    assert page.input_value("#fn-question textarea") == "   "
    long = "long " * MAX_MESSAGE
    page.fill("#fn-question textarea", long)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"text=the limit is {MAX_MESSAGE}")
    assert page.input_value("#fn-question textarea") == long
    ask(page, QUESTION)
    assert page.input_value("#fn-question textarea") == ""


def test_by_keyboard_alone(page) -> None:
    ask(page, QUESTION)
    page.locator("a.fn-ref").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("details.fn-note[open] mark", state="visible")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.keyboard.press("Enter")
    page.wait_for_selector("details.fn-note[open]", state="detached")
