"""Corpus → index directory: built aside, renamed into place, reused where nothing changed.

var/index/.lock                 held while building
var/index/.building-<random>/   unfinished; swept by the next build
var/index/<fingerprint>/        whole, and never written again
"""

import os
import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import filelock

from bot.context import context_of
from bot.errors import IndexStoreError
from bot.index.encodings import load_encodings, save_encodings
from bot.index.lexical import LexicalIndex
from bot.index.manifest import FORMAT, Manifest, digests, fingerprint, is_intact, read_manifest, write_manifest
from bot.index.memory import CosineScorer, texts_of
from bot.index.reuse import link_or_copy, newest_of_model
from bot.index.vectors import DenseIndex, open_client
from bot.ports import Encoder, Encoding, Progress
from bot.terms import language_of
from bot.values import Corpus

CHROMA = "chroma"
BM25 = "bm25"
MODEL = "model"
COLLECTION = "sentences"

_CHECKED = 200
"""Texts on which an exported model is checked against its original."""

_KEPT = 3
"""Index directories left after a build: the new one, and earlier ones that processes may still serve."""

_ENCODED_AT_ONCE = 1024
"""The more, the less is padded: an encoder runs texts of like length together."""

_LOCK_SECONDS = 900
_BUILDING = ".building-"


@dataclass(frozen=True, slots=True)
class Model:
    """An embedding model as the build needs it."""

    fingerprint: str
    export: Callable[[Path, Sequence[str]], None]
    """Writes the model to a folder, checked on the texts given."""
    open: Callable[[Path], Encoder]
    """Opens what `export` wrote."""


def ensure_index(root: Path, corpus: Corpus, model: Model, progress: Progress) -> Path:
    """The directory of the index of `corpus`, built if there is none or if it is damaged.

    Safe against `kill -9` at any point and against several processes at once: the first builds, the
    others wait for it. Raises IndexStoreError when `root` cannot be written or the lock is not had.
    """
    name = fingerprint(corpus, model.fingerprint)
    target = root / name
    if _is_whole(target):
        return target
    try:
        root.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(root / ".lock", timeout=_LOCK_SECONDS):
            if not _is_whole(target):
                _sweep(root)
                _build_aside(root, target, corpus, model, progress)
                _prune(root, target)
    except filelock.Timeout:
        raise IndexStoreError(f"{root}: another process has been building for {_LOCK_SECONDS} s. End it.") from None
    except OSError as error:
        problem = f"the index cannot be written ({error.strerror})"
        raise IndexStoreError(
            f"{root}: {problem}. Set FOOTNOTE_VAR_DIR to a folder with space and permission."
        ) from None
    return target


def _is_whole(target: Path) -> bool:
    manifest = read_manifest(target)
    return manifest is not None and is_intact(target, manifest)


def _sweep(root: Path) -> None:
    """Removes what killed builds left. Only called with the lock held."""
    for path in root.glob(f"{_BUILDING}*"):
        shutil.rmtree(path, ignore_errors=True)


def _build_aside(root: Path, target: Path, corpus: Corpus, model: Model, progress: Progress) -> None:
    aside = root / f"{_BUILDING}{secrets.token_hex(8)}"
    try:
        aside.mkdir()
        _fill(aside, target, corpus, model, progress)
        _sync(aside)
        if target.exists():  # damaged: _is_whole has said so
            shutil.rmtree(target)
        os.replace(aside, target)
        _sync_folder(root)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _fill(folder: Path, target: Path, corpus: Corpus, model: Model, progress: Progress) -> None:
    texts = texts_of(corpus)
    earlier = newest_of_model(target.parent, model.fingerprint)
    if earlier is not None:
        link_or_copy(earlier / MODEL, folder / MODEL)
    else:
        progress("Exporting the embedding model", 0, 1)
        model.export(folder / MODEL, texts[:_CHECKED])
        progress("Exporting the embedding model", 1, 1)
    encoder = model.open(folder / MODEL)
    known = load_encodings(earlier) if earlier is not None else {}
    missing = [text for text in texts if text not in known]
    known.update(zip(missing, _encode(encoder, missing, progress), strict=True))
    _write(folder, corpus, encoder, {text: known[text] for text in texts})
    reads_only = [p for p in folder.rglob("*") if p.is_file() and CHROMA not in p.relative_to(folder).parts]
    documents = {document.id: document.digest for document in corpus.documents.values()}
    files = digests(folder, reads_only)
    counts = {"sentences": len(corpus.sentences), "encoded": len(missing)}
    write_manifest(folder, Manifest(FORMAT, target.name, model.fingerprint, documents, files=files, **counts))


def _encode(encoder: Encoder, texts: Sequence[str], progress: Progress) -> list[Encoding]:
    found: list[Encoding] = []
    for first in range(0, len(texts), _ENCODED_AT_ONCE):
        progress("Reading sentences", first, len(texts))
        found.extend(encoder.encode(texts[first : first + _ENCODED_AT_ONCE]))
    progress("Reading sentences", len(texts), len(texts))
    return found


def _write(folder: Path, corpus: Corpus, encoder: Encoder, encodings: Mapping[str, Encoding]) -> None:
    save_encodings(folder, encodings)
    build_lexical(corpus).save(folder / BM25)
    client = open_client(folder / CHROMA, url="")
    try:
        DenseIndex.build(client, COLLECTION, CosineScorer.build(corpus, encoder, encodings).vectors, encoder)
    finally:
        client.close()


def build_lexical(corpus: Corpus) -> LexicalIndex:
    """BM25 reads a sentence's own words and those of its context."""
    texts = [f"{context_of(corpus.passage_of(sentence.id))}\n{sentence.text}" for sentence in corpus.sentences]
    return LexicalIndex.build(texts, language_of(corpus))


def _sync(folder: Path) -> None:
    """Content before name: after a power cut, a renamed directory must not hold empty files."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        else:
            _sync_folder(path)
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _prune(root: Path, target: Path) -> None:
    others = [path for path in root.iterdir() if path.is_dir() and path != target and not path.name.startswith(".")]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[_KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)
