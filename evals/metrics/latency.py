"""How long a visitor waits."""

from collections.abc import Sequence

import numpy as np


def percentile(milliseconds: Sequence[float], q: float) -> float:
    """The q-th percentile, q in 0..100, by linear interpolation (Hyndman and Fan 1996, type 7).

    Raises ValueError without values.
    """
    if not len(milliseconds):
        raise ValueError("no latencies")
    return float(np.percentile(np.asarray(milliseconds, dtype=np.float64), q))
