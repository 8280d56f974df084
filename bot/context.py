"""What stands around a sentence and belongs to its meaning, though it is not part of it."""

from bot.values import Passage

REFERENCE_GLOSS = "reference paper study article authors author written wrote published journal year DOI source"
"""What a bibliographic reference is and holds, in the words that people ask for it."""


def context_of(passage: Passage) -> str:
    """The nearest heading below the title, and for a reference what it is; empty when there is neither."""
    heading = passage.headings[-1] if len(passage.headings) > 1 else ""
    return f"{heading} {REFERENCE_GLOSS}".strip() if passage.kind == "reference" else heading
