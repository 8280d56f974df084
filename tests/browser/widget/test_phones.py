"""Small screens with a keyboard that comes and goes, and keyboards that are all one has."""

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import launched  # noqa: F401 - skips where there is no browser
from tests.browser.widget.looks import TEN
from tests.browser.widget.site import streaming, told

VIEWPORT = '<meta name="viewport" content="width=device-width, initial-scale=1">'
FAKE = """if (window === top)
  Object.defineProperty(window, 'visualViewport', {
    value: Object.assign(new EventTarget(), {height: 844, offsetTop: 0, scale: 1}),
  })"""
KEYBOARD = """([height, offsetTop]) => {
  Object.assign(visualViewport, {height, offsetTop});
  visualViewport.dispatchEvent(new Event('resize'));
}"""
FOCUSED = """(() => {
  const focused = document.activeElement;
  return (focused.shadowRoot?.activeElement ?? focused).localName;
})()"""


@pytest.fixture
def phone(visit, site):
    """Its visual viewport is one that a test can change."""
    seen = visit("about:blank", device="phone")
    seen.page.add_init_script(FAKE)
    seen.page.goto(site.page("/", "<p>A page.</p>" * 99, VIEWPORT + site.tag()))
    return seen


def frame_box(seen) -> tuple[float, ...]:
    box = seen.page.locator("footnote-chat iframe").bounding_box()
    return tuple(round(box[side]) for side in ("x", "y", "width", "height"))


@pytest.mark.parametrize(
    ("width", "height", "full"),
    [
        (320, 700, True),
        (639, 700, True),
        (640, 700, False),
        (1280, 700, False),
        (844, 340, True),
        (1280, 479, True),
        (1280, 480, False),
    ],
)
def test_the_panel_fills_a_screen_of_little_width_or_height(visit, site, width: int, height: int, full: bool) -> None:
    seen = visit(site.page("/", head=VIEWPORT + site.tag()), viewport={"width": width, "height": height})
    seen.open()
    x, y, across, down = frame_box(seen)
    assert ((x, y, across, down) == (0, 0, width, height)) == full
    assert x >= 0
    assert y >= 0
    assert x + across <= width
    assert y + down <= height


def test_a_window_that_grows_or_shrinks_takes_the_panel_along(visit, site) -> None:
    seen = visit(site.page("/", head=VIEWPORT + site.tag()))
    seen.open()
    for width, across in ((600, 600), (1000, 418), (500, 500)):
        seen.page.set_viewport_size({"width": width, "height": 700})
        expect(seen.page.locator("footnote-chat iframe")).to_have_css("width", f"{across}px")
    assert frame_box(seen) == (0, 0, 500, 700)


@pytest.mark.parametrize("offset", [0, 180])
def test_the_keyboard_never_covers_the_question(phone, offset: int) -> None:
    phone.open()
    question = phone.panel.locator("#question")
    assert frame_box(phone) == (0, 0, 390, 844)
    before = question.bounding_box()
    phone.page.evaluate(KEYBOARD, [400, offset])
    expect(phone.page.locator("footnote-chat iframe")).to_have_css("height", "400px")
    assert frame_box(phone) == (0, offset, 390, 400)
    phone.frame.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    box = question.bounding_box()
    assert offset <= box["y"]
    assert box["y"] + box["height"] <= offset + 400
    phone.page.evaluate(KEYBOARD, [844, 0])
    expect(phone.page.locator("footnote-chat iframe")).to_have_css("height", "844px")
    phone.frame.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert question.bounding_box() == before


def test_an_answer_is_brought_into_view_though_the_keyboard_leaves_meanwhile(phone, server, reply) -> None:
    phone.open()
    phone.ask()
    phone.page.evaluate(KEYBOARD, [400, 0])
    server.chat = streaming(*told(reply, sentences=TEN * 3), pause=0.05)
    phone.send()
    phone.page.evaluate(KEYBOARD, [844, 0])
    expect(phone.panel.locator("article.reply")).to_have_count(2)
    asked = phone.panel.locator("article.asked").last
    expect(asked).to_be_in_viewport(ratio=1)
    assert asked.evaluate("(question) => question.getBoundingClientRect().top") < 99


def test_a_touch_calls_up_no_keyboard_and_typing_zooms_nothing(phone) -> None:
    phone.launch.tap()
    phone.panel.locator(".greeting").wait_for()
    expect(phone.panel.locator("h1")).to_be_focused()
    size = phone.panel.locator("#question").evaluate("(box) => parseFloat(getComputedStyle(box).fontSize)")
    assert size >= 16
    phone.ask()
    expect(phone.panel.locator("#question")).not_to_be_focused()


def test_a_phone_closes_the_panel_with_its_button(phone) -> None:
    phone.open()
    phone.panel.locator("#close").tap()
    expect(phone.page.locator("footnote-chat iframe")).to_be_hidden()
    expect(phone.launch).to_be_visible()


def test_the_question_has_the_focus_and_escape_gives_it_back(visit) -> None:
    seen = visit()
    for _ in range(2):
        seen.launch.press("Enter")
        expect(seen.panel.locator("#question")).to_be_focused()
        expect(seen.launch).to_have_attribute("aria-expanded", "true")
        seen.page.keyboard.press("Escape")
        expect(seen.page.locator("footnote-chat iframe")).to_be_hidden()
        expect(seen.launch).to_be_focused()
        expect(seen.launch).to_have_attribute("aria-expanded", "false")


def test_a_closed_panel_cannot_be_reached_with_the_keyboard(visit, site) -> None:
    seen = visit(site.page("/", "<a href=#>One</a>"))
    seen.open()
    seen.panel.locator("#close").click()
    expect(seen.launch).to_be_focused()
    seen.page.evaluate("document.querySelector('a').focus()")
    reached = []
    for _ in range(6):
        seen.page.keyboard.press("Tab")
        reached.append(seen.page.evaluate(FOCUSED))
    assert "button" in reached
    assert set(reached) <= {"button", "a", "body"}


@pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
def test_a_panel_that_covers_the_page_closes_when_the_focus_leaves_it(visit, site, key: str) -> None:
    """What stands behind it could not be seen, and keeps the focus."""
    seen = visit(site.page("/", "<a href=#>One</a>", VIEWPORT + site.near), device="phone")
    seen.open()
    seen.panel.locator("#question").focus()
    for _ in range(30):
        if seen.page.locator("footnote-chat iframe").is_visible():
            seen.page.keyboard.press(key)
            assert seen.page.evaluate(FOCUSED) != "button"
    expect(seen.page.locator("footnote-chat iframe")).to_be_hidden()
    assert seen.page.evaluate(FOCUSED) == "a"


def test_an_open_panel_is_no_trap(visit, site) -> None:
    """It stands in the order of the page: one gets in behind the button, and out backwards."""
    seen = visit(site.page("/", "<a href=#>One</a>"))
    seen.open()
    expect(seen.panel.locator("#question")).to_be_focused()
    for _ in range(30):
        seen.page.keyboard.press("Shift+Tab")
        if seen.page.evaluate(FOCUSED) == "a":
            break
    assert seen.page.evaluate(FOCUSED) == "a"
