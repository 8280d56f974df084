"""How much of a document one conversation may copy."""

import math
from collections import Counter
from collections.abc import Sequence

from bot.values import Citation, Corpus, Place

MOST = 0.15
"""Share of a document's characters that may be quoted in a conversation; what is beyond is linked to."""

SHORT = 1_000
"""Characters up to which a document may be quoted whole: opening hours, an address."""


class CopyingLimit:
    """Of each document, and never less than any one sentence of it. The disclaimer's sentences count for nothing: they
    may be quoted always.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._free = frozenset((s.document_id, s.start, s.end) for s in corpus.disclaiming())
        longest = Counter[str]()
        for sentence in corpus.sentences:
            longest[sentence.document_id] = max(longest[sentence.document_id], len(sentence.text))
        self._most = {
            name: max(MOST * len(document.text), longest[name]) if len(document.text) > SHORT else math.inf
            for name, document in corpus.documents.items()
        }

    def room(self, quoted: frozenset[Place]) -> dict[str, float]:
        """By document, the characters that may still be quoted. quoted: what was shown before."""
        used = _used(quoted - self._free)
        return {name: most - used[name] for name, most in self._most.items()}

    def beyond(self, quoted: frozenset[Place], citations: Sequence[Citation]) -> frozenset[int]:
        """Numbers of those citations whose quotes would be too much; a quote shown before is never.

        quoted: what was shown before.
        """
        used = _used(quoted - self._free)
        uncounted = quoted | self._free
        over = []
        for citation in citations:
            if (citation.document_id, citation.start, citation.end) in uncounted:
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
