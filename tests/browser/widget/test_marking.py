"""The page is the source: its very sentence is marked on it, and nothing else of it is changed."""

import re
import unicodedata
from html import escape

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import launched  # noqa: F401 - skips where there is no browser
from tests.browser.widget.site import streaming, told

VIEWPORT = '<meta name="viewport" content="width=device-width, initial-scale=1">'
HERE = "Show it on this page"
MARKED = "[...(CSS.highlights.get('footnote-chat') ?? [])].map((range) => range.toString()).join('|')"
WHERE = "[...CSS.highlights.get('footnote-chat')][0].startContainer.parentElement.closest('[id]').id"
WHOLE = "[document.head.outerHTML, document.body.outerHTML, document.documentElement.childElementCount]"
QUESTIONS = [
    "What is the default mode network?",
    "What is the REBUS model?",
    "Which receptor does psilocybin activate?",
    "How many patients responded in the trial by Goodwin?",
    "What is BDNF?",
]
OPEN_EACH = """async (n) => {
  const heard = new Promise((done) => addEventListener('message', ({data}) => done(data.found), {once: true}));
  document.querySelectorAll('details.note')[n].open = true;
  return await heard;
}"""


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def citation_of(corpus, sentence, n: int) -> dict:
    passage, document = corpus.passage_of(sentence.id), corpus.document_of(sentence.id)
    place = {"start": sentence.start, "end": sentence.end, "document_id": document.id, "document_title": document.title}
    url = f"/source/{document.id}#s{sentence.start}-{sentence.end}"
    return {"n": n, **place, "section": "S", "quote": sentence.text, "context": passage.text, "url": url}


def citing(reply: dict, citations: list[dict]):
    """The chat, answering with one sentence of these sources."""
    numbers = [each["n"] for each in citations]
    return streaming(*told(reply, sentences=[{"text": "So.", "citations": numbers, "support": 1}], citations=citations))


def expect_mark(seen, quote: str) -> None:
    """Soon, and up to white space."""
    for _ in range(60):
        if squeezed(seen.page.evaluate(MARKED)) == squeezed(quote):
            break
        seen.page.wait_for_timeout(50)
    assert squeezed(seen.page.evaluate(MARKED)) == squeezed(quote)


def note(seen):
    return seen.panel.locator("details.note").first


def quoted(reference) -> str:
    """What the panel marks in the note of a number."""
    number = reference.get_attribute("data-n")
    reply = reference.locator("xpath=ancestor::article")
    return reply.locator("aside details").nth(int(number) - 1).locator("mark").text_content()


@pytest.fixture
def reading(visit, site, article):
    """A visitor of a page with the article, who has asked."""

    def read(
        *, device: str = "desktop", body: str | None = None, selector: str = "article", script: str = "", ask=True
    ):
        seen = visit("about:blank", device=device)
        if script:
            seen.page.add_init_script(f"if (window === top) {script}")
        head = VIEWPORT + site.tag(source_selector=selector)
        seen.page.goto(site.page("/", (body or article) + "<p>The end.</p>", head))
        seen.open()
        if ask:
            seen.ask()
        return seen

    return read


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_number_marks_its_very_sentence_and_brings_it_into_view(reading, corpus, question: str) -> None:
    seen = reading(ask=False)
    seen.ask(question)
    references = seen.panel.locator("button.reference").all()
    assert references
    ids = {sentence.text: f"s{sentence.start}-{sentence.end}" for sentence in corpus.sentences}
    for reference in references + references[:1]:
        seen.page.evaluate("scrollTo(0, 0)")
        reference.click()
        quote = quoted(reference)
        expect_mark(seen, quote)
        expect(seen.page.locator("#" + ids[quote])).to_be_in_viewport(ratio=0.9)
    assert seen.complaints == []


def test_every_sentence_of_the_sources_is_found_on_the_page(reading, server, reply, corpus) -> None:
    citations = [citation_of(corpus, sentence, n) for n, sentence in enumerate(corpus.sentences, 1)]
    server.chat = citing(reply, citations)
    seen = reading()
    found = []
    for n, cited in enumerate(citations):
        answered = seen.frame.evaluate(OPEN_EACH, n)
        place = seen.page.evaluate(f"CSS.highlights.size && {WHERE}")
        text = squeezed(seen.page.evaluate(MARKED))
        found.append((answered, place, text) == (True, f"s{cited['start']}-{cited['end']}", squeezed(cited["quote"])))
    assert found.count(True) == len(corpus.sentences) == 107


