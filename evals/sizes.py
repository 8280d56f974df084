"""How much a visitor's browser has to load, of this widget and of others."""

import gzip
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ConfigError
from bot.web.widget import LOADER, assets, panel_files

PEERS = {
    "flowise-embed@3.1.6": ("dist/web.js",),
    "@n8n/chat@1.37.0": ("dist/chat.bundle.es.js", "dist/style.css"),
    "@typebot.io/js@0.10.7": ("dist/web.js",),
}
"""Package of npm → the files that its own instructions have a page load."""


@dataclass(frozen=True, slots=True)
class Size:
    """Bytes, gzipped at level 9, file by file."""

    name: str
    at_once: int
    """With the page."""
    in_all: int
    """Once the chat is open."""


def own_size() -> Size:
    """Of this widget, the panel's HTML left out (under 1 kB)."""
    loader = _gzipped(assets()[LOADER].content)
    return Size("footnote", loader, loader + sum(_gzipped(assets()[name].content) for name in panel_files()))


def peer_sizes(folder: Path) -> Iterator[Size]:
    """Downloads PEERS into `folder`. Raises ConfigError where there is no npm, or it finds no registry."""
    for package, names in PEERS.items():
        command = ["npm", "pack", package, "--silent", "--pack-destination", str(folder)]
        try:
            packed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        except (FileNotFoundError, subprocess.CalledProcessError) as error:
            raise ConfigError(
                f"--peers: {package} could not be had ({error}). It needs npm and its registry."
            ) from None
        with tarfile.open(folder / packed.strip().split("\n")[-1]) as archive:
            size = sum(_gzipped(_content(archive, name)) for name in names)
        yield Size(package, size, size)


def _gzipped(content: bytes) -> int:
    return len(gzip.compress(content, 9))


def _content(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(f"package/{name}")
    assert member is not None, name
    return member.read()
