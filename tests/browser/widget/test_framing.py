"""Who may frame what, and what the page around the panel can read of it: nothing."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import launched  # noqa: F401 - skips where there is no browser
from tests.web.server import serving

PATHS = [
    "/widget/panel",
    "/widget/demo",
    "/source/psilocybin-plasticity-article",
    "/",
    "/api/v1/config",
    "/openapi.json",
]
SECRET = "zanzibar"
SPYING = """
window.heard = [];
const hear = (...all) => {
  for (const each of all) try { heard.push(String(each?.data ?? each), JSON.stringify(each)); } catch {}
};
const around = (holder, name) => {
  const known = holder[name];
  holder[name] = function (...all) { hear(...all); const made = known.apply(this, all); hear(made); return made; };
};
around(window, 'fetch');
around(window, 'postMessage');
around(JSON, 'parse');
around(XMLHttpRequest.prototype, 'send');
around(Element.prototype, 'append');
around(Node.prototype, 'appendChild');
around(Element.prototype, 'setAttribute');
around(Element.prototype, 'replaceChildren');
around(Storage.prototype, 'setItem');
around(String.prototype, 'trim');
around(Document.prototype, 'createElement');
around(EventTarget.prototype, 'dispatchEvent');
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function () { return window.stolen = attach.call(this, {mode: 'open'}); };
for (const type of ['message', 'keydown', 'keyup', 'input', 'beforeinput', 'copy', 'selectionchange', 'storage'])
  addEventListener(type, (event) => hear(event, event.key, event.data, event.target?.value), true);
Object.defineProperty(Object.prototype, 'text', {configurable: true, set(value) { hear(value); }});
new BroadcastChannel('footnote').onmessage = hear;
new BroadcastChannel('footnote-chat').onmessage = hear;
"""
ATTEMPTS = {
    "its document": "frame.contentDocument.body.innerText",
    "its window's document": "there.document.body.innerText",
    "its address": "there.location.href + there.location.hash",
    "its selection": "there.getSelection().toString()",
    "its storage": "JSON.stringify(there.sessionStorage) + JSON.stringify(there.localStorage)",
    "its scripts": "there.eval('document.body.innerText')",
    "its history": "JSON.stringify(there.history.state) + there.history.length",
    "its name and frames": "there.name.length + there.frames[0].document.body.innerText",
    "its properties": "Reflect.ownKeys(there).map((key) => there[key]).join()",
    "frames by number": "frames[0].document.body.innerText + frames[0].location",
    "frames by name": "window['footnote-chat'].document.body.innerText",
    "the page's own storage": "JSON.stringify({...sessionStorage}) + JSON.stringify({...localStorage})",
    "what was loaded": "JSON.stringify(performance.getEntries())",
    "the text of the page": "document.documentElement.innerText + frame.outerHTML + stolen.innerHTML",
    "what has the focus": "document.activeElement.outerHTML + stolen.activeElement.outerHTML + getSelection()",
    "what is under the pointer": "stolen.elementFromPoint(1100, 500).textContent",
    "its modules": "import(there.location + '/../main.js')",
    "its page, fetched": "fetch('{bot}/widget/panel').then((page) => page.text())",
    "a clone": "(document.body.append(frame.cloneNode(true)), document.body.lastChild.contentDocument.body.innerText)",
    "what its scripts passed on": "heard.join()",
}


@pytest.fixture(scope="module")
def framing(browser, served, bot, settings):
    """Whether a page of an origin may frame a path of a server with its chat page, as the browser decides."""
    site, _ = served
    context = browser.new_context()
    page = context.new_page()
    with serving(bot, settings.model_copy(update={"allowed_origins": site.url, "database_url": "sqlite://"})) as whole:

        def shown(path: str, origin: str) -> bool:
            framed = f'<iframe src="{whole.url}{path}"></iframe>'
            page.goto(site.page("/framing", framed, head="").replace(site.url, origin))
            return page.frames[1].url == whole.url + path

        yield shown
    context.close()


@pytest.mark.parametrize("path", PATHS)
def test_allowed_sites_may_frame_the_panel_and_nothing_else(framing, site, path: str) -> None:
    assert framing(path, site.url) == (path == "/widget/panel")


@pytest.mark.parametrize("path", PATHS)
def test_other_sites_may_frame_nothing(framing, site, path: str) -> None:
    assert not framing(path, site.stranger)


def test_a_site_between_does_not_make_an_allowed_one_of_a_stranger(visit, site) -> None:
    """Every frame around the panel must be of an allowed site."""
    inner = site.page("/inner")
    seen = visit(site.page("/", f'<iframe src="{inner}"></iframe>', "").replace(site.url, site.stranger))
    between = seen.page.frame_locator("iframe")
    between.locator("footnote-chat button.launch").click()
    expect(between.locator("footnote-chat").get_by_role("link")).to_be_visible()


@pytest.fixture(scope="module")
def spied(browser, served):
    """A page whose scripts listen wherever they can, after a visitor has written and read."""
    from tests.browser.widget.conftest import Visit

    site, spoiled = served
    spoiled.chat = None
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    seen = Visit(context.new_page())
    seen.page.goto(site.page("/spying", head=f"<script>{SPYING}</script>{site.tag()}"))
    seen.open()
    seen.ask()
    seen.panel.locator("button.reference").first.click()
    seen.panel.locator("#question").press_sequentially(SECRET)
    seen.panel.locator("#question").press("Enter")
    seen.panel.locator("article.reply").nth(1).wait_for()
    yield seen
    context.close()


@pytest.mark.parametrize("what", ATTEMPTS)
def test_the_page_around_the_panel_reads_nothing_of_it(spied, site, what: str) -> None:
    script = ATTEMPTS[what].replace("{bot}", site.bot_url)
    found = spied.page.evaluate(
        f"""async () => {{
          const frame = stolen.querySelector('iframe');
          const there = frame.contentWindow;
          try {{ return String(await ({script})); }} catch (error) {{ return String(error); }}
        }}"""
    )
    answer = spied.panel.locator("article.reply .text").first.inner_text()
    assert SECRET in spied.panel.locator("article.asked").nth(1).inner_text()
    for private in (SECRET, answer[:40], "Your question"):
        assert private not in found


def test_the_page_cannot_learn_the_conversations_name(spied) -> None:
    with spied.page.expect_response(re.compile("/api/v1/chat$")) as answered:
        spied.ask("And depression?")
    known = answered.value.request.post_data_json["conversation_id"]
    assert len(known) >= 20
    assert known not in spied.page.evaluate("heard.join() + JSON.stringify({...sessionStorage}) + document.cookie")


@pytest.mark.parametrize("whose", ["url", "stranger"])
def test_a_window_opened_by_another_page_is_out_of_its_reach(visit, site, whose: str) -> None:
    seen = visit(site.page("/").replace(site.url, getattr(site, whose)))
    with seen.page.context.expect_page() as opened:
        seen.page.evaluate("(address) => void (window.other = open(address))", site.bot_url + "/widget/panel")
    opened.value.locator(".greeting").wait_for()
    assert seen.page.evaluate("other.closed")
    assert opened.value.evaluate("opener === null")
