"""A document as a page on which any sentence can be linked to."""

from collections.abc import Iterator
from html import escape
from itertools import groupby

from bot.values import Block, Corpus, Document, Sentence

STYLE_PATH = "/ui/source.css"


def source_page(corpus: Corpus, document_id: str) -> str | None:
    """The page's HTML; None when the corpus has no such document.

    Every sentence has the id `s<start>-<end>`: the browser itself scrolls to the one in the address
    and the style sheet marks it (`:target`), so the page needs no script.
    """
    document = corpus.documents.get(document_id)
    if document is None:
        return None
    return f"""<!doctype html>
<html lang="{escape(document.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(document.title)}</title>
<link rel="stylesheet" href="{STYLE_PATH}">
</head>
<body>
<main>
<p class="byline">{_byline(document)}</p>
{article_html(corpus, document)}</main>
</body>
</html>
"""


def article_html(corpus: Corpus, document: Document) -> str:
    """The document's title and text, a span around each sentence."""
    sentences = {
        passage.start: [corpus.sentences[i] for i in passage.sentence_ids]
        for passage in corpus.passages
        if passage.document_id == document.id
    }
    has_title = any(block.kind == "heading" and block.level == 1 for block in document.blocks)
    title = "" if has_title else f"<h1>{escape(document.title)}</h1>\n"
    return title + "".join(_blocks(document, sentences))


def _byline(document: Document) -> str:
    parts = [escape(document.author), escape(document.publisher)]
    if document.published:
        parts.append(escape(document.published))
    if document.url:
        parts.append(f'<a href="{escape(document.url)}" rel="noopener noreferrer">original page</a>')
    return " · ".join(parts)


def _blocks(document: Document, sentences: dict[int, list[Sentence]]) -> Iterator[str]:
    for is_list, group in groupby(document.blocks, key=lambda block: block.kind in ("item", "reference")):
        if is_list:
            items = "\n".join(f"<li>{_text(document, block, sentences)}</li>" for block in group)
            yield f"<ul>\n{items}\n</ul>\n"
        else:
            for block in group:
                yield _block(document, block, sentences)


def _block(document: Document, block: Block, sentences: dict[int, list[Sentence]]) -> str:
    if block.kind == "break":
        return "<hr>\n"
    if block.kind == "heading":
        return f"<h{block.level}>{escape(document.text[block.start : block.end])}</h{block.level}>\n"
    return f"<p>{_text(document, block, sentences)}</p>\n"


def _text(document: Document, block: Block, sentences: dict[int, list[Sentence]]) -> str:
    """The block's text with a span around each sentence and nothing lost between them."""
    parts = []
    at = block.start
    for sentence in sentences.get(block.start, ()):
        parts.append(escape(document.text[at : sentence.start]))
        parts.append(f'<span id="s{sentence.start}-{sentence.end}">{escape(sentence.text)}</span>')
        at = sentence.end
    parts.append(escape(document.text[at : block.end]))
    return "".join(parts)
