import pytest

from bot.index.lexical import LexicalIndex
from bot.index.vectors import similarities
from bot.terms import terms


def test_chromas_distances_become_cosines() -> None:
    assert similarities([0.0, 1.0, 2.0, -1e-7]) == pytest.approx([1.0, 0.0, -1.0, 1.0])


def test_terms_of_hyphenated_and_possessive_words() -> None:
    assert terms("the 5-HT2A", "en") == ["5", "ht2a", "5ht2a"]
    assert terms("compound’s compound's compounds", "en") == ["compound"] * 3
    assert terms("Die Häuser", "de") == ["haus"]
    assert terms("Noget på dansk", "da") == ["noget", "på", "dansk"]


def test_a_corpus_without_a_single_term_can_be_indexed() -> None:
    assert LexicalIndex.build(["the", "of"], "en").search("the cortex", 3) == ()
