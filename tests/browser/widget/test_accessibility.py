"""Whether everybody can use the widget (WCAG 2.2 AA): axe, contrast, names, announcements, keyboard, focus, motion."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import launched  # noqa: F401 - skips where there is no browser
from tests.browser.widget.looks import BODY, HEAD, TEN, answers, entered, faults, grow, measured, mishaps
from tests.browser.widget.site import refusing, streaming, told

WHERE = {
    "desktop": {},
    "phone, dark, Arabic": {"device": "phone", "scheme": "dark", "lang": "ar"},
    "forced colours": {"forced_colors": "active"},
}

HEARD = """
window.heard = [];
new MutationObserver((changes) => {
  const log = document.querySelector("[role=log]");
  for (const { target, addedNodes } of changes)
    if (log?.contains(target) && !target.closest("[role=log] > * [aria-live=off]"))
      for (const { textContent } of addedNodes) heard.push({ text: textContent, live: log.ariaLive });
}).observe(document, { childList: true, subtree: true });
"""
"""What a screen reader would be told of the log."""


def low_contrasts(seen) -> list:
    """Of texts and icons, with what each must have."""
    contrasts = measured(seen, "contrasts")
    assert len(contrasts) > 10
    return [contrast for contrast in contrasts if contrast[1] < contrast[2]]


@pytest.mark.parametrize("where", WHERE.values(), ids=WHERE)
def test_axe_finds_nothing_in_any_state_and_text_has_contrast(visit, site, server, reply, where) -> None:
    seen = entered(visit, site, **where)
    found = [("page", faults(seen.page))]
    for states in (answers(seen), mishaps(seen, server, reply)):
        found += [(state, faults(seen.frame) + low_contrasts(seen)) for state in states]
    seen.page.context.set_offline(False)
    seen.panel.locator("#close").click()
    found.append(("closed", faults(seen.page)))
    assert [state for state in found if state[1]] == []


def test_axe_finds_nothing_where_something_went_wrong(visit, site, server, reply) -> None:
    seen = entered(visit, site)
    found = {}
    for name, chat in {"cut": streaming(*told(reply)[:-1]), "refused": refusing(403)}.items():
        server.chat = chat
        seen.ask()
        found[name] = faults(seen.frame)
    server.instead["/api/v1/config"] = refusing(503, 60)
    early = visit(site.page("/early", BODY, HEAD + site.tag()))
    early.launch.click()
    early.panel.get_by_text("The chat is just starting.").wait_for()
    found["starting"] = faults(early.frame)
    assert [name for name in found if found[name]] == []


def test_axe_finds_nothing_where_the_panel_stands_otherwise(visit, site) -> None:
    inline = visit(site.page("/inline", BODY, site.tag(target="#place")))
    inline.panel.locator("#suggestions button").first.wait_for()
    assert faults(inline.page) + faults(inline.frame) == []
    alone = visit(site.bot_url + "/widget/panel")
    alone.page.locator("#suggestions button").first.wait_for()
    assert faults(alone.page) == []
    site.page("/stranger", BODY)
    denied = visit(site.stranger + "/stranger")
    denied.launch.click()
    denied.page.get_by_role("link", name="Not here").wait_for()
    assert faults(denied.page) == []


def test_axe_finds_nothing_in_what_is_restored(visit, site) -> None:
    seen = visit(site.bot_url + "/widget/demo")
    seen.open()
    for _ in answers(seen):
        pass
    seen.page.reload()
    seen.panel.locator("[data-kind=clarify]").wait_for()
    assert faults(seen.frame) == []


def test_axe_would_find_something(visit, site) -> None:
    seen = entered(visit, site)
    seen.launch.evaluate("button => { button.ariaLabel = button.title = button.textContent = ''; }")
    seen.panel.locator("#send").evaluate("button => button.replaceChildren()")
    assert [fault.split()[0] for fault in faults(seen.page) + faults(seen.frame)] == ["button-name", "button-name"]


@pytest.mark.parametrize("color", ["#ffff00", "#777777", "#0000ff", "#808080", "#fff"])
def test_text_on_the_site_s_colour_has_enough_contrast(visit, site, color) -> None:
    seen = entered(visit, site, color=color)
    seen.ask()
    seen.panel.locator(".thumb").first.click()
    expect(seen.panel.locator(".thumb").first).to_have_attribute("aria-pressed", "true")
    assert low_contrasts(seen) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_focus_is_seen_and_what_is_pressed_is_large_enough(visit, site, scheme) -> None:
    seen = entered(visit, site, scheme=scheme)
    for _ in answers(seen):
        pass
    seen.panel.locator("details:not([open]) summary").first.click()
    seen.page.keyboard.press("Tab")
    seen.launch.press("Shift")
    looks = measured(seen, "focus")
    assert len(looks) > 20
    assert [look for look in looks if look[1] or not look[2] or look[3] < 3] == []
    sizes = {name: (width, height) for name, width, height in measured(seen, "targets")}
    assert [size for size in sizes.items() if min(size[1]) < 24] == []
    large = [size for name, size in sizes.items() if "launch" in name or " send " in name or " question " in name]
    assert [min(size) >= 44 for size in large] == [True] * 3


def test_nothing_moves_where_that_is_not_wanted(visit, site) -> None:
    seen = entered(visit, site, reduced_motion="reduce")
    for _ in answers(seen):
        pass
    assert {value.strip() for value in measured(seen, "motion")} <= {"0s", "auto"}


def test_forced_colours_leave_borders_and_marks(visit, site, article) -> None:
    page = site.page("/forced", article, site.tag(source_selector="article"))
    seen = visit(page, forced_colors="active")
    seen.open()
    seen.ask()
    assert [border for border in measured(seen, "borders") if border[1] == "none" or border[2] < 1] == []
    seen.panel.locator("button.reference").first.click()
    expect(seen.panel.get_by_role("button", name="Show it on this page")).to_be_visible()
    colours = "e => getComputedStyle(e).backgroundColor"
    assert seen.panel.locator("mark").evaluate(colours) != seen.panel.locator("blockquote").evaluate(colours)
    left = {"x": 0, "y": 0, "width": 800, "height": 800}
    marked = seen.page.screenshot(clip=left)
    seen.page.evaluate("CSS.highlights.clear()")
    assert seen.page.screenshot(clip=left) != marked


def test_forced_colours_leave_the_mark_in_a_source(visit, site, reply) -> None:
    page = visit(site.bot_url + reply["citations"][0]["url"], forced_colors="active").page
    colours = "e => getComputedStyle(e).backgroundColor"
    assert page.locator(":target").evaluate(colours) != page.locator("body").evaluate(colours)


def heard(seen) -> list[dict]:
    """What was added to the log since this was last asked."""
    return seen.frame.evaluate("heard.splice(0)")


def test_a_finished_answer_is_announced_once_and_whole(visit, site, server, reply) -> None:
    seen = entered(visit, site)
    seen.frame.evaluate(HEARD)
    grow(seen, server, reply)
    expect(seen.panel.get_by_role("status")).to_have_text("Looking on these pages…")
    assert [added["text"] for added in heard(seen)] == ["Tell me more"]
    seen.panel.get_by_role("button", name="Stop").click()
    expect(seen.panel.get_by_role("status")).to_have_text("")
    assert len(heard(seen)) == 1
    server.chat = streaming(*told(reply, sentences=TEN))
    seen.ask("And more?")
    _, answer = heard(seen)
    assert all(sentence["text"] in answer["text"] for sentence in TEN)


def test_a_countdown_is_not_announced(visit, site, server) -> None:
    seen = entered(visit, site)
    server.chat = refusing(429, 2)
    seen.ask()
    seen.frame.evaluate(HEARD)
    expect(seen.panel.get_by_role("button", name="Try again", exact=True)).to_be_enabled()
    assert heard(seen) == []


def test_what_is_restored_is_not_announced(visit, site) -> None:
    seen = visit(site.bot_url + "/widget/demo")
    seen.open()
    seen.ask()
    seen.page.add_init_script(HEARD)
    seen.page.reload()
    seen.panel.locator("article.reply").wait_for()
    log = seen.panel.get_by_role("log")
    expect(log).not_to_have_attribute("aria-live", "off")
    assert [added["live"] for added in heard(seen) if "default mode network?" in added["text"]] == ["off"]


def test_everything_has_a_name(visit, site) -> None:
    seen = entered(visit, site)
    expect(seen.launch).to_have_attribute("aria-expanded", "true")
    expect(seen.launch).to_have_accessible_name("Ask these pages")
    assert seen.page.locator("footnote-chat iframe").get_attribute("title") == "Ask these pages"
    for _ in answers(seen):
        pass
    lines = seen.panel.locator("body").aria_snapshot().split("\n")
    assert len([line for line in lines if re.search(r"- (button|link|textbox) \"", line)]) > 20
    assert [line for line in lines if re.search(r"- (button|link|textbox)(?! \")", line)] == []
    seen.panel.get_by_role("button", name="Close").click()
    expect(seen.launch).to_have_attribute("aria-expanded", "false")


def tabbed(seen, to, key: str = "Tab") -> None:
    """Presses until it has the focus."""
    for _ in range(40):
        seen.page.keyboard.press(key)
        if to.evaluate("e => e === e.getRootNode().activeElement && document.hasFocus()"):
            return
    raise AssertionError(f"{to} is not reached by {key}")


def test_the_keyboard_alone_leads_from_the_page_to_a_source_and_back(visit, site) -> None:
    seen = visit(site.page("/keys", BODY))
    keys = seen.page.keyboard
    tabbed(seen, seen.launch)
    keys.press("Enter")
    expect(seen.panel.locator("#question")).to_be_focused()
    keys.type("What is the default mode network?")
    keys.press("Enter")
    seen.panel.locator("article.reply").wait_for()
    tabbed(seen, seen.panel.get_by_role("button", name="Source 1"), "Shift+Tab")
    keys.press("Enter")
    expect(seen.panel.locator("blockquote")).to_be_visible()
    expect(seen.panel.locator("summary")).to_be_focused()
    tabbed(seen, seen.panel.get_by_role("link", name="Read it in the source"))
    keys.press("Escape")
    expect(seen.panel.locator("#question")).to_be_hidden()
    expect(seen.launch).to_be_focused()
    for _ in range(4):
        keys.press("Tab")
        assert (
            seen.page.evaluate("document.querySelector('footnote-chat').shadowRoot.activeElement?.tagName") != "IFRAME"
        )


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_focus_is_never_lost(visit, site, server, reply, device) -> None:
    seen = entered(visit, site, device)
    lost = []

    def press(locator, until) -> None:
        locator.press("Enter")
        until.wait_for()
        if seen.frame.evaluate("document.activeElement === document.body || !document.hasFocus()"):
            lost.append(str(locator))

    panel = seen.panel
    press(panel.locator("#suggestions button").first, panel.locator("article.reply"))
    press(panel.locator("#suggestions button").first, panel.locator("article.reply").nth(1))
    panel.get_by_role("button", name="Not helpful").last.press("Enter")
    press(panel.get_by_role("button", name="Send comment"), panel.get_by_text("Thank you."))
    expect(panel.locator(".comment")).to_have_count(0)
    grow(seen, server, reply)
    press(panel.locator("#stop"), panel.get_by_text("You stopped this answer."))
    server.chat = None
    press(panel.get_by_role("button", name="Try again"), panel.locator("article.reply:not(.partial)").nth(2))
    panel.locator("#forget").press("Enter")
    press(panel.locator("#sure-no"), panel.locator("#forget"))
    panel.locator("#forget").press("Enter")
    press(panel.locator("#sure-yes"), panel.locator(".greeting"))
    assert lost == []
