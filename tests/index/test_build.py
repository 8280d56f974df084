"""Whole or absent, reused where nothing changed."""

import random
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bot.corpus import load_corpus
from bot.errors import IndexStoreError
from bot.index.build import ensure_index
from bot.index.manifest import fingerprint, is_intact, read_manifest
from bot.index.open import open_index
from tests.conftest import ROOT
from tests.fakes import FakeEncoder
from tests.index.building import fake_model


def build(root: Path, folder: Path) -> Path:
    return ensure_index(root, load_corpus(folder), fake_model(), lambda *step: None)


def start(root: Path, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.index.building", str(root), str(folder)]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def whole(path: Path) -> bool:
    manifest = read_manifest(path)
    return manifest is not None and is_intact(path, manifest)


def test_it_is_built_once_and_then_reopened(tmp_path: Path, write_corpus) -> None:
    folder = write_corpus("One sentence here. Another there.")
    first = build(tmp_path / "index", folder)
    written = (first / "manifest.json").stat().st_mtime_ns
    assert build(tmp_path / "index", folder) == first
    assert (first / "manifest.json").stat().st_mtime_ns == written
    index = open_index(first, load_corpus(folder), FakeEncoder())
    assert len(index.dense) == 2


def test_a_changed_document_re_embeds_only_itself(tmp_path: Path, write_corpus) -> None:
    folder = write_corpus("Kept as it was. And this too.")
    write_corpus("Old text.", 'title: "B"', 'author: "A"', 'publisher: "P"', "language: en", folder=folder, name="b.md")
    build(tmp_path / "index", folder)
    write_corpus("New text.", 'title: "B"', 'author: "A"', 'publisher: "P"', "language: en", folder=folder, name="b.md")
    manifest = read_manifest(build(tmp_path / "index", folder))
    assert manifest is not None
    assert (manifest.sentences, manifest.encoded) == (3, 1)


def test_another_model_is_another_index_and_embeds_all(tmp_path: Path, write_corpus) -> None:
    folder = write_corpus("One sentence here.")
    first = build(tmp_path / "index", folder)
    second = ensure_index(tmp_path / "index", load_corpus(folder), fake_model("other"), lambda *step: None)
    manifest = read_manifest(second)
    assert second != first
    assert manifest is not None
    assert manifest.encoded == 1


@pytest.mark.parametrize("damage", ["flip", "truncate", "remove", "manifest"])
def test_a_damaged_index_is_built_anew(tmp_path: Path, write_corpus, damage: str) -> None:
    folder = write_corpus("One sentence here. Another there.")
    path = build(tmp_path / "index", folder)
    victim = path / ("manifest.json" if damage == "manifest" else "encodings.npz")
    content = bytearray(victim.read_bytes())
    if damage == "flip":
        content[len(content) // 2] ^= 1
        victim.write_bytes(content)
    elif damage == "remove":
        victim.unlink()
    else:
        victim.write_bytes(content[: len(content) // 2])
    assert build(tmp_path / "index", folder) == path
    assert whole(path)
    assert len(open_index(path, load_corpus(folder), FakeEncoder()).dense) == 2


@pytest.mark.parametrize("damage", ["garbage", "removed"])
def test_what_chroma_cannot_read_is_held_in_memory(tmp_path: Path, write_corpus, damage: str) -> None:
    folder = write_corpus("One sentence here. Another there.")
    path = build(tmp_path / "index", folder)
    expected = open_index(path, load_corpus(folder), FakeEncoder()).dense.search("another there", 2)
    copy = tmp_path / "index" / f"copy-{damage}"
    shutil.copytree(path, copy)
    if damage == "removed":
        shutil.rmtree(copy / "chroma")
        (copy / "chroma").write_text("in the way")
    else:
        (copy / "chroma" / "chroma.sqlite3").write_bytes(b"not a database" * 100)
    found = open_index(copy, load_corpus(folder), FakeEncoder()).dense.search("another there", 2)
    assert [hit.sentence_id for hit in found] == [hit.sentence_id for hit in expected]


def test_a_bad_corpus_leaves_the_index_alone(tmp_path: Path, write_corpus) -> None:
    folder = write_corpus("One sentence here.")
    path = build(tmp_path / "index", folder)
    (folder / "bad.md").write_bytes(b"\xff\xfe")
    with pytest.raises(Exception, match="not UTF-8"):
        build(tmp_path / "index", folder)
    assert whole(path)


def test_a_folder_that_cannot_be_written(tmp_path: Path, write_corpus) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(IndexStoreError, match="FOOTNOTE_VAR_DIR"):
        build(tmp_path / "file" / "index", write_corpus("One sentence here."))


def test_kill_9_at_any_moment(tmp_path: Path, write_corpus) -> None:
    root = tmp_path / "index"
    folder = write_corpus("The old text. It was short.")
    old = build(root, folder)
    rng = random.Random(7)
    write_corpus("\n\n".join(f"Paragraph {n} is new. It says {n}." for n in range(400)), folder=folder)
    for _ in range(8):
        process = start(root, folder)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(rng.uniform(0.0, 2.0))
        process.kill()
        process.wait()
        assert whole(old)
        assert all(whole(path) for path in root.iterdir() if path.is_dir() and not path.name.startswith("."))
    new = build(root, folder)
    assert whole(new)
    assert len(open_index(new, load_corpus(folder), FakeEncoder()).dense) == 800
    assert [path for path in root.iterdir() if path.name.startswith(".building")] == []


def test_two_processes_at_once(tmp_path: Path, write_corpus) -> None:
    folder = write_corpus("One sentence here. Another there.")
    processes = [start(tmp_path / "index", folder) for _ in range(2)]
    outputs = [process.communicate(timeout=120)[0].split()[-1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert outputs[0] == outputs[1]
    assert whole(Path(outputs[0]))


def test_what_is_read_otherwise_of_the_same_files_is_another_index(write_corpus) -> None:
    corpus = load_corpus(write_corpus("One sentence here. Another there."))
    first, *others = corpus.sentences
    otherwise = replace(corpus, sentences=(replace(first, text="One sentence there."), *others))
    assert fingerprint(otherwise, "model") != fingerprint(corpus, "model")
    assert fingerprint(replace(corpus), "model") == fingerprint(corpus, "model")
