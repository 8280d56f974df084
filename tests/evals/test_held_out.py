from pathlib import Path

import numpy as np
import pytest

from bot.errors import ConfigError
from evals.messages.examples import FOLDS, Example, folds_of
from evals.messages.held_out import HeldOut, read_held_out, write_held_out

EXAMPLES = [Example("hello there", "ann", "safe", "greet"), Example("who ran it", "ben", "safe", "question")]
TABLES = {
    "hello there": np.asarray([[0.9, 0.1]], dtype=np.float32),
    "who ran it": np.asarray([[0.2, 0.8], [0.4, 0.6]], dtype=np.float32),
}
SAID = HeldOut({"hello there": 0, "who ran it": 1}, {"talk": ("greet", "question")}, {"talk": TABLES})


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_held_out(SAID, tmp_path / "fit" / "said.npz")
    read = read_held_out(EXAMPLES, tmp_path / "fit" / "said.npz")
    assert read.folds == SAID.folds
    assert read.likened("talk", "who ran it") == [
        {"greet": pytest.approx(0.2), "question": pytest.approx(0.8)},
        {"greet": pytest.approx(0.4), "question": pytest.approx(0.6)},
    ]


def test_what_is_missing_or_of_other_messages_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="fit-messages"):
        read_held_out(EXAMPLES, tmp_path / "said.npz")
    write_held_out(SAID, tmp_path / "said.npz")
    with pytest.raises(ConfigError, match="fit-messages"):
        read_held_out(EXAMPLES[:1], tmp_path / "said.npz")


def test_an_author_is_in_one_fold_and_folds_are_of_like_size() -> None:
    counts = {"ann": 50, "ben": 30, "cyd": 30, "dan": 20, "eve": 5}
    folds = folds_of(counts)
    assert sorted(folds) == sorted(counts)
    sizes = [sum(counts[author] for author in folds if folds[author] == fold) for fold in range(FOLDS)]
    assert max(sizes) - min(sizes) < max(counts.values())
