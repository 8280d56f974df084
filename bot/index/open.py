"""Index directory → searchers."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import IndexStoreError
from bot.index.bank import BankIndex
from bot.index.build import BM25, CHROMA, COLLECTION
from bot.index.encodings import load_encodings
from bot.index.lexical import LexicalIndex
from bot.index.memory import CosineScorer, TokenIndex
from bot.index.vectors import DenseIndex, memory_client, open_client
from bot.ports import Encoder, Encoding
from bot.terms import language_of
from bot.values import Corpus

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Index:
    """What can be asked about a corpus's sentences."""

    dense: DenseIndex
    lexical: LexicalIndex
    tokens: TokenIndex
    cosine: CosineScorer
    bank: BankIndex | None
    """None for a corpus without questions written beforehand."""
    encodings: Mapping[str, Encoding]
    """Of everything indexed, by text."""


def open_index(folder: Path, corpus: Corpus, encoder: Encoder, chroma_url: str = "") -> Index:
    """Opens what `ensure_index` made of the same corpus.

    With a `chroma_url` the vectors are served by that Chroma, in a collection of this index's own,
    filled on first use. Raises IndexStoreError.
    """
    encodings = load_encodings(folder)
    cosine = CosineScorer.build(corpus, encoder, encodings)
    dense = _open_dense(folder, cosine, chroma_url)
    lexical = LexicalIndex.open(folder / BM25, language_of(corpus))
    bank = BankIndex(corpus.bank, corpus, encoder, encodings) if corpus.bank else None
    return Index(dense, lexical, TokenIndex.build(corpus, encoder, encodings), cosine, bank, encodings)


def _open_dense(folder: Path, cosine: CosineScorer, chroma_url: str) -> DenseIndex:
    """From the server, or from disk. What Chroma cannot read on disk, where it also writes, is held in
    memory instead, from the same vectors.
    """
    name = f"footnote-{folder.name}"
    if chroma_url:
        return DenseIndex.build(open_client(folder, chroma_url), name, cosine.vectors, cosine.encoder)
    try:
        return DenseIndex.open(open_client(folder / CHROMA, url=""), COLLECTION, cosine.vectors, cosine.encoder)
    except IndexStoreError as error:
        _log.warning("%s Its vectors are held in memory.", error)
    return DenseIndex.build(memory_client(), name, cosine.vectors, cosine.encoder)
