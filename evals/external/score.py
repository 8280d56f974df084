"""A figure on public data."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evals.measure import over
from evals.metrics.classification import auroc
from evals.stats import Estimate, estimate


@dataclass(frozen=True, slots=True)
class Score:
    """One system's figure on one data set, with its 95 % interval."""

    task: str
    data: str
    system: str
    figure: str
    estimate: Estimate
    note: str = ""
    """What must be known to compare it with the others; empty for nothing."""


def auroc_of(labels: Sequence[bool], scores: Sequence[float], clusters: Sequence[str]) -> Estimate:
    """AUROC with its interval, clusters resampled whole."""
    rows = np.column_stack([np.asarray(labels, dtype=np.float64), np.asarray(scores, dtype=np.float64)])
    return estimate(rows.tolist(), clusters, over(auroc))
