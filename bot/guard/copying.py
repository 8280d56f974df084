"""How much of a document one conversation may copy."""

from collections import Counter
from collections.abc import Sequence

from bot.values import Citation, Corpus, Place

MOST = 0.15
"""Share of a document's characters that may be quoted in a conversation; what is beyond is linked to."""


class CopyingLimit:
    """Of each document."""

    def __init__(self, corpus: Corpus) -> None:
        self._most = {document.id: MOST * len(document.text) for document in corpus.documents.values()}

    def room(self, quoted: frozenset[Place]) -> dict[str, float]:
        """By document, the characters that may still be quoted. quoted: what was shown before."""
        used = _used(quoted)
        return {name: most - used[name] for name, most in self._most.items()}

    def beyond(self, quoted: frozenset[Place], citations: Sequence[Citation]) -> frozenset[int]:
        """Numbers of those citations whose quotes would be too much; a quote shown before is never.

        quoted: what was shown before.
        """
        used = _used(quoted)
        over = []
        for citation in citations:
            if (citation.document_id, citation.start, citation.end) in quoted:
                continue
            used[citation.document_id] += len(citation.quote)
            if used[citation.document_id] > self._most.get(citation.document_id, 0.0):
                used[citation.document_id] -= len(citation.quote)
                over.append(citation.n)
        return frozenset(over)


def _used(quoted: frozenset[Place]) -> Counter[str]:
    """Characters quoted, by document."""
    used = Counter[str]()
    for document_id, start, end in quoted:
        used[document_id] += end - start
    return used
