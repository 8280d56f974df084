"""Builds an index with fakes, as a process of its own: python -m tests.index.building ROOT CORPUS."""

import sys
from pathlib import Path

from bot.corpus import load_corpus
from bot.index.build import Model, ensure_index
from tests.fakes import FakeEncoder


def export(folder: Path, texts: object) -> None:
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(b"m" * 100_000)


def fake_model(fingerprint: str = "fake") -> Model:
    return Model(fingerprint, export, lambda folder: FakeEncoder())


if __name__ == "__main__":
    sys.stdout.write("started\n")
    sys.stdout.flush()
    built = ensure_index(Path(sys.argv[1]), load_corpus(Path(sys.argv[2])), fake_model(), lambda *step: None)
    sys.stdout.write(f"{built}\n")
