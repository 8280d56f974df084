"""Index directory → searchers."""

from dataclasses import dataclass
from pathlib import Path

from bot.errors import IndexStoreError
from bot.index.build import BM25, CHROMA, COLLECTION
from bot.index.encodings import load_encodings
from bot.index.lexical import LexicalIndex
from bot.index.memory import CosineScorer, TokenIndex
from bot.index.vectors import DenseIndex, open_client
from bot.ports import Encoder
from bot.terms import language_of
from bot.values import Corpus


@dataclass(frozen=True, slots=True)
class Index:
    """What can be asked about a corpus's sentences."""

    dense: DenseIndex
    lexical: LexicalIndex
    tokens: TokenIndex
    cosine: CosineScorer


def open_index(folder: Path, corpus: Corpus, encoder: Encoder, chroma_url: str = "") -> Index:
    """Opens what `ensure_index` made of the same corpus.

    With a `chroma_url` the vectors are served by that Chroma, in a collection of this index's own,
    filled on first use. Raises IndexStoreError.
    """
    encodings = load_encodings(folder)
    cosine = CosineScorer.build(corpus, encoder, encodings)
    client = open_client(folder / CHROMA, chroma_url)
    if chroma_url:
        dense = DenseIndex.build(client, f"footnote-{folder.name}", cosine.vectors, encoder)
    else:
        dense = DenseIndex.open(client, COLLECTION, encoder)
    if not len(dense) == len(corpus.sentences):
        raise IndexStoreError(f"{folder}: the index does not fit the corpus. Delete that folder and start again.")
    lexical = LexicalIndex.open(folder / BM25, language_of(corpus))
    return Index(dense, lexical, TokenIndex.build(corpus, encoder, encodings), cosine)
