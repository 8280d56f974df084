"""The one tag, on all sorts of pages: where it stands, what its attributes do, what is kept from page to page."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import launched  # noqa: F401 - skips where there is no browser

VIEWPORT = '<meta name="viewport" content="width=device-width">'
INJECTED = (
    "<script>document.head.append(Object.assign(document.createElement('script'), {src: '%s/widget.js'}))</script>"
)
LATE = """<script>var late = document.createElement('body');
document.body?.remove();
setTimeout(() => document.documentElement.append(late), 100)</script>"""
NEW_BODY = "document.body.replaceWith(Object.assign(document.createElement('body'), {innerHTML: '<p>New.</p>'}))"
NEW_PAGE = "document.documentElement.innerHTML = '<head></head><body><p>New.</p></body>'"
NEW_PLACE = "document.querySelector('#app').innerHTML = '<p>New.</p><div id=chat></div>'"
BLOCKED = """for (const name of ['sessionStorage', 'localStorage'])
  Object.defineProperty(window, name, {get() { throw new DOMException('blocked', 'SecurityError') }})"""


def background(locator) -> str:
    return locator.evaluate("(element) => getComputedStyle(element).backgroundColor")


def color_of(locator) -> list[int]:
    """As it is painted: red, green, blue."""
    return locator.evaluate(
        """(element) => {
          const pen = new OffscreenCanvas(1, 1).getContext('2d');
          pen.fillStyle = getComputedStyle(element).color;
          pen.fillRect(0, 0, 1, 1);
          return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
        }"""
    )


def test_the_tag_gives_a_button_and_the_button_an_answer(visit) -> None:
    seen = visit()
    assert not any("/widget/panel" in url for url in seen.requested)
    seen.open()
    seen.ask()
    assert seen.panel.locator("button.reference").count() >= 1
    assert seen.complaints == []


def test_what_else_stands_on_the_tag_is_no_word_to_the_panel(visit, site) -> None:
    """Consent managers put a `data-type` there."""
    seen = visit(site.page("/", head=site.tag(type="application/javascript", footnote="2", source="no", focus="")))
    seen.open()
    seen.ask()
    assert seen.complaints == []


@pytest.mark.parametrize("place", ["async", "defer", "plain", "end", "injected", "twice", "late"])
def test_the_tag_works_wherever_it_stands(visit, site, place: str) -> None:
    tag = site.tag()
    plain = tag.replace(" async", "")
    head, body = {
        "async": (tag, ""),
        "defer": (tag.replace("async", "defer"), ""),
        "plain": (plain, ""),
        "end": ("", plain),
        "injected": (INJECTED % site.bot_url, ""),
        "twice": (tag + plain, tag + plain),
        "late": (LATE + plain, LATE),
    }[place]
    seen = visit(site.page("/", f"<p>A page.</p>{body}", head))
    seen.open()
    expect(seen.page.locator("footnote-chat")).to_have_count(1)
    expect(seen.launch).to_have_count(1)
    assert seen.complaints == []


@pytest.mark.parametrize("swap", [NEW_BODY, "document.body.innerHTML = '<p>New.</p>'", NEW_PAGE])
def test_the_widget_outlives_its_pages_body(visit, swap: str) -> None:
    seen = visit()
    seen.open()
    seen.page.evaluate(swap)
    expect(seen.page.get_by_text("New.")).to_be_visible()
    expect(seen.launch).to_be_visible()
    if seen.launch.get_attribute("aria-expanded") == "false":
        seen.open()
    seen.ask()
    expect(seen.page.locator("footnote-chat")).to_have_count(1)


def test_a_new_body_leaves_the_conversation_on_the_screen(visit) -> None:
    seen = visit()
    seen.open()
    seen.ask()
    seen.page.evaluate(NEW_BODY)
    expect(seen.panel.locator("article.reply")).to_be_visible()


def test_the_widget_comes_back_to_its_place_and_waits_for_it(visit, site) -> None:
    seen = visit(site.page("/", "<div id=app></div>", site.tag(target="#chat")))
    expect(seen.page.locator("footnote-chat")).to_have_count(0)
    for _ in range(2):
        seen.page.evaluate(NEW_PLACE)
        expect(seen.panel.locator(".greeting")).to_be_visible()
        expect(seen.page.locator("#chat > footnote-chat")).to_have_count(1)
    expect(seen.launch).to_be_hidden()
    expect(seen.panel.locator("#close")).to_be_hidden()
    seen.ask()


@pytest.mark.parametrize("target", [None, "#chat"])
def test_a_widget_removed_by_hand_stays_away(visit, site, target: str | None) -> None:
    tag = site.tag() if target is None else site.tag(target=target)
    seen = visit(site.page("/", "<div id=chat></div>", tag))
    seen.page.locator("footnote-chat").wait_for(state="attached")
    seen.page.evaluate("document.querySelector('footnote-chat').remove()")
    seen.page.evaluate("document.body.append('More.'), document.documentElement.append(document.createElement('i'))")
    seen.page.wait_for_timeout(100)
    expect(seen.page.locator("footnote-chat")).to_have_count(0)


def test_nothing_is_added_to_the_page_but_one_element_beside_the_body(visit, site) -> None:
    bare = visit(site.page("/bare", head=""))
    names = "Object.getOwnPropertyNames(window).sort()"
    whole = "[document.head.outerHTML, document.body.outerHTML, frames.length]"
    known = bare.page.evaluate(names)
    seen = visit(site.page("/"))
    before = seen.page.evaluate(whole)
    seen.open()
    seen.ask()
    assert seen.page.evaluate(names) == known
    assert seen.page.evaluate(whole) == before
    children = seen.page.evaluate("[...document.documentElement.children].map((each) => each.localName)")
    assert children == ["head", "body", "footnote-chat"]


def test_title_greeting_and_side_are_the_owners(visit, site) -> None:
    seen = visit(site.page("/", head=site.tag(title="Ask <b>Ana</b>", greeting="Hi <i>there</i>.", position="left")))
    seen.open()
    expect(seen.launch).to_have_accessible_name("Ask <b>Ana</b>")
    expect(seen.page.locator("footnote-chat iframe")).to_have_attribute("title", "Ask <b>Ana</b>")
    expect(seen.panel.locator("h1")).to_have_text("Ask <b>Ana</b>")
    expect(seen.panel.locator(".greeting")).to_have_text("Hi <i>there</i>.")
    assert seen.launch.bounding_box()["x"] == 20
    assert seen.page.locator("footnote-chat iframe").bounding_box()["x"] < 30


@pytest.mark.parametrize(
    ("color", "painted", "ink"),
    [
        ("#5b2a86", "rgb(91, 42, 134)", 255),
        ("#fe8", "rgb(255, 238, 136)", 0),
        ("red;}*{display:none", "rgb(15, 94, 89)", 255),
        ("#12345", "rgb(15, 94, 89)", 255),
    ],
)
def test_a_color_is_taken_or_refused_and_its_ink_can_be_read(visit, site, color: str, painted: str, ink: int) -> None:
    seen = visit(site.page("/", head=site.tag(color=color)))
    seen.open()
    for element in (seen.launch, seen.panel.locator("header")):
        assert background(element) == painted
        assert color_of(element) == [ink] * 3


@pytest.mark.parametrize(
    ("theme", "scheme", "dark"),
    [("dark", "light", True), ("light", "dark", False), ("auto", "dark", True), ("auto", "light", False)],
)
def test_the_theme_is_the_owners_or_else_the_visitors(visit, site, theme: str, scheme: str, dark: bool) -> None:
    seen = visit(site.page("/", head=site.tag(theme=theme)), scheme=scheme)
    seen.open()
    body = seen.panel.locator("body")
    light, night = "rgb(255, 255, 255)", "rgb(21, 25, 31)"
    expect(body).to_have_css("background-color", night if dark else light)
    seen.page.emulate_media(color_scheme="light" if scheme == "dark" else "dark")
    expect(body).to_have_css("background-color", night if dark != (theme == "auto") else light)


@pytest.mark.parametrize(
    ("lang", "button", "question", "direction"),
    [
        ("de-AT", "Diese Seiten fragen", "Ihre Frage", "ltr"),
        ("ar", "اسأل هذه الصفحات", "سؤالك", "rtl"),
        ("xx", "Ask these pages", "Your question", "ltr"),
    ],
)
def test_the_language_is_the_owners(visit, site, lang: str, button: str, question: str, direction: str) -> None:
    seen = visit(site.page("/", head=site.tag(lang=lang)))
    seen.open()
    expect(seen.launch).to_have_accessible_name(button)
    expect(seen.panel.locator("#question")).to_have_accessible_name(question)
    expect(seen.panel.locator("html")).to_have_attribute("dir", direction)


def test_an_opened_widget_takes_no_focus_from_the_page(visit, site) -> None:
    seen = visit(site.page("/", "<input autofocus>", site.tag(open="")))
    expect(seen.panel.locator(".greeting")).to_be_visible()
    expect(seen.page.locator("input")).to_be_focused()


@pytest.mark.parametrize("intent", ["hover", "focus", "click"])
def test_the_panel_is_fetched_on_intent(visit, intent: str) -> None:
    seen = visit()
    seen.launch.wait_for()
    assert [url for url in seen.requested if "/widget/" in url] == []
    with seen.page.expect_request(re.compile("/widget/panel$")):
        getattr(seen.launch, intent)()


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_a_conversation_goes_on_after_a_reload_and_on_the_next_page(visit, site, device: str) -> None:
    """The bot is at an address of the same site: Debian's Chromium gives frames of other sites no storage at all."""
    head = VIEWPORT + site.tag().replace("127.0.0.1", "localhost")
    seen = visit(site.page("/", head=head), device=device)
    seen.open()
    seen.ask()
    said = seen.panel.locator("article.reply .text").inner_text()
    for address in (site.url + "/", site.page("/next", head=head)):
        seen.page.goto(address)
        if device == "phone":
            expect(seen.launch).to_have_attribute("aria-expanded", "false")
            seen.open()
        expect(seen.panel.locator("article.reply .text")).to_have_text(said)
    seen.panel.locator("#close").click()
    expect(seen.launch).to_have_attribute("aria-expanded", "false")
    seen.page.reload()
    expect(seen.launch).to_have_attribute("aria-expanded", "false")


def test_blocked_storage_breaks_nothing(visit, site) -> None:
    seen = visit("about:blank")
    seen.page.add_init_script(BLOCKED)
    seen.page.goto(site.page("/"))
    seen.open()
    seen.ask()
    seen.ask("And what does it do?")
    seen.page.goto(site.page("/next"))
    expect(seen.launch).to_have_attribute("aria-expanded", "false")
    seen.open()
    expect(seen.panel.locator(".greeting")).to_be_visible()
    assert seen.complaints == []
