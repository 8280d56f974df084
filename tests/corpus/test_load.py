import hashlib
from pathlib import Path

import pytest

from bot.corpus import load_corpus
from bot.corpus.load import MAX_FILE_BYTES
from bot.errors import CorpusError
from bot.values import Corpus
from tests.conftest import ROOT

FRONT = ('title: "T"', 'author: "A"', 'publisher: "P"', "language: en")


def failure(folder: Path) -> str:
    with pytest.raises(CorpusError) as caught:
        load_corpus(folder)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_every_quote_can_be_cut_from_its_document(corpus: Corpus) -> None:
    for sentence in corpus.sentences:
        assert corpus.documents[sentence.document_id].text[sentence.start : sentence.end] == sentence.text


def test_sentences_of_the_article_are_whole_and_its_artefacts_gone(corpus: Corpus) -> None:
    texts = {sentence.text for sentence in corpus.sentences}
    assert "Goodwin, G. M., Aaronson, S. T.," not in texts
    assert "The mechanism is not mystical." in texts
    assert "To be direct: I am not involved in pharmacological administration." in texts
    assert any(text.startswith("The most rigorous evidence comes from Goodwin et al. (2022), who") for text in texts)
    assert any("Friston, K. J. (2019)." in text and text.endswith("pr.118.017160") for text in texts)
    assert not any("For related insights" in text or "Serotonergic cascade" in text for text in texts)
    event = [text for text in texts if text.startswith("It is a specific computational event")]
    assert len(event) == 1


def test_the_authors_words_are_unchanged(corpus: Corpus) -> None:
    """The digests are of the texts whose every sentence was found verbatim in the article as scraped."""
    assert {name: hashlib.sha256(d.text.encode()).hexdigest() for name, d in corpus.documents.items()} == {
        "psilocybin-plasticity-article": "8707411d7f9e3fd99e23731093cd25dd1789a4fee2ec7b1ee95a899d53958249",
        "psilocybin-plasticity-faq": "60001fa0b311ed9c08a31a41c404230f1b863a342247d0eb5d42691b911b4679",
    }
    scraped = ROOT.parent / "shared" / "article.txt"
    if scraped.exists():
        article = scraped.read_text(encoding="utf-8")
        assert [sentence.text for sentence in corpus.sentences if sentence.text not in article] == []


def test_disclaimer_is_the_articles_own_paragraph(corpus: Corpus) -> None:
    assert corpus.disclaimer is not None
    assert corpus.disclaimer.startswith("This article examines the neuroscience underlying")
    assert corpus.disclaimer.endswith("through non-pharmacological means.")
    assert any(corpus.disclaimer in document.text for document in corpus.documents.values())


def test_sections(corpus: Corpus) -> None:
    section = {sentence.text: corpus.passage_of(sentence.id).headings[-1] for sentence in corpus.sentences}
    assert section["The mechanism is not mystical."].startswith("Psilocybin and Serotonin-Mediated Plasticity")
    assert section["It is a circuit pattern."] == "The Default Mode Network and Rigid Self-Models"
    assert "Why do some individuals not respond to conventional pharmacological approaches?" in corpus.questions()


@pytest.mark.parametrize(
    ("front", "wanted"),
    [
        (FRONT, "no document names the disclaimer"),
        ((*FRONT, 'disclaimer: "Nowhere in it"'), "begins no sentence"),
        ((*FRONT, 'disclaimer: "Twice"'), "begins 2 sentences"),
        ((*FRONT[1:], "disclaimer: none"), "'title'"),
        ((*FRONT, "disclaimer: none", "autor: x"), "'autor'"),
        ((*FRONT, "disclaimer: none", "url: javascript:alert(1)"), "'url'"),
        ((*FRONT, "disclaimer: ["), "not valid YAML"),
        ((*FRONT, "published: 2026-02-30", "disclaimer: none"), "page.md:6: cannot be read"),
        ((*FRONT[:3], "language: no", "disclaimer: none"), "page.md:5: has front matter whose 'language' is wrong"),
        ((*FRONT[:3], "language: no", "disclaimer: none"), "not False: put it in quotes"),
        ((*FRONT, "url: \x07"), "page.md:6: cannot be read"),
        (("- a",), "without `key: value`"),
    ],
)
def test_front_matter_that_cannot_work(write_corpus, front: tuple[str, ...], wanted: str) -> None:
    folder = write_corpus("Twice here. Twice there.", *front)
    assert wanted in failure(folder)


def test_straight_quotes_find_a_curly_sentence(write_corpus) -> None:
    folder = write_corpus("Before. It’s “so” — yes. After.", *FRONT, "disclaimer: 'It''s \"so\" - yes'")
    assert load_corpus(folder).disclaimer == "It’s “so” — yes. After."


@pytest.mark.parametrize(("language", "read"), [("EN", "en"), ("De-CH", "de-ch"), ("English", None), ("e n", None)])
def test_a_language_is_a_tag(write_corpus, language: str, read: str | None) -> None:
    folder = write_corpus("Fine.", *FRONT[:3], f"language: {language}", "disclaimer: none")
    if read is None:
        assert "'language' is wrong" in failure(folder)
    else:
        assert load_corpus(folder).documents["page"].language == read


