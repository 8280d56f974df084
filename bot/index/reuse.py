"""What a build takes over from an earlier index, so that only what changed is done again."""

import json
import os
import shutil
from pathlib import Path

import numpy as np

from bot.index.manifest import is_intact, read_manifest
from bot.ports import Encoding


def newest_of_model(root: Path, model: str) -> Path | None:
    """The newest whole index below `root` made with the model of that fingerprint."""
    found = []
    for path in root.iterdir():
        manifest = read_manifest(path) if path.is_dir() and not path.name.startswith(".") else None
        if manifest is not None and manifest.model == model and is_intact(path, manifest):
            found.append(path)
    return max(found, key=lambda path: path.stat().st_mtime, default=None)


def vectors_by_text(texts: Path, arrays: Path) -> dict[str, Encoding]:
    """The encodings an earlier index holds, by the sentence's text."""
    with np.load(arrays) as stored:
        vectors, offsets = stored["vectors"], stored["offsets"]
        tokens, pieces = stored["tokens"].astype(np.float32), stored["pieces"]
    return {
        text: Encoding(vectors[i], tokens[start:end], tuple(pieces[start:end].tolist()))
        for i, (text, start, end) in enumerate(
            zip(json.loads(texts.read_text(encoding="utf-8")), offsets[:-1], offsets[1:], strict=True)
        )
    }


def link_or_copy(source: Path, target: Path) -> None:
    """A folder again at another place; hard links where the file system has them, as models are large."""
    try:
        shutil.copytree(source, target, copy_function=os.link)
    except (OSError, shutil.Error):
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target)
