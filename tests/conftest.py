import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"

from bot import Bot, Settings
from bot.corpus import load_corpus
from bot.values import Corpus

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return load_corpus(CORPUS)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The real corpus and model, with an index of this test run's own."""
    var = tmp_path_factory.mktemp("var")
    if os.environ.get("CI"):
        # Nothing there is older than this run, and the gate, which comes after, need not make it again.
        for made in ("index", "entailment"):
            (ROOT / "var" / made).mkdir(parents=True, exist_ok=True)
            (var / made).symlink_to(ROOT / "var" / made)
    return Settings(corpus_dir=CORPUS, var_dir=var)


@pytest.fixture(scope="session")
def bot(settings: Settings) -> Bot:
    return Bot.open(settings)


@pytest.fixture
def write_corpus(tmp_path: Path) -> Iterator[object]:
    """Writes one document; front matter lines may be given."""

    def write(body: str, *front: str, name: str = "page.md", folder: Path | None = None) -> Path:
        target = folder or tmp_path / "corpus"
        target.mkdir(parents=True, exist_ok=True)
        lines = front or ('title: "T"', 'author: "A"', 'publisher: "P"', "language: en", "disclaimer: none")
        (target / name).write_text("---\n" + "\n".join(lines) + "\n---\n" + body, encoding="utf-8")
        return target

    return write
