"""FOOTNOTE_CHROMA_URL against Chroma's own server, on this machine only."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.corpus import load_corpus
from bot.errors import IndexStoreError
from bot.index.build import ensure_index
from bot.index.open import open_index
from evals.bench import free_port
from tests.fakes import FakeEncoder
from tests.index.building import fake_model


@pytest.fixture
def process(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    command = Path(sys.executable).parent / "chroma"
    assert shutil.which(command), "chromadb installs its command beside Python"
    port = free_port()
    process = subprocess.Popen(
        [str(command), "run", "--path", str(tmp_path / "served"), "--port", str(port)], stdout=subprocess.DEVNULL
    )
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield process, f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait()


@pytest.fixture
def server(process: tuple[subprocess.Popen[bytes], str]) -> str:
    return process[1]


def test_vectors_are_sent_once_and_found(server: str, tmp_path: Path, write_corpus) -> None:
    folder = write_corpus("One sentence here. Another there.")
    corpus = load_corpus(folder)
    path = ensure_index(tmp_path / "index", corpus, fake_model(), lambda *step: None)
    for _ in range(2):
        dense = open_index(path, corpus, FakeEncoder(), server).dense
        assert len(dense) == 2
        assert dense.search("another there", 1)[0].sentence_id == 1


def test_when_the_server_goes_away_the_same_is_found_without_it(
    process: tuple[subprocess.Popen[bytes], str], tmp_path: Path, write_corpus, caplog: pytest.LogCaptureFixture
) -> None:
    corpus = load_corpus(write_corpus("One sentence here. Another there. A third one."))
    path = ensure_index(tmp_path / "index", corpus, fake_model(), lambda *step: None)
    running, url = process
    dense = open_index(path, corpus, FakeEncoder(), url).dense
    before = dense.search("another there", 1)
    running.terminate()
    running.wait()
    for _ in range(2):
        after = dense.search("another there", 1)
        assert [hit.sentence_id for hit in after] == [hit.sentence_id for hit in before]
        assert [hit.score for hit in after] == pytest.approx([hit.score for hit in before], abs=1e-5)
    assert len([record for record in caplog.records if "Chroma" in record.message]) == 1


def test_a_server_that_does_not_answer_is_named(tmp_path: Path, write_corpus) -> None:
    corpus = load_corpus(write_corpus("One sentence here."))
    path = ensure_index(tmp_path / "index", corpus, fake_model(), lambda *step: None)
    with pytest.raises(IndexStoreError, match="FOOTNOTE_CHROMA_URL"):
        open_index(path, corpus, FakeEncoder(), f"http://127.0.0.1:{free_port()}")
