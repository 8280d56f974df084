"""Messages that are not what they seem: neither the loader nor the panel takes a word from anybody else."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import launched  # noqa: F401 - skips where there is no browser

HUGE = "x" * 1_000_000
TO_LOADER = {
    "close": {"footnote": 1, "type": "close"},
    "mark": {"footnote": 1, "type": "mark", "quote": "A page.", "context": "A page.", "go": True},
    "ready": {"footnote": 1, "type": "ready"},
}
"""What the loader does for the panel, and for nobody else."""

BAD_TO_LOADER = [
    {"type": "close"},
    {"footnote": 2, "type": "close"},
    {"footnote": "1", "type": "close"},
    {"footnote": True, "type": "close"},
    {"footnote": [1], "type": "close"},
    {"footnote": 1, "type": ["close"]},
    {"footnote": 1, "type": "Close"},
    {"footnote": 1, "type": HUGE},
    {"footnote": 1, "type": "constructor"},
    {"footnote": 1, "type": "mark"},
    {"footnote": 1, "type": "mark", "quote": ["A page."], "context": "A page."},
    {"footnote": 1, "type": "mark", "quote": "A page.", "context": {"toString": "A page."}},
    {"footnote": 1, "type": "mark", "quote": "A page.", "context": None},
    {"footnote": 1, "type": "mark", "quote": "", "context": ""},
    {"footnote": 1, "type": "mark", "quote": "…!", "context": "A page."},
    {"footnote": 1, "type": "mark", "quote": HUGE, "context": HUGE},
    {"footnote": 1, "type": "mark", "quote": "A (?:big )?page", "context": "A page."},
    [1, "close"],
    [{"footnote": 1, "type": "close"}],
    {"0": {"footnote": 1, "type": "close"}},
    None,
    1,
    "close",
    '{"footnote": 1, "type": "close"}',
]
"""Wrong even from the panel."""

HELLO = {"footnote": 1, "type": "hello", "title": "Forged", "greeting": "Forged", "lang": "de", "theme": "dark"}
BAD_TO_PANEL = [
    HELLO,
    {**HELLO, "footnote": 2},
    {**HELLO, "footnote": "1"},
    {**HELLO, "type": "ready"},
    {**HELLO, "type": "toString"},
    {**HELLO, "title": HUGE},
    {**HELLO, "title": {"html": "<b>Forged</b>"}},
    {**HELLO, "lang": ["de"]},
    {"footnote": 1, "type": "close"},
    {"footnote": 1, "type": "unmark"},
    {"footnote": 1, "type": "mark", "quote": "A page.", "context": "A page."},
    {"footnote": 1, "type": "marked", "found": "yes"},
    {"footnote": 1, "type": "marked", "found": {"0": True}},
    {"footnote": 1, "type": "theme", "dark": "yes"},
    {"footnote": 1, "type": "theme", "dark": 1, "theme": "dark"},
    {"footnote": 1, "type": ["hello"], "title": "Forged"},
    [1, "hello"],
    None,
    7,
    "hello",
    HUGE,
]
"""Wrong even from the page, once it has said hello."""

POLLUTING = [
    '{"__proto__": {"footnote": 1, "type": "close"}}',
    '{"footnote": 1, "__proto__": {"type": "close"}}',
    '{"constructor": {"prototype": {"footnote": 1, "type": "close"}}}',
    '{"__proto__": {"footnote": 1, "type": "hello", "title": "Forged"}}',
    '{"footnote": 1, "type": "hello", "__proto__": {"title": "Forged"}}',
]
FRAME = "document.querySelector('footnote-chat').shadowRoot.querySelector('iframe').contentWindow"
SAME_ORIGIN_FRAME = "<iframe name=inner srcdoc='<p>Inner.</p>'></iframe>"
SEND = "([message, raw]) => {to}.postMessage(raw ? JSON.parse(raw) : message, '*')"


@pytest.fixture(scope="module")
def sent(browser, served):
    """A page with the widget and other frames on it; sends messages and says whether all is as before."""
    from tests.browser.widget.conftest import Visit

    site, spoiled = served
    spoiled.chat = None
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    site.page("/other", "<p>Other.</p>", "")
    frames = f'{SAME_ORIGIN_FRAME}<iframe name=foreign src="{site.stranger}/other"></iframe>'
    frames += f'<iframe name=twin src="{site.bot_url}/widget/panel?twin"></iframe>'
    head = site.tag(source_selector="#article", title="Mine", greeting="Mine too.")
    seen = Visit(context.new_page())
    seen.page.goto(site.page("/forged", f"<p id=article>A page.</p>{frames}", head))
    seen.open()
    seen.ask()
    seen.panel.locator("button.reference").first.click()
    yield seen
    context.close()


def frame_of(seen, name: str):
    """One of the page's frames, the panel, or the page itself."""
    if name == "panel":
        return next(frame for frame in seen.page.frames if frame.url.endswith("/widget/panel"))
    return seen.page.main_frame if name == "page" else seen.page.frame(name)


def send(seen, name: str, target: str, *messages: object, raw: bool = False) -> None:
    """From a window; answers come before what is said next, as messages keep their order."""
    to = {"loader": "top", "panel": f"top.{FRAME}"}[target]
    for message in messages:
        frame_of(seen, name).evaluate(SEND.replace("{to}", to), [None, message] if raw else [message, None])
    for each in ("page", "panel"):
        frame_of(seen, each).evaluate("new Promise((done) => setTimeout(done, 50))")


