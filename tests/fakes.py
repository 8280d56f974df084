"""Stand-ins whose answers can be worked out by hand."""

import itertools
import zlib
from collections.abc import Mapping, Sequence

import numpy as np

from bot.corpus.sentences import split_document
from bot.ports import Encoding
from bot.text import words
from bot.values import Block, Corpus, Document, Hit, Reply

DIMENSION = 512
PIECES = 5000


class Clock:
    """Seconds, set by hand."""

    def __init__(self, time: float = 0.0) -> None:
        self.time = time

    def __call__(self) -> float:
        return self.time


class FakeEncoder:
    """Each word is one piece, by its checksum, on an axis of its own; a text is the sum of its words."""

    vocabulary = tuple(f"piece{n}" for n in range(PIECES))

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        return [_encoding([zlib.crc32(word.encode()) % PIECES for word in words(text)]) for text in texts]

    def encode_query(self, text: str) -> Encoding:
        return self.encode([text])[0]


def _encoding(pieces: Sequence[int]) -> Encoding:
    tokens = np.zeros((len(pieces), DIMENSION), dtype=np.float32)
    for row, piece in enumerate(pieces):
        tokens[row, piece % DIMENSION] = 1.0
    total = tokens.sum(axis=0)
    length = float(np.linalg.norm(total))
    vector = total / length if length else np.eye(1, DIMENSION, dtype=np.float32)[0]
    return Encoding(vector.astype(np.float32), tokens, tuple(pieces))


class FakeSearcher:
    """Ranks by the number of shared words."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def search(self, text: str, k: int) -> tuple[Hit, ...]:
        if k < 1:
            raise ValueError("k must be at least 1")
        asked = set(words(text))
        hits = [Hit(s.id, float(len(asked & set(words(s.text))))) for s in self._corpus.sentences]
        return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.sentence_id))[:k])


def corpus_from(*paragraphs: str, disclaimer: str | None = None, author: str = "Dr. Author") -> Corpus:
    """A corpus of one document with these paragraphs."""
    return corpus_of({"doc": paragraphs}, disclaimer, author)


def corpus_of(
    documents: Mapping[str, Sequence[str]], disclaimer: str | None = None, author: str = "Dr. Author"
) -> Corpus:
    """A corpus of documents with these paragraphs, by id."""
    made, passages, sentences = {}, [], []
    for name, paragraphs in documents.items():
        starts = [0, *itertools.accumulate(len(paragraph) + 2 for paragraph in paragraphs)]
        blocks = tuple(Block("paragraph", at, at + len(text)) for at, text in zip(starts, paragraphs, strict=False))
        made[name] = Document(name, "The title", author, "The site", "en", "\n\n".join(paragraphs), blocks, "0")
        new = split_document(made[name], len(passages), len(sentences))
        passages.extend(new[0])
        sentences.extend(new[1])
    return Corpus(made, tuple(passages), tuple(sentences), disclaimer)


def reply_in(conversation_id: str, reply_id: str, message: str = "hi", text: str = "Hello!") -> Reply:
    """A reply of small talk."""
    return Reply(
        conversation_id, reply_id, "smalltalk", text, (), (), None, message, 0.0, "extractive", message=message
    )
