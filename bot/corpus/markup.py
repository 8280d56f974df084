"""Markdown, HTML and plain text become plain text with blocks."""

import itertools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.values import Block, BlockKind

Reader = Callable[[str], tuple[str, tuple[Block, ...]]]

_DOI = re.compile(r"\b10\.\d{4,9}/\S+")
_LINE_BREAK = re.compile(r"<br\b", re.IGNORECASE)
_HTML_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_HTML_BLOCKS = (*_HTML_HEADINGS, "p", "li", "dt", "dd", "td", "th", "blockquote", "figcaption", "hr")
_HTML_INLINE = frozenset(
    "a abbr b bdi bdo cite code data del dfn em font i ins kbd mark q s samp small span strong sub sup time tt u var "
    "wbr".split()
)
"""Elements that do not part the words around them."""
_HTML_VOID = ("br", "img", "picture", "video", "audio")
_HTML_NOISE = (
    *("script", "style", "template", "noscript", "nav", "iframe", "svg", "head"),
    *("input", "select", "textarea", "label", "datalist"),
)


@dataclass(frozen=True, slots=True)
class _Piece:
    kind: BlockKind
    text: str
    level: int = 0


def read_markdown(body: str) -> tuple[str, tuple[Block, ...]]:
    """CommonMark with tables. Markup, images, HTML and code fences are left out; link texts stay."""
    from markdown_it import MarkdownIt

    return _assemble(_markdown_pieces(MarkdownIt("commonmark").enable("table").parse(body)))


def read_html(body: str) -> tuple[str, tuple[Block, ...]]:
    """The text; scripts, navigation and what is to be filled in are left out."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(body, "html.parser")
    for noise in soup(_HTML_NOISE):
        noise.decompose()
    for button in soup(_is_button):
        button.decompose()
    return _assemble(_html_pieces(soup))


def read_text(body: str) -> tuple[str, tuple[Block, ...]]:
    """Paragraphs parted by blank lines."""
    return _assemble(_Piece("paragraph", part) for part in re.split(r"\n[ \t]*\n", body))


READERS: Mapping[str, Reader] = {
    ".md": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".txt": read_text,
}


def _markdown_pieces(tokens: Iterable[object]) -> Iterable[_Piece]:
    level = 0
    items = 0
    for token in tokens:
        kind = token.type  # type: ignore[attr-defined]
        if kind == "heading_open":
            level = int(token.tag[1])  # type: ignore[attr-defined]
        elif kind == "heading_close":
            level = 0
        elif kind in ("list_item_open", "list_item_close"):
            items += 1 if kind == "list_item_open" else -1
        elif kind == "hr":
            yield _Piece("break", "")
        elif kind == "inline":
            text = _inline_text(token.children or ())  # type: ignore[attr-defined]
            yield _Piece("heading", text, level) if level else _Piece("item" if items else "paragraph", text)


def _inline_text(children: Iterable[object]) -> str:
    parts = []
    for child in children:
        kind = child.type  # type: ignore[attr-defined]
        if kind in ("text", "code_inline"):
            parts.append(child.content)  # type: ignore[attr-defined]
        elif kind in ("softbreak", "hardbreak") or _LINE_BREAK.match(child.content):  # type: ignore[attr-defined]
            parts.append(" ")
    return "".join(parts)


def _is_button(tag: Any) -> bool:
    """Whether it is to be pressed, and not all that a heading says, as the questions of an accordion are."""
    if tag.name != "button":
        return False
    heading = tag.find_parent(_HTML_HEADINGS) or tag.find(_HTML_HEADINGS)
    return heading is None or any(
        char.isalpha() for string in _strings(heading) if string.find_parent("button") is None for char in string
    )


def _strings(tag: Any) -> list[Any]:
    """Neither comments nor declarations."""
    from bs4.element import NavigableString

    return [string for string in tag.find_all(string=True) if type(string) is NavigableString]


def _html_pieces(soup: Any) -> Iterable[_Piece]:
    """The text of each block up to the next that begins or ends, in the document's order."""
    for tag in soup.find_all(_HTML_VOID):
        tag.replace_with(" ")
    for tag in soup.find_all(_parts_words):
        tag.insert(0, " ")
        tag.append(" ")
    placed = [
        (string, string.find_parent(_HTML_BLOCKS) or string.find_parent(_parts_words)) for string in _strings(soup)
    ]
    for _, run in itertools.groupby(placed, key=lambda each: id(each[1])):
        strings, blocks = zip(*run, strict=True)
        block = blocks[0]
        name = "" if block is None else block.name
        if name == "hr":
            yield _Piece("break", "")
        elif name in _HTML_HEADINGS:
            yield _Piece("heading", "".join(strings), int(name[1]))
        else:
            in_list = name == "li" or (block is not None and block.find_parent("li") is not None)
            yield _Piece("item" if in_list else "paragraph", "".join(strings))


def _parts_words(tag: Any) -> bool:
    return tag.name not in _HTML_INLINE


def _assemble(pieces: Iterable[_Piece]) -> tuple[str, tuple[Block, ...]]:
    parts: list[str] = []
    blocks: list[Block] = []
    at = 0
    for piece in pieces:
        text = " ".join(piece.text.split())
        if not text and piece.kind != "break":
            continue
        kind: BlockKind = "reference" if piece.kind == "item" and _DOI.search(text) else piece.kind
        blocks.append(Block(kind, at, at + len(text), piece.level))
        if text:
            parts.append(text)
            at += len(text) + 2
    return "\n\n".join(parts), tuple(blocks)