def test_missing_empty_and_textless_folders(tmp_path: Path, write_corpus) -> None:
    assert "there is no such folder" in failure(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    assert "holds no document" in failure(tmp_path / "empty")
    assert "holds no sentence" in failure(write_corpus("# Only a heading"))


def test_files_that_are_not_text(tmp_path: Path, write_corpus) -> None:
    folder = write_corpus("Fine.")
    bad = folder / "bad.md"
    bad.write_bytes(b"---\ntitle: x\n---\nBad \xff byte")
    assert f"{bad}:4" in failure(folder)
    bad.write_bytes(b"---\ntitle: x\n---\nNUL \x00 here")
    assert "NUL" in failure(folder)
    bad.write_bytes(b"x" * (MAX_FILE_BYTES + 1))
    assert "the limit is 5 MB" in failure(folder)
    bad.write_text("No front matter.")
    assert "has no front matter" in failure(folder)


def test_two_files_may_not_share_an_id(write_corpus) -> None:
    folder = write_corpus("One.")
    write_corpus("Two.", folder=folder, name="page.txt")
    assert "same document id, 'page'" in failure(folder)


def test_html_and_text_are_read_like_markdown(write_corpus) -> None:
    folder = write_corpus("# Head\n\nOne *thing* here. Another [link](http://x.org).\n\n- An item.")
    html = "<nav>Menu.</nav><h1>Head</h1><p>One <em>thing</em> here. Another.</p><script>evil()</script>"
    write_corpus(html, *FRONT, folder=folder, name="b.html")
    write_corpus("First para.\n\nSecond\npara.", *FRONT, folder=folder, name="c.txt")
    corpus = load_corpus(folder)
    texts = [sentence.text for sentence in corpus.sentences]
    assert texts == [
        "One thing here.",
        "Another.",
        "First para.",
        "Second para.",
        "One thing here.",
        "Another link.",
        "An item.",
    ]


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        (
            "<ul><li>These doses were given:<ul><li>25 mg</li></ul> and more</li></ul>",
            ["These doses were given:", "25 mg", "and more"],
        ),
        ("<blockquote>He said this. <p>Then that.</p></blockquote>", ["He said this.", "Then that."]),
        (
            "<p>The <a>paper</a>, on 5-HT<sub>2A</sub> (<em>p</em>-value)<br>and more.<!-- no --></p>",
            ["The paper, on 5-HT2A (p-value) and more."],
        ),
        ("<table><tr><td><div>a</div><div>b</div></td><td>c</td></tr></table>", ["a b", "c"]),
        ("<p>Same.</p><p>Same.</p>", ["Same.", "Same."]),
        ("<form><div>Open<br>daily. <i>Free.</i></div><label>Name</label><input></form>", ["Open daily. Free."]),
        ("<main>Hello.<section>One.<div>Two.</div></section></main>", ["Hello.", "One.", "Two."]),
    ],
)
def test_html_loses_no_text_of_a_block_and_adds_no_space_to_a_word(write_corpus, html: str, texts: list[str]) -> None:
    corpus = load_corpus(write_corpus(html, name="page.html"))
    assert [passage.text for passage in corpus.passages] == texts


@pytest.mark.parametrize(
    ("html", "section"),
    [
        ("<h3><button>How do I cancel?</button></h3>", "How do I cancel?"),
        ("<h3>2. <button>May I <svg>v</svg>pause?</button> <i>+</i></h3>", "2. May I pause? +"),
        ("<button><h3>Is it free?</h3></button>", "Is it free?"),
        ("<h3>Fees <button>Copy link</button></h3>", "Fees"),
        ("<h3>Hours</h3><button>Open the map</button>", "Hours"),
    ],
)
def test_a_button_is_read_where_it_is_a_heading(write_corpus, html: str, section: str) -> None:
    (passage,) = load_corpus(write_corpus(f"<h3>Before</h3>{html}<p>By letter.</p>", name="page.html")).passages
    assert (passage.headings[-1], passage.text) == (section, "By letter.")


@pytest.mark.parametrize("line_break", ["<br>", "<br/>", "<BR />"])
def test_in_markdown_a_line_break_of_html_parts_words(write_corpus, line_break: str) -> None:
    (passage,) = load_corpus(write_corpus(f"Mon–Fri 9–17{line_break}Sat <b>10</b>–14")).passages
    assert passage.text == "Mon–Fri 9–17 Sat 10–14"


def test_a_table_is_read_by_its_cells_in_markdown_as_in_html(write_corpus) -> None:
    folder = write_corpus(
        "Opening hours.\n\n| Day | Hours |\n| --- | ---: |\n| Monday | 9–17<br>and *late* |\n| Sunday | |"
    )
    html = (
        "<p>Opening hours.</p><table><tr><th>Day</th><th>Hours</th></tr>"
        "<tr><td>Monday</td><td>9–17<br>and <em>late</em></td></tr><tr><td>Sunday</td><td></td></tr></table>"
    )
    write_corpus(html, *FRONT, folder=folder, name="same.html")
    documents = load_corpus(folder).documents
    assert documents["page"].text.split("\n\n") == [
        "Opening hours.",
        "Day",
        "Hours",
        "Monday",
        "9–17 and late",
        "Sunday",
    ]
    assert (documents["page"].text, documents["page"].blocks) == (documents["same"].text, documents["same"].blocks)


def test_in_html_as_in_markdown_a_paragraph_in_a_list_is_an_item(write_corpus) -> None:
    (passage,) = load_corpus(
        write_corpus("<ul><li><p>One, A. (2022). 10.1000/x</p></li></ul>", name="page.html")
    ).passages
    assert passage.kind == "reference"
