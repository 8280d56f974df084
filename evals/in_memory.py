"""An index that is never written: for measuring on many small corpora."""

from collections.abc import Mapping, Sequence

import numpy as np

from bot.index.bank import BankIndex
from bot.index.build import build_lexical
from bot.index.memory import CosineScorer, TokenIndex, texts_of
from bot.ports import Encoder, Encoding, TextEncoder
from bot.retrieval.pipeline import Retrieval, Signals
from bot.values import Corpus, Hit


class ExactDense:
    """A Searcher: exact cosine, where Chroma's is approximate."""

    def __init__(self, scorer: CosineScorer) -> None:
        self._scorer = scorer

    def search(self, text: str, k: int) -> tuple[Hit, ...]:
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k!r}")
        scores = self._scorer.scores(text, range(len(self._scorer.vectors)))
        return tuple(Hit(int(i), float(scores[i])) for i in np.argsort(-scores, kind="stable")[:k])


class KnownEncoder:
    """Has read all messages beforehand, many at a time."""

    def __init__(self, encoder: TextEncoder, messages: Sequence[str]) -> None:
        texts = list(dict.fromkeys(" ".join(message.split()) for message in messages))
        self._encodings = dict(zip(texts, encoder.encode(texts), strict=True))
        self._encoder = encoder

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        missing = [text for text in dict.fromkeys(texts) if text not in self._encodings]
        self._encodings.update(zip(missing, self._encoder.encode(missing), strict=True))
        return [self._encodings[text] for text in texts]

    def encode_query(self, text: str) -> Encoding:
        return self.encode([text])[0]


def encode_all(encoder: Encoder, corpus: Corpus, known: dict[str, Encoding]) -> dict[str, Encoding]:
    """The encodings that an index of the corpus needs, by text; `known` is used and added to."""
    missing = [text for text in texts_of(corpus) if text not in known]
    known.update(zip(missing, encoder.encode(missing), strict=True))
    return known


def retrieval_over(corpus: Corpus, encoder: Encoder, encodings: Mapping[str, Encoding]) -> Retrieval:
    """The retrieval of `bot.wiring` over vectors in memory."""
    cosine = CosineScorer.build(corpus, encoder, encodings)
    tokens = TokenIndex.build(corpus, encoder, encodings)
    bank = BankIndex(corpus.bank, corpus, encoder, encodings) if corpus.bank else None
    return Retrieval.over(corpus, Signals(ExactDense(cosine), build_lexical(corpus), tokens, cosine, bank))
