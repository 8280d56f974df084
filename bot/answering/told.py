"""What a visitor has asked and been shown, read off the history."""

from collections.abc import Sequence

from bot.values import Corpus, Exchange, Reply, last_answer


class Told:
    """Looks the citations of earlier replies up in the corpus of today."""

    def __init__(self, corpus: Corpus) -> None:
        self._at = {(s.document_id, s.start, s.end): s.id for s in corpus.sentences}

    def shown(self, history: Sequence[Exchange]) -> list[int]:
        """Ids of the sentences cited, in the order in which they were; those that are still in the corpus."""
        return [i for exchange in history for i in self._ids(exchange.reply)]

    def last(self, history: Sequence[Exchange]) -> list[int]:
        """The same of `last_answer`; empty when there is none."""
        reply = last_answer(history)
        return self._ids(reply) if reply is not None else []

    def _ids(self, reply: Reply) -> list[int]:
        places = [(c.document_id, c.start, c.end) for c in reply.citations]
        return [self._at[place] for place in places if place in self._at]


def asked(history: Sequence[Exchange]) -> list[str]:
    """Every question as it was put and as it was understood."""
    return [text for exchange in history for text in (exchange.reply.message, exchange.reply.standalone_question)]
