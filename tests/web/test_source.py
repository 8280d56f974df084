import re
from html import unescape

from bot.values import Block, Corpus, Document
from bot.web.source import source_page
from tests.fakes import corpus_from


def test_every_sentence_can_be_linked_to_and_no_text_is_lost(corpus: Corpus) -> None:
    for document in corpus.documents.values():
        page = source_page(corpus, document.id) or ""
        for sentence in corpus.sentences:
            if sentence.document_id == document.id:
                found = re.search(f'<span id="s{sentence.start}-{sentence.end}">(.*?)</span>', page, re.DOTALL)
                assert found is not None
                assert unescape(found[1]) == sentence.text
        shown = unescape(re.sub(r"<[^>]+>", " ", page.split("<main>")[1]))
        assert "".join(document.text.split()) in "".join(shown.split())


def test_markup_in_a_document_is_shown_as_text() -> None:
    corpus = corpus_from("A <script>alert(1)</script> & more. Then “quotes”.")
    page = source_page(corpus, "doc") or ""
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more." in page


def test_a_title_is_shown_once(corpus: Corpus) -> None:
    text = "Given title\n\nText."
    blocks = (Block("heading", 0, 11, 1), Block("paragraph", 13, 18))
    titled = Document("t", "Given title", "A", "P", "en", text, blocks, "0")
    assert (source_page(Corpus({"t": titled}, (), (), None), "t") or "").count("<h1>") == 1
    assert (source_page(corpus_from("Text."), "doc") or "").count("<h1>The title</h1>") == 1
    assert source_page(corpus, "unknown") is None