def split(text: str) -> str:
    return re.sub(r"\b(\w{3})(\w+)\b", r"\1<em><a href=#>\2</a></em>", escape(text, quote=False))


VARIANTS = {
    "other white space": lambda text: escape(text).replace(" ", "\n\t "),
    "straight quotes": lambda text: escape(text.translate(str.maketrans("’‘“”", "''\"\""))),
    "curly quotes": lambda text: escape(text).replace("&#x27;", "’"),
    "other dashes": lambda text: escape(text).replace(" — ", "–").replace("-", "‑"),
    "hard spaces": lambda text: escape(text).replace(" ", "&nbsp;"),
    "soft hyphens": lambda text: re.sub(r"(\w{4})(?=\w{3})", r"\1&shy;", escape(text, quote=False)),
    "zero-width spaces": lambda text: re.sub(r"(\w{4})(?=\w{3})", "\\1\u200b", escape(text, quote=False)),
    "tags inside of words": split,
    "scripts between": lambda text: escape(text).replace(" ", " <script>var between</script>"),
    "comments between": lambda text: escape(text).replace(" ", " <!-- between -->"),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_page_may_write_the_sentence_in_its_own_way(reading, server, reply, corpus, variant: str) -> None:
    wanted = [s for s in corpus.sentences if re.search("[’“—]", s.text)][:4]
    server.chat = citing(reply, [citation_of(corpus, sentence, n) for n, sentence in enumerate(wanted, 1)])
    seen = reading(
        body="<article>" + "".join(f"<p>{VARIANTS[variant](p.text)}</p>" for p in corpus.passages) + "</article>"
    )
    for n, sentence in enumerate(wanted):
        assert seen.frame.evaluate(OPEN_EACH, n)
        marked = seen.page.evaluate("[...CSS.highlights.get('footnote-chat')][0].cloneContents().textContent")
        assert letters(marked.replace("var between", "")) == letters(sentence.text)


def letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if c.isalnum())


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_accents_may_be_written_in_either_way(reading, server, reply, form: str) -> None:
    quote = "Où est le café naïf\u00a0?"
    cited = {**reply["citations"][0], "quote": quote, "context": f"Oui. {quote} Là."}
    server.chat = citing(reply, [cited])
    text = unicodedata.normalize(form, f"Oui. {quote} Là.")
    seen = reading(body=f"<article><p>{text}</p></article>")
    seen.panel.locator("button.reference").click()
    expect_mark(seen, unicodedata.normalize(form, quote).removesuffix("\u00a0?"))


@pytest.mark.parametrize("n", [1, 2, 3])
def test_of_a_sentence_that_stands_there_thrice_its_paragraph_decides(reading, server, reply, n: int) -> None:
    contexts = ["First comes this. It is so. Then that.", "Second comes this. It is so.", "It is so. The last."]
    server.chat = citing(reply, [{**reply["citations"][0], "n": 1, "quote": "It is so.", "context": contexts[n - 1]}])
    seen = reading(body="<article>" + "".join(f"<p id=p{i}>{c}</p>" for i, c in enumerate(contexts, 1)) + "</article>")
    seen.panel.locator("button.reference").click()
    expect_mark(seen, "It is so.")
    assert seen.page.evaluate(WHERE) == f"p{n}"


@pytest.mark.parametrize("how", ["the note", "the panel", "Escape"])
def test_the_mark_goes_with_the_note_and_the_panel_and_the_document_stays_as_it_was(reading, how: str) -> None:
    seen = reading()
    before = seen.page.evaluate(WHOLE)
    seen.panel.locator("button.reference").first.click()
    expect_mark(seen, quoted(seen.panel.locator("button.reference").first))
    assert seen.page.evaluate(WHOLE) == before
    if how == "Escape":
        seen.page.keyboard.press("Escape")
    else:
        (note(seen).locator("summary") if how == "the note" else seen.panel.locator("#close")).click()
    expect_mark(seen, "")
    assert seen.page.evaluate("document.adoptedStyleSheets.length") == 0
    assert seen.page.evaluate(WHOLE) == before


BOXES = """([...document.querySelector('footnote-chat').shadowRoot.querySelectorAll('.box')]
  .map((box) => box.getBoundingClientRect()).map(({x, y, right, bottom}) => [x, y, right, bottom].map(Math.round)))"""


