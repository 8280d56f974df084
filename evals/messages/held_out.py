"""What a message model says of messages of authors that it was not fitted to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.errors import ConfigError
from bot.ports import Array
from evals.messages.examples import Example

FILE = Path("var/fit/messages.npz")


@dataclass(frozen=True, slots=True)
class HeldOut:
    """By text, each as the model says it whose fold of authors did not hold it."""

    folds: Mapping[str, int]
    kinds: Mapping[str, tuple[str, ...]]
    """By head."""
    tables: Mapping[str, Mapping[str, Array]]
    """By head and text: probabilities, shape (1 + parts, kinds), of the whole first."""

    def likened(self, head: str, text: str) -> list[dict[str, float]]:
        """As `bot.heads.Head.probabilities` has it."""
        return [dict(zip(self.kinds[head], row, strict=True)) for row in self.tables[head][text].tolist()]


def write_held_out(held_out: HeldOut, path: Path = FILE) -> None:
    texts = list(held_out.folds)
    arrays = {"texts": np.asarray(texts), "folds": np.asarray(list(held_out.folds.values()))}
    for head, kinds in held_out.kinds.items():
        tables = [held_out.tables[head][text] for text in texts]
        arrays[f"{head}.kinds"] = np.asarray(kinds)
        arrays[f"{head}.rows"] = np.concatenate(tables)
        arrays["starts"] = np.cumsum([0, *map(len, tables)])
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, allow_pickle=False, **arrays)


def read_held_out(examples: Sequence[Example], path: Path = FILE) -> HeldOut:
    """Raises ConfigError unless it is of just these examples."""
    if not path.is_file():
        raise ConfigError(f"{path} is missing. Run: python -m evals fit-messages")
    with np.load(path) as stored:
        texts, starts = stored["texts"].tolist(), stored["starts"]
        if set(texts) != {example.text for example in examples}:
            raise ConfigError(f"{path} is of other messages. Run: python -m evals fit-messages")
        heads = [name.removesuffix(".kinds") for name in stored.files if name.endswith(".kinds")]
        rows = {head: stored[f"{head}.rows"] for head in heads}
        tables = {head: {text: rows[head][starts[i] : starts[i + 1]] for i, text in enumerate(texts)} for head in heads}
        kinds = {head: tuple(stored[f"{head}.kinds"].tolist()) for head in heads}
        return HeldOut(dict(zip(texts, stored["folds"].tolist(), strict=True)), kinds, tables)
