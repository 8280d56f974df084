"""Pages that are strict, hostile or not allowed: what the widget needs of them, and what it says where it cannot be."""

import re

import pytest
from playwright.sync_api import expect

from bot.web.widget import LOADER, assets, loader_version
from tests.browser.chromium import launched  # noqa: F401 - skips where there is no browser
from tests.browser.widget.site import ASKED

TRUSTED = "require-trusted-types-for 'script'; trusted-types 'none'"
HIGHLIGHTED = "[...(CSS.highlights.get('footnote-chat') ?? [])].map((range) => range.toString()).join()"
STRICT = {
    "two directives": {"Content_Security_Policy": "default-src 'none'; script-src {bot}; frame-src {bot}"},
    "trusted types": {
        "Content_Security_Policy": f"default-src 'none'; script-src {{bot}}; frame-src {{bot}}; {TRUSTED}"
    },
    "embedder": {"Cross_Origin_Embedder_Policy": "require-corp", "Cross_Origin_Opener_Policy": "same-origin"},
}


def test_the_demonstration_goes_from_question_to_mark_without_a_complaint(visit, site) -> None:
    seen = visit(site.bot_url + "/widget/demo")
    seen.open()
    seen.ask()
    seen.panel.locator("button.reference").first.click()
    quote = seen.panel.locator("details[open] mark").first.inner_text()
    expect(seen.panel.get_by_role("button", name="Show it on this page").first).to_be_visible()
    assert seen.page.evaluate(HIGHLIGHTED) == quote
    box = seen.page.locator("footnote-chat iframe").bounding_box()
    assert min(box["width"], box["height"]) > 300
    assert seen.complaints == []
    assert {url for url in seen.requested if not url.startswith(site.bot_url + "/")} == set()


@pytest.mark.parametrize("kind", STRICT)
def test_a_strict_page_needs_no_more_than_scripts_and_frames_of_the_bot(visit, site, article, kind: str) -> None:
    headers = {name: value.format(bot=site.bot_url) for name, value in STRICT[kind].items()}
    seen = visit(site.page("/", article, site.tag(source_selector="article"), **headers))
    seen.open()
    seen.ask()
    seen.panel.locator("button.reference").first.click()
    expect(seen.panel.get_by_role("button", name="Show it on this page").first).to_be_visible()
    assert seen.page.evaluate(HIGHLIGHTED) != ""
    assert (seen.launch.bounding_box() or {})["width"] == 56
    assert seen.complaints == []


def test_a_call_leaves_a_strict_page_and_the_panel_where_they_are(visit, site) -> None:
    headers = {name: value.format(bot=site.bot_url) for name, value in STRICT["two directives"].items()}
    seen = visit(site.page("/", **headers))
    seen.open()
    seen.ask(ASKED["crisis"])
    with seen.page.expect_request("tel:988"):
        seen.panel.locator("[data-kind=crisis]").get_by_role("link", name="988").click()
    seen.page.wait_for_timeout(200)
    expect(seen.panel.locator("[data-kind=crisis]")).to_be_visible()
    expect(seen.page.get_by_text("A page.")).to_be_visible()
    assert not [told for told in seen.complaints if "Content Security Policy" in told]


def no_frames(seen, site) -> str:
    return site.page("/", Content_Security_Policy=f"default-src 'none'; script-src {site.bot_url}")


def no_permission(seen, site) -> str:
    return site.page("/").replace(site.url, site.stranger)


def no_server(seen, site) -> str:
    seen.page.route(re.compile("/widget/(panel|allowed.js)$"), lambda route: route.abort())
    return site.page("/")


@pytest.mark.parametrize(
    ("prepare", "named"),
    [
        (no_frames, "this page's policy lacks frame-src {site.bot_url}"),
        (no_permission, "FOOTNOTE_ALLOWED_ORIGINS={site.stranger}"),
        (no_server, "it is down"),
    ],
)
def test_a_panel_that_cannot_be_shown_says_why_and_gives_a_link(visit, site, prepare, named: str) -> None:
    seen = visit("about:blank")
    seen.page.goto(prepare(seen, site))
    before = seen.page.evaluate("[document.head.outerHTML, document.body.outerHTML]")
    with seen.page.expect_console_message(lambda message: message.text.startswith("Footnote: ")) as told:
        seen.launch.click()
    assert named.format(site=site) in told.value.text
    link = seen.page.locator("footnote-chat").get_by_role("link", name="Not here: open in a new tab")
    expect(link).to_be_visible()
    expect(link).to_have_attribute("href", site.bot_url + "/widget/panel")
    assert seen.page.evaluate("[document.head.outerHTML, document.body.outerHTML]") == before
    seen.page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(seen.launch).to_be_focused()


def test_the_link_of_a_stranger_opens_a_panel_that_works(visit, site) -> None:
    seen = visit(site.page("/").replace(site.url, site.stranger))
    seen.launch.click()
    with seen.page.context.expect_page() as opened:
        seen.page.locator("footnote-chat").get_by_role("link").click()
    panel = opened.value
    panel.locator("#question").fill("What is the default mode network?")
    panel.locator("#question").press("Enter")
    expect(panel.locator("article.reply button.reference").first).to_be_visible()


def pinned(site, integrity: str) -> str:
    address = f"{site.bot_url}/widget/{loader_version()}/{LOADER}"
    return f'<script src="{address}" integrity="{integrity}" crossorigin async></script>'


def test_the_pinned_version_runs(visit, site) -> None:
    seen = visit(site.page("/", head=pinned(site, assets()[LOADER].integrity)))
    seen.open()
    assert seen.complaints == []


def test_a_script_of_another_content_is_refused_and_the_page_unharmed(visit, site) -> None:
    other = assets()["main.js"].integrity
    seen = visit(site.page("/", "<p>A page.</p><script>window.after = 1</script>", pinned(site, other)))
    assert "integrity" in "".join(seen.complaints)
    expect(seen.page.get_by_text("A page.")).to_be_visible()
    assert seen.page.evaluate("[customElements.get('footnote-chat'), window.after].join()") == ",1"
