"""Finds the passage that every answer must carry."""

from collections.abc import Sequence
from pathlib import Path

from bot.corpus.front_matter import FrontMatter
from bot.errors import CorpusError
from bot.text import straight_quotes
from bot.values import Document, Sentence

_NONE = "none"


def find_disclaimer(
    folder: Path,
    documents: Sequence[tuple[Path, FrontMatter, Document]],
    sentences: Sequence[Sentence],
) -> str | None:
    """The disclaimer, verbatim: from the sentence that the front matter names to its paragraph's end.

    None when the one document that speaks of it says `disclaimer: none`. Raises CorpusError when no
    document or more than one speaks of it, or when the words begin no sentence or several.
    """
    naming = [entry for entry in documents if entry[1].disclaimer is not None]
    if not naming:
        remedy = (
            'Add `disclaimer: "<first words of the sentence>"` to the front matter of one document,'
            " or `disclaimer: none` if the site needs none"
        )
        raise CorpusError(folder, "no document names the disclaimer", remedy)
    if len(naming) > 1:
        raise CorpusError(naming[1][0], f"names a disclaimer as {naming[0][0]} does", "Keep one of the two")
    path, front, document = naming[0]
    wanted = str(front.disclaimer)
    if wanted.lower() == _NONE:
        return None
    starting = [
        sentence
        for sentence in sentences
        if sentence.document_id == document.id and straight_quotes(sentence.text).startswith(straight_quotes(wanted))
    ]
    if len(starting) != 1:
        count = "no sentence" if not starting else f"{len(starting)} sentences"
        problem = f"has a disclaimer setting {wanted!r} that begins {count} of the document"
        raise CorpusError(path, problem, "Copy the first words of one sentence exactly")
    start = starting[0].start
    paragraph = next(block for block in document.blocks if block.start <= start < block.end)
    return document.text[start : paragraph.end]
