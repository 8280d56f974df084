"""What an index directory says of itself, and whether to believe it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from bot.index.memory import texts_of
from bot.values import Corpus

FORMAT = 3
"""Raise it when code changes what an index holds: older ones are then built anew."""

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Written last, so a directory without one is not an index."""

    format: int
    fingerprint: str
    model: str
    """Fingerprint of the embedding model."""
    documents: Mapping[str, str]
    """Document id → SHA-256 of its file."""
    sentences: int
    encoded: int
    """How many texts, sentences and headings, had to be embedded; the others came from an earlier index."""
    files: Mapping[str, str]
    """Path within the directory → SHA-256, for all files that are only ever read."""


def fingerprint(corpus: Corpus, model: str) -> str:
    """16 hexadecimal digits that change with the documents, how they are read, the bank, the model, and its use."""
    parts = {
        "format": FORMAT,
        "splitter": version("sentencex"),
        "model": model,
        "documents": {document.id: document.digest for document in corpus.documents.values()},
        "texts": texts_of(corpus),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def write_manifest(folder: Path, manifest: Manifest) -> None:
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1, sort_keys=True), encoding="utf-8")


def read_manifest(folder: Path) -> Manifest | None:
    """None when there is no manifest of this format: the directory is unfinished, damaged or old."""
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return manifest if manifest.format == FORMAT else None


def digests(folder: Path, files: Sequence[Path]) -> dict[str, str]:
    """SHA-256 of each file, by its path within `folder`."""
    found = {}
    for path in sorted(files):
        with path.open("rb") as file:
            found[path.relative_to(folder).as_posix()] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def is_intact(folder: Path, manifest: Manifest) -> bool:
    """Whether every file that the manifest lists is there with the content it had."""
    paths = [folder / name for name in manifest.files]
    return all(path.is_file() for path in paths) and digests(folder, paths) == dict(manifest.files)