def test_without_highlights_boxes_lie_over_the_sentence_and_follow_it(reading, corpus) -> None:
    seen = reading(script="delete window.Highlight;")
    before = seen.page.evaluate(WHOLE)
    reference = seen.panel.locator("button.reference").first
    reference.click()
    sentence = next(s for s in corpus.sentences if s.text == quoted(reference))
    lines = f"""[...document.getElementById('s{sentence.start}-{sentence.end}').getClientRects()]
      .map(({{x, y, right, bottom}}) => [x, y, right, bottom].map(Math.round))"""
    expect(seen.page.locator("footnote-chat .box").first).to_be_in_viewport()
    first = seen.page.evaluate(BOXES)
    assert first == seen.page.evaluate(lines) != []
    seen.page.evaluate("new Promise((done) => (addEventListener('scroll', () => setTimeout(done)), scrollBy(0, -99)))")
    assert seen.page.evaluate(BOXES) == seen.page.evaluate(lines) != first
    seen.page.set_viewport_size({"width": 900, "height": 700})
    seen.page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    assert seen.page.evaluate(BOXES) == seen.page.evaluate(lines)
    assert seen.page.evaluate(WHOLE) == before
    note(seen).locator("summary").click()
    expect(seen.page.locator("footnote-chat .box")).to_have_count(0)


@pytest.mark.parametrize("selector", ["p", "#gone", "[[", ""])
def test_what_is_not_on_the_page_is_shown_in_the_source(reading, selector: str) -> None:
    seen = reading(body="<p>Something else.</p>", selector=selector)
    seen.panel.locator("button.reference").first.click()
    quote = quoted(seen.panel.locator("button.reference").first)
    with seen.page.context.expect_page() as opened:
        note(seen).get_by_role("link").click()
    target = opened.value.locator(":target")
    assert target.text_content() == quote
    expect(target).to_be_in_viewport()
    assert target.evaluate("(t) => getComputedStyle(t).backgroundColor") != "rgba(0, 0, 0, 0)"
    expect(note(seen).get_by_role("button", name=HERE)).to_be_hidden()
    assert seen.page.evaluate(MARKED) == ""
    assert [
        complaint
        for complaint in seen.complaints
        if "valid selector" not in complaint and "selector is empty" not in complaint
    ] == []
    assert bool(seen.complaints) == (selector in ("[[", ""))


def test_on_a_phone_the_panel_makes_way_and_leaves_the_mark(reading) -> None:
    seen = reading(device="phone")
    reference = seen.panel.locator("button.reference").first
    reference.tap()
    quote = quoted(reference)
    note(seen).get_by_role("button", name=HERE).tap()
    expect(seen.page.locator("footnote-chat iframe")).to_be_hidden()
    expect_mark(seen, quote)
    expect(seen.page.locator("span", has_text=quote).first).to_be_in_viewport()
    seen.open()
    seen.panel.locator("#close").tap()
    expect_mark(seen, "")


def test_where_the_panel_covers_the_page_a_number_alone_does_not_move_it(reading) -> None:
    seen = reading(device="phone")
    reference = seen.panel.locator("button.reference").first
    reference.tap()
    expect_mark(seen, quoted(reference))
    assert seen.page.evaluate("scrollY") == 0


def test_a_panel_in_a_place_moves_the_page_only_when_that_is_asked_for(visit, site, article) -> None:
    place = '<div id="place" style="height: 600px"></div>'
    tag = site.tag(source_selector="article", target="#place")
    seen = visit(site.page("/", f"{place}{article}", VIEWPORT + tag))
    seen.panel.locator("#disclaimer:not(:empty)").wait_for()
    seen.page.evaluate("scrollTo(0, 60)")
    for _ in range(2):
        seen.ask()
    reference = seen.panel.locator("button.reference").last
    reference.click()
    expect_mark(seen, quoted(reference))
    assert seen.page.evaluate("scrollY") == 60
    seen.panel.get_by_role("button", name=HERE).locator("visible=true").click()
    expect(seen.page.locator("span", has_text=quoted(reference)).first).to_be_in_viewport()


@pytest.mark.parametrize("how", ["Forget", "Try again"])
def test_the_mark_goes_with_the_answer(reading, server, reply, how: str) -> None:
    server.chat = streaming(*told(reply)[:-1])
    seen = reading()
    seen.panel.locator("button.reference").first.click()
    expect_mark(seen, quoted(seen.panel.locator("button.reference").first))
    seen.panel.get_by_role("button", name=how).click()
    if how == "Forget":
        seen.panel.get_by_role("dialog").get_by_text("Delete", exact=True).click()
    expect_mark(seen, "")
