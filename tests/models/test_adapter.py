from pathlib import Path

import numpy as np
import pytest
import torch

from bot.models import adapter
from bot.models.adapter import SCALE, adapt, in_eight_bits, read_adapter, write_adapter
from bot.models.resolve import DEFAULT, model_fingerprint, resolve_model


def test_a_layer_gains_the_product_of_its_matrices() -> None:
    module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Linear(2, 2))
    before = [layer.weight.detach().numpy().copy() for layer in module]
    a, b = np.ones((1, 3), dtype=np.float32), np.full((2, 1), 0.5, dtype=np.float32)
    adapt(module, {"0.a": a, "0.b": b})
    assert np.allclose(module[0].weight.detach().numpy(), before[0] + SCALE * 0.5)
    assert np.allclose(module[1].weight.detach().numpy(), before[1])


def test_what_is_written_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "files", lambda _: tmp_path)
    write_adapter(tmp_path / "adapter.npz", "fingerprint", {"x.a": np.ones((1, 2), dtype=np.float32)})
    base, matrices = read_adapter()
    assert base == "fingerprint"
    assert np.array_equal(matrices["x.a"], np.ones((1, 2)))


def test_eight_bits_keep_each_row_of_the_rank_to_half_a_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "files", lambda _: tmp_path)
    rng = np.random.default_rng(0)
    a = rng.normal(size=(3, 8)).astype(np.float32) * np.asarray([[1], [100], [0]], dtype=np.float32)
    b = a.T.copy()
    write_adapter(tmp_path / "adapter.npz", "fingerprint", in_eight_bits({"x.a": a, "x.b": b}))
    matrices = read_adapter()[1]
    steps = np.abs(a).max(axis=1, keepdims=True) / 127
    assert set(matrices) == {"x.a", "x.b"}
    assert (np.abs(matrices["x.a"] - a) <= 0.501 * steps).all()
    assert (np.abs(matrices["x.b"] - b) <= 0.501 * steps.T).all()


def test_the_adapter_is_the_default_models() -> None:
    base, matrices = read_adapter()
    assert base == model_fingerprint(resolve_model(DEFAULT))
    layers = {name.rpartition(".")[0] for name in matrices}
    assert set(matrices) == {f"{layer}.{side}" for layer in layers for side in "ab"}
