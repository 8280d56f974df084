"""Whether everything has its place, in every state and on every screen: nothing clipped, covered or beyond the edge."""

import pytest

from tests.browser.chromium import launched  # noqa: F401 - skips where there is no browser
from tests.browser.widget.looks import HEAD, answers, mishaps
from tests.browser.widget.site import streaming, told

SCREENS = {
    "desktop": (1280, 800),
    "tablet": (768, 1024),
    "phone": (390, 844),
    "small phone": (320, 568),
    "phone on its side": (844, 390),
}
ZOOMS = {
    "desktop at 200 %": {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2},
    "desktop at 400 %": {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4},
}
TEXTS = {
    "twice as large": "document.documentElement.style.fontSize = '200%'",
    "spaced as in WCAG 1.4.12": """(() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
            word-spacing: .16em !important } p { margin-bottom: 2em !important }`);
        document.adoptedStyleSheets = [sheet];
    })()""",
}
LONG = "Donaudampfschifffahrtsgesellschaft" * 8
ADDRESS = "https://site.example/" + "path/" * 40
RIGHT_TO_LEFT = "في الدماغ شبكة تعمل حين لا نفعل شيئًا. "

IN_PANEL = """() => {
  const wrong = [];
  const find = (selector) => document.querySelector(selector);
  const box = (selector) => find(selector).getBoundingClientRect();
  const name = (e) => [e.tagName, e.id, e.className, e.textContent.slice(0, 30)].join(" ").trim();
  for (const e of document.querySelectorAll("html, body, body *")) {
    if (!e.checkVisibility() || e.closest(".unseen, svg") || e.matches("br")) continue;
    const { left, right } = e.getBoundingClientRect();
    if (left < -0.5 || right > innerWidth + 0.5) wrong.push(`beyond the edge: ${name(e)}`);
    if (e.clientWidth && e.scrollWidth > e.clientWidth) wrong.push(`wider than its place: ${name(e)}`);
    if (e.clientHeight && e.scrollHeight > e.clientHeight + 1 && !e.matches("main, footer, textarea, #log"))
      wrong.push(`clipped: ${name(e)}`);
  }
  const rows = ["header", "main", "#status", "#ask", "footer"].filter((row) => find(row).checkVisibility());
  rows.slice(1).forEach((row, i) => {
    if (box(row).top < box(rows[i]).bottom - 0.5) wrong.push(`${row} overlaps ${rows[i]}`);
  });
  for (const selector of ["header", "#close", "#question", "#send", "#stop", "footer"]) {
    const { top, bottom } = box(selector);
    const isSeen = top >= 0 && bottom <= innerHeight + 0.5;
    if (find(selector).checkVisibility() && !isSeen) wrong.push(`not all seen: ${selector}`);
  }
  if (find("#draft").checkVisibility() && box("#draft").top >= box("main").bottom) wrong.push("what grows is not seen");
  const isFirst = box("#close").left < box("#title").left;
  if (isFirst !== (document.dir === "rtl")) wrong.push("the close button is on the wrong side");
  return { wrong, main: find("main").clientHeight };
}"""

ON_PAGE = """(host) => {
  const wrong = [];
  const [launch, panel] = [".launch", ".panel"].map((each) => host.shadowRoot.querySelector(each));
  const a = launch.getBoundingClientRect();
  const b = panel.getBoundingClientRect();
  const isOpen = panel.checkVisibility();
  for (const { left, top, right, bottom } of isOpen ? [a, b] : [a])
    if (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight) wrong.push("beyond the window");
  const top = host.shadowRoot.elementFromPoint(a.left + a.width / 2, a.top + a.height / 2);
  const overlaps = a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const isPhone = innerWidth < 640 || innerHeight < 480;
  const isWhole = top !== launch && b.width === innerWidth && b.height === innerHeight;
  if (isOpen && isPhone && !isWhole) wrong.push("not all of the screen");
  if (isOpen && !isPhone && overlaps) wrong.push("the button and the panel overlap");
  if (!isOpen && top !== launch) wrong.push("the button is covered");
  if (document.documentElement.scrollWidth > innerWidth) wrong.push("the page scrolls sideways");
  return wrong;
}"""


def wrongs(seen, state: str, main: int = 120) -> list[str]:
    """main: how many pixels the messages have at least."""
    found = seen.frame.evaluate(IN_PANEL)
    wrong = [*seen.page.locator("footnote-chat").evaluate(ON_PAGE), *found["wrong"]]
    if found["main"] < main:
        wrong.append(f"{found['main']} px for messages")
    return [f"{state}: {each}" for each in wrong]


