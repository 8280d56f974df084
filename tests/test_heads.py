import numpy as np
import pytest

from bot.heads import Head, arrays_of, head_in, mean_of
from bot.ports import Encoding

HEAD = Head(
    ("calm", "loud"),
    inner=np.asarray([[1.0, -1.0], [0.0, 0.0]], dtype=np.float32),
    inner_bias=np.zeros(2, dtype=np.float32),
    outer=np.asarray([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32),
    outer_bias=np.asarray([0.0, 0.5], dtype=np.float32),
)


def test_probabilities_are_the_softmax_of_a_rectified_layer() -> None:
    forward, backward = HEAD.probabilities(np.asarray([[1.0, 0.0], [-1.0, 0.0]], dtype=np.float32))
    scale = 2**0.5
    assert forward["calm"] == pytest.approx(1 / (1 + np.exp(0.5 - scale)), abs=1e-6)
    assert backward["loud"] == pytest.approx(1 / (1 + np.exp(-0.5 - scale)), abs=1e-6)
    assert sum(forward.values()) == pytest.approx(1)


def test_a_head_is_the_same_from_its_arrays() -> None:
    again = head_in("mood", HEAD.kinds, arrays_of("mood", HEAD))
    vector = np.asarray([[0.6, 0.8]], dtype=np.float32)
    assert again.probabilities(vector) == HEAD.probabilities(vector)


def test_the_mean_of_tokens_has_unit_length_and_none_has_none() -> None:
    tokens = np.asarray([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32)
    vector = np.asarray([1.0, 0.0], dtype=np.float32)
    assert mean_of(Encoding(vector, tokens, (1, 2))) == pytest.approx([0.5**0.5, 0.5**0.5])
    assert mean_of(Encoding(vector, tokens[:0], ())).tolist() == [0.0, 0.0]
