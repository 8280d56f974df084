from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from bot.values import Corpus
from evals.cases import DATA, FAITHFULNESS, SPLITS, load_faithfulness
from evals.entailment import examples, model
from evals.entailment.examples import Bundle, Contrast, is_held_out, near, written
from evals.entailment.model import EntailmentModel, pairs_of
from evals.faithfulness.fit import _written
from evals.faithfulness.labelled import LabelledClaim


def contrasts() -> list[Contrast]:
    return [each for bundle in written() for each in bundle]


def test_what_was_written_has_both_labels_by_many_authors() -> None:
    found = contrasts()
    assert {each.kind for each in found} == {"quads", "edits", "copies", "pairs"}
    labels = Counter(label for label in pairs_of(found)[1])
    assert abs(labels[0.0] - labels[1.0]) < 0.1 * labels[0.0]
    held_out = {each.group for each in found if is_held_out(each.group)}
    assert 4 <= len(held_out) < len({each.group for each in found}) / 2


def test_nothing_written_is_of_the_corpus_or_a_labelled_answer(corpus: Corpus) -> None:
    items = [item for part in SPLITS for item in load_faithfulness(DATA / part / f"{FAITHFULNESS}.jsonl")]
    known = {sentence.text for sentence in corpus.sentences}
    known |= {sentence.text for item in items for sentence in item.sentences}
    assert not known & {text for each in contrasts() for text in (each.text, each.right, each.wrong)}


def test_a_quad_is_two_texts_with_the_claims_exchanged() -> None:
    for bundle in written():
        if bundle[0].kind == "quads":
            one, other = bundle
            assert (one.right, one.wrong) == (other.wrong, other.right)
            assert one.text != other.text


def test_a_malformed_line_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "DATA", tmp_path)
    (tmp_path / "edits_1.tsv").write_text("ann\ta text\tright\twrong\tnumber\nann\tno more\n")
    with pytest.raises(ValueError, match=r"edits_1\.tsv:2"):
        written()


def test_claims_of_one_text_are_paired_and_what_is_left_stands_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examples, "DATA", tmp_path)
    (tmp_path / "pairs_1.tsv").write_text("ann\t1\tt\tyes\nann\t0\tt\tno\nann\t0\tt\tnor this\n")
    assert [(each.right, each.wrong) for each in contrasts()] == [("yes", "no"), (None, "nor this")]


def test_an_empty_text_is_that_of_the_line_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "DATA", tmp_path)
    (tmp_path / "edits_1.tsv").write_text("ann\ta text\tright\twrong\tnumber\nann\t\tyes\tno\tname\n")
    (tmp_path / "pairs_1.tsv").write_text("ann\t1\tt\tyes\nann\t0\t\tno\n")
    assert [each.text for each in contrasts()] == ["a text", "a text", "t"]
    (tmp_path / "edits_1.tsv").write_text("ann\t\tright\twrong\tnumber\n")
    with pytest.raises(ValueError, match=r"edits_1\.tsv:1"):
        written()


TEXT = "It rained all night. The farmer sold nine cows in May."
RIGHT, WRONG = "In spring he parted with his cattle.", "The farmer sold six cows in May."


@pytest.mark.parametrize(("right", "kinds"), [(RIGHT, ["edits", "copies"]), ("Nine cows were sold.", ["edits"])])
def test_a_false_claim_that_copies_more_also_stands_beside_what_it_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, right: str, kinds: list[str]
) -> None:
    monkeypatch.setattr(examples, "DATA", tmp_path)
    (tmp_path / "edits_1.tsv").write_text(f"hans\t{TEXT}\t{right}\t{WRONG}\tnumber\n")
    found = contrasts()
    assert [each.kind for each in found] == kinds
    copied = [(each.text, each.right, each.wrong) for each in found[1:]]
    assert copied == [(TEXT, "The farmer sold nine cows in May.", WRONG)] * len(copied)
    # The scorer's weights are fitted to what its authors wrote alone.
    assert [claim.claim for claim in _written()] == [right, WRONG]


def test_a_public_claim_is_paired_with_the_one_made_of_it() -> None:
    made = [
        LabelledClaim("s", "g", "true", ("p",), supported=True),
        LabelledClaim("s", "g", "false", ("p",), supported=False, change="answer"),
        LabelledClaim("s", "g", "alone", ("p",), supported=True),
        LabelledClaim("s", "g", "asked", ("p",), supported=False, change="question"),
    ]
    found = [each for bundle in examples._contrasts(made, "answered") for each in bundle]
    assert [(each.right, each.wrong) for each in found] == [("true", "false"), (None, "asked")]


def test_the_nearest_sentences_keep_their_order() -> None:
    passage = "Cows eat grass. Nobody knows why. The grass was cut by the farmer. It rained."
    assert near(passage, "The farmer cut the grass that cows eat.", 2) == (
        "Cows eat grass. The grass was cut by the farmer."
    )


def test_a_few_contrasts_are_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "RANK", 4)
    told = [("The lamp is red.", "The lamp is green."), ("A dog barked.", "No dog barked.")]
    bundles: list[Bundle] = [(Contrast("edits", "ann", right, right, wrong),) for right, wrong in told]
    bundles.append((
        Contrast("quads", "ann", "Ada taught Ben.", "Ben was taught by Ada.", "Ada was taught by Ben."),
        Contrast("quads", "ann", "Ben taught Ada.", "Ada was taught by Ben.", "Ben was taught by Ada."),
    ))  # fmt: skip
    fitted = EntailmentModel(seed=0)
    losses = list(fitted.fit([bundles] * 60))
    pairs, labels = pairs_of([each for bundle in bundles for each in bundle])
    assert losses[-1] < 0.5 * losses[0]
    assert ((fitted.logits(pairs) > 0) == np.asarray(labels, dtype=bool)).all()
