"""Citation recall and precision on the cases that ALCE's paper distinguishes; the judge is a set of words."""

from collections.abc import Sequence

from evals.metrics.citations import citation_precision, citation_recall
from evals.metrics.compliance import disclaimer_compliance, every_sentence_cited, verbatim


def holds_all_words(quotes: Sequence[str], sentence: str) -> bool:
    return set(sentence.split()) <= {word for quote in quotes for word in quote.split()}


def test_recall() -> None:
    assert citation_recall("a b", ["a", "b"], holds_all_words) == 1.0
    assert citation_recall("a b c", ["a", "b"], holds_all_words) == 0.0
    assert citation_recall("a b", [], lambda quotes, sentence: True) == 0.0


def test_precision() -> None:
    assert citation_precision("a b", ["a", "b"], holds_all_words) == [1.0, 1.0], "both are needed"
    assert citation_precision("a b", ["a b", "x"], holds_all_words) == [1.0, 0.0], "the second is irrelevant"
    assert citation_precision("a b", ["a b", "a b"], holds_all_words) == [1.0, 1.0], "either supports it alone"
    assert citation_precision("a b c", ["a", "b"], holds_all_words) == [0.0, 0.0], "nothing without recall"


def test_promises() -> None:
    assert disclaimer_compliance("answer", "D.", "D.", ["A."]) == 1.0
    assert disclaimer_compliance("answer", None, "D.", []) == 0.0
    assert disclaimer_compliance("answer", "d.", "D.", []) == 0.0
    assert disclaimer_compliance("crisis", None, "D.", []) == 1.0
    assert disclaimer_compliance("crisis", "D.", "D.", []) == 0.0
    assert disclaimer_compliance("not_covered", "D.", "D.", ["D."]) == 0.0, "twice"
    assert verbatim("bc", 1, 3, "abcd") == 1.0
    assert verbatim("bd", 1, 3, "abcd") == verbatim("bc", 1, 3, None) == verbatim("", 1, 1, "abcd") == 0.0
    assert every_sentence_cited("answer", [[1], [2, 1]], [1, 2]) == 1.0
    assert every_sentence_cited("answer", [[1], []], [1]) == every_sentence_cited("answer", [[3]], [1]) == 0.0
    assert every_sentence_cited("answer", [], []) == 0.0
    assert every_sentence_cited("declined", [], []) == 1.0
