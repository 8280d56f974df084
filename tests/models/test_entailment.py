from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from bot.config import Settings
from bot.errors import IndexStoreError
from bot.models import adapter, entailment, export
from bot.models.adapter import read_adapter
from bot.models.embeddings import GRAPH
from bot.models.entailment import FILE, OnnxEntailment, ensure_entailment, parts_of, read_head, write_entailment
from bot.models.resolve import DEFAULT, model_fingerprint, resolve_model
from bot.values import Corpus
from bot.wiring import open_entailment

MOST_BYTES = 1_000_000

TEXT = "The archive in Tromsø was moved to a dry cellar in 1964, after the flood."
CLAIMS = (
    "The archive in Tromsø was moved to a dry cellar in 1964.",
    "The archive in Tromsø was never moved.",
    "Bread is baked from flour, water and salt.",
)


@pytest.fixture(scope="module")
def model(settings: Settings, corpus: Corpus) -> OnnxEntailment:
    return open_entailment(settings, corpus)


def test_what_is_written_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (adapter, entailment):
        monkeypatch.setattr(module, "files", lambda _: tmp_path)
    matrix = np.asarray([[1.0, -0.5], [0.25, 0.0]], dtype=np.float32)
    write_entailment(tmp_path / FILE, "fingerprint", {"x.a": matrix}, {"out.weight": matrix, "out.bias": matrix[0]})
    base, matrices = read_adapter(FILE)
    assert (base, list(matrices)) == ("fingerprint", ["x.a"])
    head = read_head()
    assert set(head) == {"out.weight", "out.bias"}
    assert np.allclose(head["out.weight"], matrix, atol=0.01)
    assert np.array_equal(head["out.bias"], matrix[0])


def test_the_file_is_small_and_the_default_models() -> None:
    assert files("bot.models").joinpath(FILE).stat().st_size <= MOST_BYTES  # type: ignore[attr-defined]
    assert read_adapter(FILE)[0] == model_fingerprint(resolve_model(DEFAULT))


def test_parts_leave_special_tokens_out() -> None:
    types, special = np.asarray([[0, 0, 0, 1, 1, 0]]), np.asarray([[1, 0, 1, 0, 1, 1]])
    assert parts_of(types, special).tolist() == [[0, 1, 0, 2, 0, 0]]


def test_what_the_text_says_is_likelier_than_what_it_denies_or_lacks(model: OnnxEntailment) -> None:
    said, denied, elsewhere = model.logits([(TEXT, claim) for claim in CLAIMS])
    assert said > 0 > max(denied, elsewhere)


def test_a_pair_is_read_alike_alone_and_among_others(model: OnnxEntailment) -> None:
    pairs = [(TEXT, claim) for claim in CLAIMS] + [(" ".join([TEXT] * 9), CLAIMS[0]), ("", "")] * 10
    alone = [float(model.logits([pair])[0]) for pair in pairs]
    assert np.allclose(model.logits(pairs), alone, atol=0.05)
    assert model.logits([]).shape == (0,)


def test_pairs_of_any_length_are_read(model: OnnxEntailment) -> None:
    long = "word " * 5_000
    assert np.isfinite(model.logits([(long, long), (long, "word"), ("word", long), ("", "")])).all()


def test_a_model_that_it_was_not_fitted_to_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_opened", lambda source: None)
    monkeypatch.setattr(export, "model_fingerprint", lambda source: "another")
    with pytest.raises(IndexStoreError, match=r"constraints\.txt"):
        ensure_entailment(tmp_path, [])
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_a_folder_that_cannot_be_written_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "entailment").write_text("a file")
    with pytest.raises(IndexStoreError, match="FOOTNOTE_VAR_DIR"):
        ensure_entailment(tmp_path / "entailment", [])


def test_a_damaged_graph_is_named(tmp_path: Path) -> None:
    (tmp_path / GRAPH).write_bytes(b"no graph")
    with pytest.raises(IndexStoreError, match=str(tmp_path)):
        OnnxEntailment(tmp_path)
