"""How the widget looks to those who test it: what axe finds, what is measured, and a way through all its states."""

from collections.abc import Iterator
from importlib.resources import files

from tests.browser.widget.site import ASKED, refusing, streaming, told

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HEAD = '<meta name="viewport" content="width=device-width"><style>body { overflow-wrap: anywhere }</style>'
BODY = '<main><h1>A page</h1><p>Of <a href="#">someone</a>.</p><div id="place"></div></main>'
TEN = [{"text": f"This is sentence {n}.", "citations": [1], "support": 1.0} for n in range(1, 11)]

MEASURED = """(host, what) => {
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const seen = [...(host.shadowRoot ?? host).querySelectorAll("*")].filter((e) => e.checkVisibility());
  const pressed = seen.filter((e) => e.matches("button:enabled, a[href], summary, textarea, [tabindex='0']"));
  const name = (e) => [e.tagName, e.id, e.className, e.textContent.slice(0, 40)].join(" ");
  const rgba = (color) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const color = rgba(getComputedStyle(e).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255, 255];
  };
  // https://www.w3.org/TR/WCAG22/#dfn-relative-luminance and #dfn-contrast-ratio
  const linear = (c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const contrast = (a, b) => {
    const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (light + 0.05) / (dark + 0.05);
  };
  const speaks = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  const look = (e) => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(e);
    return { drawn: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2, color: rgba(outlineColor), boxShadow };
  };
  const focused = (e) => {
    e.blur();
    const before = look(e);
    e.focus();
    const after = look(e);
    const shadow = /^(.*?\\)) 0px 0px 0px \\dpx$/.exec(after.boxShadow)?.[1];
    return [name(e), before.drawn, after.drawn, contrast(after.color, shadow ? rgba(shadow) : ground(e.parentElement))];
  };
  return {
    contrasts: () => [
      ...seen.filter(speaks).map((e) => [name(e), contrast(rgba(getComputedStyle(e).color), ground(e)), 4.5]),
      ...seen.filter((e) => e.placeholder).map((e) =>
        [e.placeholder, contrast(rgba(getComputedStyle(e, "::placeholder").color), ground(e)), 4.5]),
      ...seen.filter((e) => e.matches("svg")).map((e) =>
        [name(e.parentElement), contrast(rgba(getComputedStyle(e).color), ground(e.parentElement)), 3]),
    ],
    focus: () => pressed.map(focused),
    targets: () => pressed.map((e) => [name(e), e.getBoundingClientRect().width, e.getBoundingClientRect().height]),
    borders: () => seen.filter((e) => e.matches("button, textarea"))
      .map((e) => [name(e), getComputedStyle(e).borderStyle, parseFloat(getComputedStyle(e).borderWidth)]),
    motion: () => seen.flatMap((e) => [null, "::before", "::after"].map((part) => getComputedStyle(e, part)))
      .flatMap((s) => [...s.transitionDuration.split(","), ...s.animationDuration.split(","), s.scrollBehavior]),
  }[what]();
}"""
"""Of the panel (its root element) or of the button (<footnote-chat>)."""


def faults(frame) -> list[str]:
    """What axe finds in a document, whose frames it leaves alone."""
    if not frame.evaluate("typeof axe === 'object'"):
        frame.evaluate(AXE)
    run = "tags => axe.run(document, { runOnly: tags, iframes: false, resultTypes: ['violations'] })"
    return [
        f"{found['id']} ({found['impact']}) {node['target']}: {node['failureSummary']}"
        for found in frame.evaluate(run, TAGS)["violations"]
        for node in found["nodes"]
    ]


def measured(seen, what: str) -> list:
    return [
        *seen.page.locator("footnote-chat").evaluate(MEASURED, what),
        *seen.panel.locator("html").evaluate(MEASURED, what),
    ]


def entered(visit, site, device: str = "desktop", scheme: str = "light", **more):
    """A visit to a page with the widget, open. more: attributes of the tag, or options of the browser's context."""
    options = {name: more.pop(name) for name in ("forced_colors", "reduced_motion") if name in more}
    seen = visit(site.page("/", BODY, HEAD + site.tag(**more)), device, scheme, **options)
    seen.open()
    return seen


def answers(seen) -> Iterator[str]:
    """Goes through what the bot's replies can come to."""
    yield "greeting"
    for kind, question in ASKED.items():
        seen.ask(question)
        yield kind
    seen.panel.locator("summary").first.click()
    yield "note open"
    seen.panel.locator(".thumb").nth(0).click()
    seen.panel.locator(".thumb").nth(3).click()
    seen.panel.locator(".comment").wait_for()
    yield "rated"


def mishaps(seen, server, reply) -> Iterator[str]:
    """Goes through what else can happen."""
    seen.panel.locator("#forget").click()
    yield "to be forgotten"
    seen.panel.locator("#sure-no").click()
    grow(seen, server, reply)
    yield "growing"
    seen.panel.locator("#stop").click()
    seen.panel.locator(".partial").wait_for()
    yield "stopped"
    server.chat = refusing(429, 30)
    seen.ask()
    yield "limited"
    seen.page.context.set_offline(True)
    seen.ask()
    yield "offline"


def grow(seen, server, reply) -> None:
    """Until ten sentences are there, of an answer that does not end."""
    server.chat = streaming(*told(reply, sentences=TEN)[:-1], ends=False)
    seen.send("Tell me more")
    seen.panel.get_by_text("sentence 10").wait_for()
