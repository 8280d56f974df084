"""How much of a document one conversation may copy."""

from collections.abc import Iterable, Mapping, Sequence

from bot.values import Citation, Corpus, Exchange

MOST = 0.15
"""Share of a document's characters that may be quoted in a conversation; what is beyond is linked to."""


class CopyingLimit:
    """Looks at what was quoted before."""

    def __init__(self, corpus: Corpus) -> None:
        self._most = {document.id: MOST * len(document.text) for document in corpus.documents.values()}

    def beyond(self, history: Sequence[Exchange], citations: Sequence[Citation]) -> frozenset[int]:
        """Numbers of those citations whose quotes would be too much; a quote shown before is never."""
        shown = {_place(citation) for exchange in history for citation in exchange.reply.citations}
        used: dict[str, int] = {}
        for document_id, start, end in shown:
            used[document_id] = used.get(document_id, 0) + end - start
        return frozenset(self._over(citations, shown, used))

    def _over(
        self, citations: Iterable[Citation], shown: set[tuple[str, int, int]], used: Mapping[str, int]
    ) -> Iterable[int]:
        so_far = dict(used)
        for citation in citations:
            if _place(citation) in shown:
                continue
            total = so_far.get(citation.document_id, 0) + len(citation.quote)
            if total > self._most.get(citation.document_id, 0.0):
                yield citation.n
            else:
                so_far[citation.document_id] = total


def _place(citation: Citation) -> tuple[str, int, int]:
    return citation.document_id, citation.start, citation.end