def long_reply(reply: dict) -> list:
    """Five sentences with five notes, of words without an end, in both directions."""
    texts = [LONG, ADDRESS, RIGHT_TO_LEFT * 5, "A short one.", "word " * 100]
    citation = reply["citations"][0]
    cited = [
        {**citation, "n": n, "section": text, "quote": text, "context": f"{text} {LONG}", "document_title": text}
        for n, text in enumerate(texts, 1)
    ]
    sentences = [{"text": text, "citations": [1, 2, 3, 4, 5][:n], "support": 1.0} for n, text in enumerate(texts, 1)]
    more = {"understood": LONG, "suggestions": texts[:3], "notices": [{"id": "x", "text": ADDRESS}]}
    return told(reply, sentences=sentences, citations=cited, **more)


def opened(visit, site, head: str, body: str = "<main><h1>A page</h1></main>", **more):
    seen = visit(site.page("/", body, HEAD + head), **more)
    seen.open()
    return seen


def on(screen: tuple[int, int]) -> dict:
    """Options of a browser's context."""
    width, height = screen
    is_phone = min(screen) < 640
    return {"viewport": {"width": width, "height": height}, "is_mobile": is_phone, "has_touch": is_phone}


@pytest.mark.parametrize(
    ("screen", "lang"),
    [*((screen, "en") for screen in SCREENS.values()), (SCREENS["desktop"], "ar"), (SCREENS["small phone"], "ar")],
    ids=[*SCREENS, "desktop in Arabic", "small phone in Arabic"],
)
def test_everything_has_its_place(visit, site, server, reply, article, screen, lang) -> None:
    main = 120 if screen[1] > 400 else 80
    head = site.tag(lang=lang, source_selector="article")
    seen = opened(visit, site, head, article, **on(screen))
    found = []
    for state in answers(seen):
        found += wrongs(seen, state, main)
    here = seen.panel.locator(".here:visible")
    here.first.click()
    found += [f"marked: {each}" for each in seen.page.locator("footnote-chat").evaluate(ON_PAGE)]
    assert seen.page.evaluate("CSS.highlights.size") == 1
    if screen[0] < 900:
        seen.launch.click()
    for state in mishaps(seen, server, reply):
        found += wrongs(seen, state, main)
    assert found == []


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("screen", [SCREENS["desktop"], SCREENS["small phone"]], ids=["desktop", "small phone"])
def test_what_is_long_does_not_break_it(visit, site, server, reply, screen, lang) -> None:
    seen = opened(visit, site, site.tag(lang=lang, title="Long title " * 9, greeting=LONG), **on(screen))
    found = wrongs(seen, "greeting", 80)
    seen.panel.locator("#question").fill("x" * 2000)
    found += wrongs(seen, "typed", 80)
    server.chat = streaming(*long_reply(reply))
    seen.ask((ADDRESS + LONG)[:2000])
    for summary in seen.panel.locator("summary").all():
        summary.click()
    found += wrongs(seen, "answered", 80)
    assert found == []


@pytest.mark.parametrize("zoom", ZOOMS.values(), ids=ZOOMS)
def test_a_page_that_is_zoomed_loses_nothing(visit, site, server, reply, zoom) -> None:
    seen = opened(visit, site, site.tag(), **zoom)
    found = []
    for states in (answers(seen), mishaps(seen, server, reply)):
        for state in states:
            found += wrongs(seen, state, 80)
    assert found == []


@pytest.mark.parametrize("script", TEXTS.values(), ids=TEXTS)
def test_text_that_is_changed_loses_nothing(visit, site, server, reply, script) -> None:
    seen = opened(visit, site, site.tag(), **on(SCREENS["phone"]))
    seen.frame.evaluate(script)
    found = []
    for states in (answers(seen), mishaps(seen, server, reply)):
        for state in states:
            found += wrongs(seen, state, 80)
    assert found == []


@pytest.mark.parametrize("height", ["", "height: 700px"])
def test_in_a_place_on_the_page_it_fills_that(visit, site, height) -> None:
    seen = visit(site.page("/", f'<main id="place" style="width: 500px; {height}"></main>', site.tag(target="#place")))
    seen.panel.locator("#suggestions button").first.wait_for()
    frame = seen.page.locator("footnote-chat iframe").bounding_box()
    assert frame["width"] > 490
    assert frame["height"] > (690 if height else 470)
