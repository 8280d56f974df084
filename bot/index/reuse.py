"""What a build takes over from an earlier index, so that only what changed is done again."""

import os
import shutil
from pathlib import Path

from bot.index.manifest import is_intact, read_manifest


def newest_of_model(root: Path, model: str) -> Path | None:
    """The newest whole index below `root` made with the model of that fingerprint."""
    found = []
    for path in root.iterdir():
        manifest = read_manifest(path) if path.is_dir() and not path.name.startswith(".") else None
        if manifest is not None and manifest.model == model and is_intact(path, manifest):
            found.append(path)
    return max(found, key=lambda path: path.stat().st_mtime, default=None)


def link_or_copy(source: Path, target: Path) -> None:
    """A folder again at another place; hard links where the file system has them, as models are large."""
    try:
        shutil.copytree(source, target, copy_function=os.link)
    except (OSError, shutil.Error):
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target)
