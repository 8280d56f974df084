"""Small screens with a keyboard that comes and goes, and keyboards that are all one has."""

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import launched  # noqa: F401 - skips where there is no browser

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


@pytest.mark.parametrize(("width", "full"), [(320, True), (639, True), (640, False), (1280, False)])
def test_the_panel_fills_the_screen_under_640_pixels(visit, site, width: int, full: bool) -> None:
    seen = visit(site.page("/", head=VIEWPORT + site.tag()), viewport={"width": width, "height": 700})
    seen.open()
    x, y, across, down = frame_box(seen)
    assert ((x, y, across, down) == (0, 0, width, 700)) == full
    assert x >= 0
    assert y >= 0
    assert x + across <= width
    assert y + down <= 700


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
