import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.measure import over
from evals.metrics.classification import auroc
from evals.stats import compare, estimate

values = st.lists(st.integers(0, 5).map(float), min_size=1, max_size=20)


@given(values)
def test_an_interval_holds_its_mean(found: list[float]) -> None:
    value = estimate([(v,) for v in found])
    assert value.low - 1e-9 <= value.value <= value.high + 1e-9
    assert value.n == len(found)


def test_nothing_to_estimate() -> None:
    with pytest.raises(ValueError, match="no values"):
        estimate([])


def test_turns_of_one_conversation_count_together() -> None:
    rows = [(float(i % 8 < 4),) for i in range(64)]
    alone = estimate(rows)
    clustered = estimate(rows, [str(i // 4) for i in range(64)])
    assert clustered.value == alone.value
    assert clustered.high - clustered.low > 1.5 * (alone.high - alone.low)
    with pytest.raises(ValueError, match="64 rows but 1 clusters"):
        estimate(rows, ["a"])


def test_a_figure_that_is_undefined_says_so() -> None:
    value = estimate([(1.0, 0.3), (1.0, 0.4)], statistic=over(auroc))
    assert math.isnan(value.value)
    assert math.isnan(value.low)


def test_a_comparison_with_what_is_undefined_is_undefined() -> None:
    found = compare([(1.0, 0.3)], [(1.0, 0.4)], ["a"], ["a"], over(auroc))
    assert math.isnan(found.p)


def test_the_same_run_does_not_differ() -> None:
    rows = [(float(i % 3 == 0),) for i in range(30)]
    names = [str(i) for i in range(30)]
    found = compare(rows, rows, names, names)
    assert (found.difference, found.p, found.low, found.high) == (0.0, 1.0, 0.0, 0.0)


def test_a_clear_difference_is_seen_and_noise_is_not() -> None:
    rng = np.random.default_rng(0)
    names = [str(i) for i in range(80)]
    a = [(float(v),) for v in rng.random(80) < 0.5]
    better = [(1.0,) if i < 30 else row for i, row in enumerate(a)]
    shuffled = [a[i] for i in rng.permutation(80)]
    assert compare(a, better, names, names).p < 0.01
    assert compare(a, shuffled, names, names).p > 0.2


def test_conversations_may_have_different_numbers_of_rows() -> None:
    found = compare([(1.0,), (0.0,), (1.0,)], [(1.0,), (1.0,)], ["x", "x", "y"], ["x", "z"])
    assert (found.a, found.b, found.n) == (0.5, 1.0, 1)
    with pytest.raises(ValueError, match="no case in common"):
        compare([(1.0,)], [(1.0,)], ["a"], ["b"])


def test_a_ranking_figure_is_compared_by_swapping_cases() -> None:
    rng = np.random.default_rng(1)
    labels = [float(i % 2) for i in range(60)]
    names = [str(i) for i in range(60)]
    noise = [(label, float(v)) for label, v in zip(labels, rng.random(60), strict=True)]
    signal = [(label, label + float(v)) for label, v in zip(labels, rng.random(60), strict=True)]
    found = compare(noise, signal, names, names, over(auroc))
    assert found.b == 1.0
    assert found.p < 0.01
    assert found.low > 0.2
