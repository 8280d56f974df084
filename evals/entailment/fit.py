"""Fits `bot/models/entailment.npz`: whether a text supports a claim."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.models.entailment import write_entailment
from bot.models.resolve import DEFAULT, model_fingerprint, resolve_model
from evals.entailment.examples import Contrast, is_held_out, public, written
from evals.entailment.model import EntailmentModel, pairs_of
from evals.metrics.classification import auroc

TARGET = Path("bot/models/entailment.npz")
EPOCHS = 2
"""After one of public contrasts alone, which teach what to look at: from the written ones alone it learns nothing."""
_KEPT = 4
"""Of the public contrasts, one in so many stays beside the written ones."""
_SEED = 0


def fit_entailment(data: Path, say: Callable[[str], None], target: Path = TARGET) -> dict[str, Any]:
    """Writes the model to `target`; returns figures of the authors held out. say: told of each epoch."""
    bundles = written()
    held_out = [each for bundle in bundles for each in bundle if is_held_out(each.group)]
    easy = public(data, _SEED)
    fitted = [bundle for bundle in bundles if not is_held_out(bundle[0].group)] + easy[::_KEPT]
    model = EntailmentModel(_SEED)
    losses, figures = [], {}
    for loss in model.fit([easy, *[fitted] * EPOCHS]):
        losses.append(round(loss, 4))
        figures = figures_of(held_out, model)
        say(f"epoch {len(losses)}: loss {loss:.3f}; AUROC of authors held out: {figures}")
    write_entailment(target, model_fingerprint(resolve_model(DEFAULT)), model.matrices(), model.head())
    return {
        "contrasts": sum(map(len, fitted)),
        "losses": losses,
        "held-out AUROC": figures,
        "bytes": target.stat().st_size,
    }


def figures_of(contrasts: Sequence[Contrast], model: EntailmentModel) -> dict[str, float]:
    """AUROC over pairs, by kind of contrast."""
    found = {}
    for kind in sorted({each.kind for each in contrasts}):
        pairs, labels = pairs_of([each for each in contrasts if each.kind == kind])
        logits = model.logits(pairs).astype(np.float64)
        found[kind] = round(auroc(np.asarray(labels), logits, np.ones(len(labels))), 3)
    return found
