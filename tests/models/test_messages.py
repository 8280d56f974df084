from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from bot.conversation.kinds import QUESTION, REQUESTS, SMALL_TALK, UNCLEAR
from bot.errors import IndexStoreError
from bot.guard.exemplars import KINDS, SAFE
from bot.heads import Head
from bot.models import adapter, export, messages
from bot.models.adapter import read_adapter
from bot.models.export import export_message_model
from bot.models.messages import FILE, HEADS, read_heads, write_messages
from bot.models.resolve import DEFAULT, model_fingerprint, resolve_model

MOST_BYTES = 1_000_000


def test_what_is_written_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (adapter, messages):
        monkeypatch.setattr(module, "files", lambda _: tmp_path)
    half = np.full((2, 2), 0.5, dtype=np.float32)
    heads = {name: Head((f"{name} a", f"{name} b"), half, half[0], half, half[1]) for name in HEADS}
    write_messages(tmp_path / FILE, "fingerprint", {"x.a": half}, heads)
    base, matrices = read_adapter(FILE)
    assert (base, list(matrices)) == ("fingerprint", ["x.a"])
    read = read_heads()
    assert {name: head.kinds for name, head in read.items()} == {name: heads[name].kinds for name in HEADS}
    assert all(np.array_equal(read[name].outer, half) for name in HEADS)


def test_the_file_is_small_and_the_default_models_and_knows_every_kind() -> None:
    assert files("bot.models").joinpath(FILE).stat().st_size <= MOST_BYTES  # type: ignore[attr-defined]
    assert read_adapter(FILE)[0] == model_fingerprint(resolve_model(DEFAULT))
    heads = read_heads()
    assert set(heads["guard"].kinds) == {*KINDS, SAFE}
    assert set(heads["talk"].kinds) == {*SMALL_TALK, *REQUESTS, QUESTION, UNCLEAR}


def test_a_model_that_it_was_not_fitted_to_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_opened", lambda source: None)
    monkeypatch.setattr(export, "model_fingerprint", lambda source: "another")
    with pytest.raises(IndexStoreError, match=r"constraints\.txt"):
        export_message_model(tmp_path / "messages", [])
