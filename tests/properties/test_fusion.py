import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval.fusion import aligned, fuse, standardise
from bot.retrieval.hybrid import HybridSearcher
from bot.values import Hit

floats = st.floats(-100, 100, width=32)
scores = st.lists(floats, min_size=1, max_size=30).map(lambda values: np.asarray(values, dtype=np.float32))


class _Finds:
    """These sentences, all alike."""

    def __init__(self, *ids: int) -> None:
        self._hits = tuple(Hit(i, 7.0) for i in ids)

    def search(self, text: str, k: int) -> tuple[Hit, ...]:
        return self._hits[:k]


@given(scores)
def test_standardised_scores_have_mean_zero_and_keep_the_order(values) -> None:
    z = standardise(values)
    assert abs(float(z.mean())) < 1e-2
    order = np.argsort(-values, kind="stable")
    assert all(z[a] >= z[b] - 1e-4 for a, b in itertools.pairwise(order))


@given(scores, st.floats(0.5, 100, width=32), st.floats(-100, 100, width=32))
def test_a_signals_scale_and_offset_do_not_matter(values, scale: float, offset: float) -> None:
    if values.std() < 1e-1:
        return
    np.testing.assert_allclose(standardise(values * scale + offset), standardise(values), atol=0.05)


@given(scores)
def test_a_sentence_best_in_every_signal_wins(values) -> None:
    fused = fuse({"a": values, "b": values * 2}, {"a": 1.0, "b": 3.0})
    assert values[int(np.argmax(fused))] >= values.max() - 1e-5


def test_a_candidate_that_was_not_found_gets_the_lowest_score() -> None:
    hits = (Hit(4, 9.0), Hit(2, 3.0))
    assert aligned(hits, [2, 3, 4]).tolist() == [3.0, 3.0, 9.0]
    assert aligned((), [1]).tolist() == [0.0]


def test_the_only_sentence_with_a_word_of_the_question_stands_out_by_it() -> None:
    assert aligned((Hit(5, 7.0),), [3, 5, 9], 0.0).tolist() == [0.0, 7.0, 0.0]
    both = HybridSearcher({"lexical": _Finds(5), "dense": _Finds(3, 5, 9)}, {})
    assert both.search("word", 3)[0].sentence_id == 5
