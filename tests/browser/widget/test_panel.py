"""The panel when all goes well: what it shows, what one can do with it, in every language."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import launched  # noqa: F401 - skips where there is no browser
from tests.browser.widget.conftest import QUESTION
from tests.browser.widget.site import ASKED

ALARMED = "I took a whole bottle of pills"
LABELS = {"not_covered": "Not on these pages", "declined": "Not for a chat", "crisis": "Help is there"}
SPOKEN = {
    "en": ("Send", "Your question", "Sources", "ltr"),
    "es": ("Enviar", "Tu pregunta", "Fuentes", "ltr"),
    "de-AT": ("Senden", "Ihre Frage", "Quellen", "ltr"),
    "fr": ("Envoyer", "Votre question", "Sources", "ltr"),
    "ar": ("إرسال", "سؤالك", "المصادر", "rtl"),
}
FOREIGN = {"es": "inglés", "de-AT": "Englisch", "fr": "anglais", "ar": "الإنجليزية"}
ENGLISH = ".reply .text, .reply blockquote, .reply summary [dir], #suggestions button, #disclaimer"
TABLE = """async () => {
  const { stringsOf } = await import(document.querySelector("link[href$='/strings.js']").href);
  const letters = [..."abcdefghijklmnopqrstuvwxyz"];
  const codes = letters.flatMap((one) => letters.map((two) => one + two));
  const all = codes.map((code) => [code, stringsOf(code)]);
  return Object.fromEntries(all.filter(([code, { code: known }]) => code === known));
}"""


def test_an_empty_chat_greets_and_offers_what_the_bot_can_answer(visit, config) -> None:
    seen = visit()
    seen.open()
    expect(seen.panel.locator("#log")).to_have_text(config["greeting"])
    assert seen.panel.locator("#suggestions button").all_inner_texts() == config["examples"]
    seen.button(config["examples"][1]).click()
    expect(seen.panel.locator("article.asked")).to_have_text(config["examples"][1])
    expect(seen.panel.locator("article.reply")).to_have_count(1)


def test_each_sentence_has_numbers_that_open_its_place_in_the_source(visit, site, reply) -> None:
    seen = visit()
    seen.open()
    seen.ask()
    shown = seen.panel.locator("article.reply")
    assert [text.strip() for text in shown.locator(".sentence").all_inner_texts()] == [
        reply["sentences"][0]["text"] + "1"
    ]
    [cited] = reply["citations"]
    quote = shown.locator("blockquote")
    expect(quote).not_to_be_visible()
    seen.button("Source 1").click()
    expect(quote).to_be_visible()
    assert (quote.inner_text(), quote.locator("mark").all_inner_texts()) == (cited["context"], [cited["quote"]])
    assert shown.locator("summary").inner_text().split(maxsplit=1) == ["1", cited["section"]]
    with seen.page.context.expect_page() as opened:
        shown.get_by_role("link", name="Read it in the source").click()
    assert opened.value.url == site.bot_url + cited["url"]
    assert cited["quote"] in opened.value.inner_text("body")


def test_a_suggestion_is_asked_when_pressed(visit, reply) -> None:
    seen = visit()
    seen.open()
    seen.ask()
    offered = seen.panel.locator("#suggestions button")
    assert offered.all_inner_texts() == reply["suggestions"]
    offered.first.click()
    expect(seen.panel.locator("article.asked").nth(1)).to_have_text(reply["suggestions"][0])
    expect(seen.panel.locator("article.reply")).to_have_count(2)


def test_what_is_being_typed_outlives_a_question_that_is_pressed(visit, config) -> None:
    seen = visit()
    seen.open()
    box = seen.panel.locator("#question")
    box.fill("And when does the ferry")
    seen.button(config["examples"][0]).click()
    expect(seen.panel.locator("article.reply")).to_have_count(1)
    seen.panel.locator("#suggestions button").first.click()
    expect(seen.panel.locator("article.reply")).to_have_count(2)
    expect(box).to_have_value("And when does the ferry")
    box.press("Enter")
    expect(seen.panel.locator("article.asked").nth(2)).to_have_text("And when does the ferry")
    expect(box).to_have_value("")


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_notice_and_disclaimer_are_in_sight_whatever_is_said(visit, config, device: str) -> None:
    seen = visit(device=device)
    seen.open()
    disclaimer = seen.panel.get_by_text(config["disclaimer"], exact=True)
    notice = seen.panel.get_by_text("Automatic answers, made of these pages’ own sentences.")
    for question in (None, *ASKED.values()):
        if question is not None:
            seen.ask(question)
        for end in ("scrollHeight", "clientTop"):
            seen.panel.locator("main").evaluate(f"main => main.scrollTo(0, main.{end})")
            expect(disclaimer).to_be_in_viewport(ratio=1)
            expect(notice).to_be_in_viewport(ratio=1)


def test_each_kind_of_reply_can_be_told_from_an_answer(visit) -> None:
    seen = visit()
    seen.open()
    looks = {}
    for at, (kind, question) in enumerate(ASKED.items()):
        seen.ask(question)
        reply = seen.panel.locator("article.reply").nth(at)
        expect(reply).to_have_attribute("data-kind", kind)
        looks[kind] = reply.evaluate(
            "e => [e, e.querySelector('.text')].map(getComputedStyle)"
            ".map(s => [s.backgroundColor, s.borderInlineStart]).join()"
        )
        labels = reply.locator("> .label").all_inner_texts()
        assert labels == [LABELS[kind]] if kind in LABELS else labels == []
    assert looks["answer"] == looks["smalltalk"] == looks["clarify"]
    assert looks["answer"] != looks["declined"] == looks["not_covered"] != looks["crisis"] != looks["answer"]
    assert seen.panel.locator("[data-kind=not_covered] .notes .note").count() >= 1
    expect(seen.panel.get_by_text("Nearest passages")).to_have_count(1)


@pytest.mark.parametrize(
    ("question", "links"),
    [
        ("I want to kill myself", {"988": "tel:988", "findahelpline.com": "https://findahelpline.com"}),
        (ALARMED, {"911": "tel:911", "988": "tel:988"}),
        ("He is unconscious and not breathing", {"911": "tel:911", "1-800-222-1222": "tel:18002221222"}),
    ],
)
def test_lines_of_help_are_links(visit, question: str, links: dict[str, str]) -> None:
    seen = visit(device="phone")
    seen.open()
    seen.ask(question)
    found = seen.panel.locator("[data-kind=crisis] a").all()
    assert {link.inner_text(): link.get_attribute("href") for link in found} == links
    expect(seen.panel.locator("[data-kind=crisis] button")).to_have_count(0)


def test_a_follow_up_says_what_it_was_taken_for(visit) -> None:
    seen = visit()
    seen.open()
    seen.ask()
    expect(seen.panel.get_by_text("Understood as:")).to_have_count(0)
    seen.ask("How does psilocybin affect it?")
    line = seen.panel.get_by_text("Understood as: How does psilocybin affect default mode network?")
    expect(line).to_be_visible()


def test_a_copied_answer_has_its_sources_with_it(visit, site, reply) -> None:
    seen = visit(permissions=["clipboard-read", "clipboard-write"])
    seen.open()
    seen.ask()
    seen.button("Copy with sources").click()
    expect(seen.panel.get_by_text("Copied.")).to_be_visible()
    copied = seen.page.evaluate("navigator.clipboard.readText()")
    [cited] = reply["citations"]
    wanted = (reply["text"], cited["quote"], cited["document_title"], site.bot_url + cited["url"], reply["disclaimer"])
    assert [part for part in wanted if part not in copied] == []


def test_an_answer_is_rated_and_the_last_rating_counts(visit) -> None:
    seen = visit()
    seen.open()
    seen.ask()
    panel, comment = seen.panel, seen.panel.get_by_label("What was wrong? (optional)")

    def sent(name: str) -> dict:
        with seen.page.expect_response("**/api/v1/feedback") as answered:
            seen.button(name).click()
        assert answered.value.status == 204
        return answered.value.request.post_data_json

    first = sent("Helpful")
    assert first["rating"] == "up"
    assert sent("Not helpful") == {**first, "rating": "down"}
    expect(panel.get_by_role("button", pressed=True)).to_have_accessible_name("Not helpful")
    comment.fill("Too long.")
    assert sent("Send comment") == {**first, "rating": "down", "comment": "Too long."}
    expect(comment).to_have_count(0)
    expect(panel.get_by_text("Thank you.")).to_be_visible()
    assert sent("Helpful") == first
    expect(panel.get_by_role("button", pressed=True)).to_have_accessible_name("Helpful")


def test_a_question_that_is_too_long_is_kept_and_told_by_how_much(visit, config) -> None:
    seen = visit()
    seen.open()
    box, limit = seen.panel.locator("#question"), config["limits"]["message_characters"]
    box.fill("🍄" * (limit + 3))
    box.press("Enter")
    expect(seen.panel.get_by_text("That is 3 characters too long.")).to_be_visible()
    expect(box).to_have_value("🍄" * (limit + 3))
    seen.ask("🍄" * limit)
    expect(seen.panel.locator("article.reply.partial")).to_have_count(0)


def test_only_a_finished_question_is_sent(visit) -> None:
    seen = visit()
    seen.open()
    box = seen.panel.locator("#question")
    for empty in ("", "  \n "):
        box.fill(empty)
        box.press("Enter")
        seen.button("Send").click()
    box.fill("")
    box.press_sequentially("What is")
    box.press("Shift+Enter")
    box.press_sequentially("the REBUS model?")
    box.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True, "cancelable": True})
    box.dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "bubbles": True, "cancelable": True})
    expect(box).to_have_value("What is\nthe REBUS model?")
    box.press("Enter")
    expect(seen.panel.locator("article.reply")).to_be_visible()
    assert seen.panel.locator("article.asked").all_inner_texts() == ["What is\nthe REBUS model?"]
    assert sum("/api/v1/chat" in url for url in seen.requested) == 1


@pytest.mark.parametrize("said", [{"isComposing": True}, {"keyCode": 229}])
def test_the_escape_that_takes_back_a_word_is_not_the_panels(visit, said: dict) -> None:
    seen = visit()
    seen.open()
    box = seen.panel.locator("#question")
    box.dispatch_event("keydown", {"key": "Escape", "bubbles": True, **said})
    seen.page.wait_for_timeout(100)
    expect(seen.launch).to_have_attribute("aria-expanded", "true")
    box.press("Escape")
    expect(seen.launch).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("lang", SPOKEN)
def test_the_interface_speaks_the_pages_language_and_answers_keep_theirs(visit, site, reply, lang: str) -> None:
    send, question, sources, direction = SPOKEN[lang]
    seen = visit(site.page("/lang", head=site.tag(lang=lang)))
    seen.open()
    seen.ask()
    expect(seen.panel.locator("html")).to_have_attribute("dir", direction)
    expect(seen.panel.locator("html")).to_have_attribute("lang", lang[:2])
    expect(seen.button(send)).to_be_visible()
    expect(seen.panel.get_by_role("textbox", name=question)).to_have_attribute("placeholder", question)
    expect(seen.panel.get_by_role("note", name=sources)).to_be_visible()
    expect(seen.panel.get_by_text(reply["sentences"][0]["text"]).first).to_be_visible()
    line = seen.panel.get_by_text(FOREIGN.get(lang, "Answers are in"))
    expect(line).to_have_count(1 if lang in FOREIGN else 0)
    languages = seen.panel.locator(ENGLISH).evaluate_all("all => all.map(e => e.closest('[lang]').lang)")
    assert len(languages) >= 5
    assert set(languages) == {"en"}


def test_every_language_has_every_string(visit, site) -> None:
    table = visit(site.bot_url + "/widget/panel").page.evaluate(TABLE)
    assert set(table) >= {"en", "es", "de", "fr"}
    holes = {code: {key: re.findall(r"\{\w+\}", text) for key, text in table[code].items()} for code in table}
    assert all(each == holes["en"] for each in holes.values())
    assert [(code, key) for code, known in table.items() for key, text in known.items() if not text.strip()] == []


def test_the_panel_stands_by_itself_too(visit, site, server, reply) -> None:
    page = visit(site.bot_url + "/widget/panel", device="phone").page
    expect(page.locator("#suggestions button").first).to_be_visible()
    page.get_by_role("textbox").fill(QUESTION)
    page.get_by_role("button", name="Send").click()
    page.get_by_role("button", name="Source 1").click()
    expect(page.locator("blockquote mark")).to_have_text(reply["citations"][0]["quote"])
    for absent in ("Close", "Show it on this page"):
        expect(page.get_by_role("button", name=absent)).not_to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("article.reply")).to_be_visible()