def check(seen) -> None:
    """Open, nothing marked, the owner's title, the greeting or the conversation where it was, no error."""
    frame = frame_of(seen, "panel")
    state = frame.evaluate(
        """[document.querySelector('h1').textContent, document.documentElement.lang, document.title,
            document.documentElement.dataset.theme, document.querySelector('.greeting')?.textContent,
            document.querySelectorAll('article').length, document.querySelectorAll('.here:not([hidden])').length,
            {}.footnote, {}.title, {}.type]"""
    )
    assert state == ["Mine", "en", "Mine", "light", "Mine too.", 2, 0, None, None, None]
    expect(seen.launch).to_have_attribute("aria-expanded", "true")
    expect(seen.page.locator("footnote-chat iframe")).to_be_visible()
    assert seen.page.evaluate("[CSS.highlights.size, scrollY, {}.footnote, {}.type]") == [0, 0, None, None]
    assert seen.complaints == []


@pytest.mark.parametrize("who", ["page", "inner", "foreign", "twin"])
def test_the_loader_takes_orders_from_no_other_window(sent, who: str) -> None:
    send(sent, who, "loader", *TO_LOADER.values(), *[{**each, "source": "panel"} for each in TO_LOADER.values()])
    check(sent)


@pytest.mark.parametrize("bad", BAD_TO_LOADER, ids=lambda bad: json.dumps(bad)[:60])
def test_the_loader_takes_no_nonsense_from_the_panel(sent, bad: object) -> None:
    send(sent, "panel", "loader", bad)
    check(sent)


@pytest.mark.parametrize("who", ["page", "inner"])
@pytest.mark.parametrize("bad", BAD_TO_PANEL, ids=lambda bad: json.dumps(bad)[:60])
def test_the_panel_takes_no_nonsense_and_no_second_greeting(sent, bad: object, who: str) -> None:
    send(sent, who, "panel", bad)
    check(sent)


def test_the_panel_takes_orders_from_the_page_alone(sent) -> None:
    good = [{"footnote": 1, "type": "theme", "dark": True}, {"footnote": 1, "type": "marked", "found": True}]
    send(sent, "inner", "panel", *good, {"footnote": 1, "type": "open", "focus": True, "source": True})
    check(sent)


@pytest.mark.parametrize("raw", POLLUTING)
def test_prototypes_stay_clean(sent, raw: str) -> None:
    send(sent, "panel", "loader", raw, raw=True)
    send(sent, "page", "panel", raw, raw=True)
    check(sent)


def test_frames_of_other_origins_cannot_find_the_panel(sent) -> None:
    """It is in a shadow, so that it is not among the page's frames."""
    for name in ("foreign", "twin"):
        assert frame_of(sent, name).evaluate("[...Array(top.length).keys()].length") == 3
        with pytest.raises(Exception, match=r"SecurityError|cross-origin"):
            frame_of(sent, name).evaluate(f"top.{FRAME}")


def test_a_strangers_window_that_opened_the_page_has_no_effect(visit, site) -> None:
    seen = visit(site.page("/opener", head="").replace(site.url, site.stranger))
    address = site.page("/opened", "<p id=article>A page.</p>", site.tag(source_selector="#article", open=""))
    with seen.page.context.expect_page() as opened:
        seen.page.evaluate("(address) => void (window.other = open(address))", address)
    page = opened.value
    page.frame_locator("footnote-chat iframe").locator(".greeting").wait_for()
    for message in [*TO_LOADER.values(), HELLO, *BAD_TO_LOADER]:
        seen.page.evaluate("(message) => other.postMessage(message, '*')", message)
    page.wait_for_timeout(100)
    expect(page.frame_locator("footnote-chat iframe").locator("h1")).to_have_text("Ask these pages")
    expect(page.locator("footnote-chat button.launch")).to_have_attribute("aria-expanded", "true")
    assert page.evaluate("CSS.highlights.size") == 0


def test_a_first_greeting_is_heard_only_in_the_right_words(visit, site) -> None:
    """The panel framed by an allowed page of which the loader is not: wrong words first, then the right ones."""
    seen = visit(site.page("/", f'<iframe name=panel src="{site.bot_url}/widget/panel"></iframe>', ""))
    seen.page.evaluate("addEventListener('message', ({data}) => (window.heard ??= []).push(data.type))")
    wrong = [
        bad for bad in BAD_TO_PANEL if not (isinstance(bad, dict) and (bad["footnote"], bad["type"]) == (1, "hello"))
    ]
    for message in [*wrong, {"footnote": 1, "type": "open"}, {"footnote": 1, "type": "theme"}]:
        seen.page.evaluate("(message) => frames[0].postMessage(message, '*')", message)
    odd = {**HELLO, "title": ["<b>"], "greeting": 7, "lang": {"0": "de"}, "theme": ["dark"], "color": {}, "dark": "x"}
    seen.page.evaluate("(message) => frames[0].postMessage(message, '*')", odd)
    panel = seen.page.frame_locator("iframe")
    expect(panel.locator(".greeting")).to_contain_text("I am an automatic guide")
    expect(panel.locator("h1")).to_have_text("Ask these pages")
    expect(panel.locator("html")).to_have_attribute("data-theme", "light")
    assert seen.page.evaluate("heard") == ["ready"]
    assert seen.complaints == []
