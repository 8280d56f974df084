"""Sentence vectors in Chroma, embedded on disk or on a server."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from bot.errors import IndexStoreError
from bot.ports import Array, Encoder
from bot.values import Hit

_ADDED_AT_ONCE = 1000


def open_client(folder: Path, url: str) -> Any:
    """A Chroma client for the server at `url`, or for `folder` when `url` is empty. No telemetry.

    Raises IndexStoreError when the server does not answer.
    """
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    if not url:
        try:
            return chromadb.PersistentClient(path=str(folder), settings=settings)
        except Exception as error:  # Chroma lets through whatever its database and its Rust core raise
            raise IndexStoreError(f"{folder}: Chroma cannot open it ({type(error).__name__}).") from error
    parts = urlsplit(url)
    ssl = parts.scheme == "https"
    try:
        return chromadb.HttpClient(
            host=parts.hostname or "", port=parts.port or (443 if ssl else 80), ssl=ssl, settings=settings
        )
    except ValueError as error:
        raise IndexStoreError(f"FOOTNOTE_CHROMA_URL={url!r}: no Chroma server answers there ({error}).") from None


def memory_client() -> Any:
    """A Chroma client that keeps its vectors in memory. No telemetry."""
    import chromadb
    from chromadb.config import Settings

    return chromadb.EphemeralClient(settings=Settings(anonymized_telemetry=False))


class DenseIndex:
    """A Searcher by the cosine of sentence vectors.

    Chroma is handed vectors, never text: it would embed text with a model of its own choosing.
    """

    def __init__(self, collection: Any, encoder: Encoder) -> None:
        self._collection = collection
        self._encoder = encoder
        self._count = int(collection.count())

    @classmethod
    def build(cls, client: Any, name: str, vectors: Array, encoder: Encoder) -> "DenseIndex":
        """vectors: shape (sentences, d), unit rows, by sentence id. An incomplete collection is made anew."""
        found = {collection.name: collection for collection in client.list_collections()}
        if name in found and found[name].count() == len(vectors):
            return cls.open(client, name, encoder)
        if name in found:
            client.delete_collection(name)
        collection = client.create_collection(
            name, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
        )
        for first in range(0, len(vectors), _ADDED_AT_ONCE):
            part = vectors[first : first + _ADDED_AT_ONCE]
            collection.add(ids=[str(first + i) for i in range(len(part))], embeddings=part)
        return cls(collection, encoder)

    @classmethod
    def open(cls, client: Any, name: str, encoder: Encoder) -> "DenseIndex":
        """Raises IndexStoreError when there is no such collection, or it cannot be read."""
        try:
            return cls(client.get_collection(name, embedding_function=None), encoder)
        except Exception as error:  # as above
            raise IndexStoreError(f"Chroma cannot read {name!r} ({type(error).__name__}).") from error

    def __len__(self) -> int:
        return self._count

    def search(self, text: str, k: int) -> tuple[Hit, ...]:
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k!r}")
        vector = self._encoder.encode_query(text).vector
        found = self._collection.query(query_embeddings=[vector], n_results=min(k, self._count), include=["distances"])
        scores = similarities(found["distances"][0])
        hits = [Hit(int(i), score) for i, score in zip(found["ids"][0], scores, strict=True)]
        return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.sentence_id)))


def similarities(distances: Sequence[float]) -> list[float]:
    """Chroma's cosine distances, 0..2 and lowest best, as cosines, -1..1 and highest best."""
    return [float(cosine) for cosine in np.clip(1.0 - np.asarray(distances, dtype=np.float64), -1.0, 1.0)]
