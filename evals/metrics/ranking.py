"""How well a ranking finds what is relevant. Checked in tests against pytrec_eval (trec_eval)."""

import math
from collections.abc import Sequence


def hit(relevant: Sequence[bool], k: int) -> float:
    """1 when one of the first k results is relevant, else 0 (success@k). relevant: by rank, best first."""
    return float(any(relevant[:k]))


def reciprocal_rank(relevant: Sequence[bool], k: int) -> float:
    """1 / rank of the first relevant result among k, else 0 (Voorhees 1999); its mean is MRR@k."""
    return next((1 / rank for rank, found in enumerate(relevant[:k], start=1) if found), 0.0)


def ndcg(relevant: Sequence[bool], total: int, k: int) -> float:
    """Normalised discounted cumulative gain, 0..1 (Järvelin and Kekäläinen 2002): gains 0 or 1, log2 discount.

    total: how many relevant results there are. Raises ValueError unless total >= 1.
    """
    if total < 1:
        raise ValueError(f"total must be at least 1, not {total!r}")
    gained = sum(1 / math.log2(rank + 1) for rank, found in enumerate(relevant[:k], start=1) if found)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(total, k) + 1))
    return gained / ideal
