"""Our formulas against other people's implementations of them."""

import numpy as np
import pytest
import pytrec_eval
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as scipy_stats
from sklearn import metrics as sklearn_metrics
from sklearn.calibration import calibration_curve

from evals.metrics.answers import token_f1
from evals.metrics.classification import (
    auroc,
    balanced_accuracy,
    cohen_kappa,
    expected_calibration_error,
    precision,
    precision_recall_points,
    recall,
    roc_points,
)
from evals.metrics.latency import percentile
from evals.metrics.ranking import hit, ndcg, reciprocal_rank
from evals.stats import compare, estimate

rankings = st.lists(st.booleans(), min_size=1, max_size=15)
labelled = st.lists(st.tuples(st.booleans(), st.integers(0, 20)), min_size=4, max_size=40).filter(
    lambda rows: 0 < sum(label for label, _ in rows) < len(rows)
)


def arrays(rows: list[tuple[bool, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    truth = np.asarray([float(label) for label, _ in rows])
    return truth, np.asarray([score / 20 for _, score in rows]), np.ones(len(rows))


@given(rankings, st.integers(0, 5), st.sampled_from([1, 3, 5, 10]))
def test_ranking_agrees_with_trec_eval(relevant: list[bool], unfound: int, k: int) -> None:
    total = sum(relevant) + unfound
    if total == 0:
        return
    names = [f"d{i:02}" for i in range(len(relevant))]
    judged = {name: 1 for name, found in zip(names, relevant, strict=True) if found}
    judged |= {f"unfound{i}": 1 for i in range(unfound)}
    run = {name: float(len(names) - i) for i, name in enumerate(names[:k])}
    wanted = {f"success.{k}", f"ndcg_cut.{k}", "recip_rank"}
    theirs = pytrec_eval.RelevanceEvaluator({"q": judged}, wanted).evaluate({"q": run})["q"]
    assert hit(relevant, k) == theirs[f"success_{k}"]
    assert ndcg(relevant, total, k) == pytest.approx(theirs[f"ndcg_cut_{k}"])
    assert reciprocal_rank(relevant, k) == pytest.approx(theirs["recip_rank"])


@given(labelled)
def test_classification_agrees_with_scikit_learn(rows: list[tuple[bool, int]]) -> None:
    truth, scores, ones = arrays(rows)
    said = (scores >= 0.5).astype(float)
    assert auroc(truth, scores, ones) == pytest.approx(sklearn_metrics.roc_auc_score(truth, scores))
    assert recall(truth, said, ones) == pytest.approx(sklearn_metrics.recall_score(truth, said))
    if said.any():
        assert precision(truth, said, ones) == pytest.approx(sklearn_metrics.precision_score(truth, said))
    assert balanced_accuracy(truth, said, ones) == pytest.approx(sklearn_metrics.balanced_accuracy_score(truth, said))
    assert cohen_kappa(truth, said, ones) == pytest.approx(sklearn_metrics.cohen_kappa_score(truth, said))


@given(labelled, st.lists(st.integers(0, 3), min_size=40, max_size=40))
def test_weights_count_rows(rows: list[tuple[bool, int]], counts: list[int]) -> None:
    truth, scores, _ = arrays(rows)
    weights = np.asarray(counts[: len(rows)], dtype=float)
    if not 0 < (weights * truth).sum() < weights.sum():
        return
    theirs = sklearn_metrics.roc_auc_score(truth, scores, sample_weight=weights)
    assert auroc(truth, scores, weights) == pytest.approx(theirs)


@given(labelled)
def test_calibration_error_agrees_with_scikit_learns_bins(rows: list[tuple[bool, int]]) -> None:
    truth, scores, ones = arrays(rows)
    scores = np.minimum(
        scores * 0.97 + 0.011, 1.0
    )  # no score on the edge of a bin, which scikit-learn closes on the right
    observed, predicted = calibration_curve(truth, scores, n_bins=10, strategy="uniform")
    filled = [n for n in np.histogram(scores, bins=10, range=(0, 1))[0] if n]
    theirs = float(np.average(np.abs(observed - predicted), weights=filled))
    assert expected_calibration_error(truth, scores, ones) == pytest.approx(theirs)


@given(labelled)
def test_curves_enclose_what_scikit_learn_says(rows: list[tuple[bool, int]]) -> None:
    truth, scores, _ = arrays(rows)
    false, true, _ = sklearn_metrics.roc_curve(truth, scores, drop_intermediate=False)
    assert np.allclose(roc_points(truth, scores), list(zip(false, true, strict=True)))
    precisions, recalls, _ = sklearn_metrics.precision_recall_curve(truth, scores)
    theirs = list(zip(recalls, precisions, strict=True))[:-1][::-1]
    assert np.allclose(precision_recall_points(truth, scores), theirs)


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=30), st.sampled_from([50.0, 95.0]))
def test_percentile_agrees_with_scipy(values: list[float], q: float) -> None:
    assert percentile(values, q) == pytest.approx(scipy_stats.scoreatpercentile(values, q))


def test_token_f1_as_squads_script_has_it() -> None:
    # Worked by hand: {25mg, single, dose} against {single, dose, of, 25mg} without the article.
    assert token_f1("A single dose: 25mg", "the single dose of 25mg") == pytest.approx(2 * 3 / (3 + 4))
    assert token_f1("", "") == 1.0
    assert token_f1("the", "word") == 0.0


def test_the_randomisation_test_agrees_with_scipys_exact_one() -> None:
    rng = np.random.default_rng(3)
    a = rng.random(12)
    b = a + rng.normal(0.05, 0.15, 12)
    names = [f"{i:02}" for i in range(12)]
    ours = compare([(v,) for v in a], [(v,) for v in b], names, names)
    theirs = scipy_stats.permutation_test(
        (b, a), lambda x, y, axis: np.mean(x - y, axis=axis), permutation_type="samples", n_resamples=np.inf
    )
    assert ours.p == pytest.approx(theirs.pvalue, abs=0.03)
    interval = scipy_stats.bootstrap(
        (b - a,), np.mean, method="percentile", n_resamples=9999, rng=1
    ).confidence_interval
    assert (ours.low, ours.high) == pytest.approx((interval.low, interval.high), abs=0.01)


def test_an_interval_agrees_with_scipys_bootstrap() -> None:
    values = np.random.default_rng(5).random(60)
    ours = estimate([(v,) for v in values])
    interval = scipy_stats.bootstrap(
        (values,), np.mean, method="percentile", n_resamples=5000, rng=1
    ).confidence_interval
    assert (ours.low, ours.high) == pytest.approx((interval.low, interval.high), abs=0.015)
