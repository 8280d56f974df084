"""Documents become passages and sentences with exact offsets."""

from bot.segmentation import sentence_spans
from bot.values import Block, Document, Passage, Sentence

_WHOLE_DOCUMENT = 2
"""Headings of this level and below end at a break; the title, level 1, does not."""


def split_document(document: Document, first_passage: int, first_sentence: int) -> tuple[list[Passage], list[Sentence]]:
    """Passages and sentences of `document`, numbered from the two ids given.

    A bibliographic reference is one sentence. Headings are not sentences: nobody can rest a
    statement on them.
    """
    passages: list[Passage] = []
    sentences: list[Sentence] = []
    trail: list[tuple[int, str]] = []
    for block in document.blocks:
        text = document.text[block.start : block.end]
        if block.kind in ("heading", "break"):
            level = block.level or _WHOLE_DOCUMENT
            trail = [entry for entry in trail if entry[0] < level]
            if block.kind == "heading":
                trail.append((level, text))
            continue
        passage_id = first_passage + len(passages)
        new = [
            Sentence(first_sentence + len(sentences) + n, document.id, passage_id, start, end, document.text[start:end])
            for n, (start, end) in enumerate(_boundaries(document, block))
        ]
        if not new:
            continue
        headings = (document.title, *(heading for _, heading in trail if heading != document.title))
        ids = tuple(sentence.id for sentence in new)
        passages.append(Passage(passage_id, document.id, block.kind, headings, block.start, block.end, text, ids))
        sentences.extend(new)
    return passages, sentences


def _boundaries(document: Document, block: Block) -> list[tuple[int, int]]:
    text = document.text[block.start : block.end]
    if block.kind == "reference":
        return [(block.start, block.end)]
    spans = sentence_spans(text, document.language)
    return [(block.start + start, block.start + end) for start, end in spans]
