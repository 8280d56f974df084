import numpy as np
import pytest

from bot.index.bank import SHORTLIST, BankIndex
from bot.values import BankQuestion, Corpus
from evals.in_memory import encode_all
from tests.fakes import FakeEncoder, corpus_from

CORPUS = corpus_from("Receptors sit in the cortex. Doses are small. Trials take years.")
BANK = (
    BankQuestion("which receptors sit where", (0,)),
    BankQuestion("how big are doses", (1,)),
    BankQuestion("are doses tiny", (1,)),
    BankQuestion("how long do trials take", (2,)),
    BankQuestion("what do trials cost", (), related_ids=(2,)),
)


def index(bank: tuple[BankQuestion, ...] = BANK, corpus: Corpus = CORPUS) -> BankIndex:
    encoder = FakeEncoder()
    known = encode_all(encoder, corpus, {})
    known.update(zip([q.text for q in bank], encoder.encode([q.text for q in bank]), strict=True))
    return BankIndex(bank, corpus, encoder, known)


def test_a_question_pulls_up_what_answered_its_like() -> None:
    hits = index().search("how small are doses", 3)
    assert hits[0].sentence_id == 1
    assert index().votes("how small are doses").answered > 0.5


def test_likeness_to_an_unanswered_question_tells_against() -> None:
    votes = index().votes("what do trials cost")
    assert votes.nearest_unanswered > votes.nearest_answered
    assert votes.answered < 0.5
    assert votes.related_ids == (2,)
    assert votes.leaning < index().votes("how big are doses").leaning


def test_shares_add_up() -> None:
    votes = index().votes("trials of receptors")
    assert np.isclose(votes.sentences.sum(), votes.answered)
    assert 0 <= votes.answered <= 1


def test_a_bank_of_one_kind_works() -> None:
    answered, unanswered = index(BANK[:1]), index(BANK[4:])
    assert answered.votes("receptors").answered == 1
    assert answered.votes("receptors").nearest_unanswered == -1
    assert unanswered.votes("receptors").answered == 0
    assert unanswered.search("receptors", 3) == ()


def test_a_bank_whose_questions_differ_in_nothing_that_is_read_works() -> None:
    bank = (BankQuestion("how big are doses", (1,)), BankQuestion("How big are doses?", (1,)), BANK[3], BANK[4])
    votes = index(bank).votes("how big are doses")
    assert votes.nearest_answered == pytest.approx(1.0)
    assert votes.nearest_unanswered < 0.5
    assert index(bank).search("how big are doses", 1)[0].sentence_id == 1


def test_only_the_nearest_of_a_large_bank_vote() -> None:
    many = tuple(BankQuestion(f"receptors number {n}", (0,)) for n in range(SHORTLIST + 50))
    assert np.isclose(index((*many, *BANK)).votes("receptors number 3").answered, 1.0, atol=0.05)
