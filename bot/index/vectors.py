"""Sentence vectors in Chroma, embedded on disk or on a server."""

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from bot.errors import IndexStoreError
from bot.ports import Array, Encoder
from bot.values import Hit

_ADDED_AT_ONCE = 1000

_log = logging.getLogger(__name__)


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
    except Exception as error:  # of the connection, or of a server that refuses
        raise IndexStoreError(f"FOOTNOTE_CHROMA_URL={url!r}: no Chroma server answers there ({error}).") from None


def memory_client() -> Any:
    """A Chroma client that keeps its vectors in memory. No telemetry."""
    import chromadb
    from chromadb.config import Settings

    return chromadb.EphemeralClient(settings=Settings(anonymized_telemetry=False))


class DenseIndex:
    """A Searcher by the cosine of sentence vectors.

    Chroma is handed vectors, never text: it would embed text with a model of its own choosing. While it cannot be
    asked, the vectors in memory are compared instead.
    """

    def __init__(self, collection: Any, vectors: Array, encoder: Encoder) -> None:
        """vectors: shape (sentences, d), unit rows, by sentence id; what the collection should hold."""
        self._collection = collection
        self._vectors = vectors
        self._encoder = encoder
        self._failing = False

    @classmethod
    def build(cls, client: Any, name: str, vectors: Array, encoder: Encoder) -> "DenseIndex":
        """vectors: as above. An incomplete collection is made anew. Raises IndexStoreError."""
        try:
            found = {collection.name: collection for collection in client.list_collections()}
            if name in found and found[name].count() == len(vectors):
                return cls.open(client, name, vectors, encoder)
            if name in found:
                client.delete_collection(name)
            collection = client.create_collection(
                name, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
            )
            for first in range(0, len(vectors), _ADDED_AT_ONCE):
                part = vectors[first : first + _ADDED_AT_ONCE]
                collection.add(ids=[str(first + i) for i in range(len(part))], embeddings=part)
        except Exception as error:  # as above
            raise IndexStoreError(f"Chroma cannot write {name!r} ({type(error).__name__}).") from error
        return cls(collection, vectors, encoder)

    @classmethod
    def open(cls, client: Any, name: str, vectors: Array, encoder: Encoder) -> "DenseIndex":
        """Raises IndexStoreError when there is no such collection, or it cannot be read or does not hold them all."""
        try:
            collection = client.get_collection(name, embedding_function=None)
            held = collection.count()
        except Exception as error:  # as above
            raise IndexStoreError(f"Chroma cannot read {name!r} ({type(error).__name__}).") from error
        if held != len(vectors):
            raise IndexStoreError(f"Chroma's store of {name!r} is incomplete ({held} of {len(vectors)} vectors).")
        return cls(collection, vectors, encoder)

    def __len__(self) -> int:
        return len(self._vectors)

    def search(self, text: str, k: int) -> tuple[Hit, ...]:
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k!r}")
        vector = self._encoder.encode_query(text).vector
        count = min(k, len(self))
        try:
            found = self._collection.query(query_embeddings=[vector], n_results=count, include=["distances"])
            hits = _hits(found["ids"][0], similarities(found["distances"][0]))
            self._failing = False
        except Exception as error:  # whatever a server, a network or a disk may do
            if not self._failing:
                _log.warning("Chroma cannot be asked (%s); its vectors are compared in memory.", type(error).__name__)
            self._failing = True
            hits = _hits(range(len(self)), (self._vectors @ vector).tolist())
        return hits[:count]


def _hits(ids: Iterable[int | str], scores: Iterable[float]) -> tuple[Hit, ...]:
    hits = [Hit(int(i), score) for i, score in zip(ids, scores, strict=True)]
    return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.sentence_id)))


def similarities(distances: Sequence[float]) -> list[float]:
    """Chroma's cosine distances, 0..2 and lowest best, as cosines, -1..1 and highest best."""
    return [float(cosine) for cosine in np.clip(1.0 - np.asarray(distances, dtype=np.float64), -1.0, 1.0)]
