from dataclasses import replace

import pytest

from bot.retrieval.spelling import Speller
from bot.values import BankQuestion, Corpus
from tests.fakes import corpus_from


@pytest.fixture(scope="module")
def speller(corpus: Corpus) -> Speller:
    return Speller(corpus)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("psilocybn", "psilocybin"),
        ("silocybin", "psilocybin"),
        ("psylocibin", "psilocybin"),
        ("recptor", "receptor"),
        ("netwrok", "network"),
        ("hyperconectivity", "hyperconnectivity"),
        ("diference", "difference"),
        ("5ht2a", "5-HT2A"),
        ("5HT-2A", "5-HT2A"),
        ("5.ht2a", "5-HT2A"),
        ("Goodwn", "Goodwin"),
        ("shroms", "shrooms"),
    ],
)
def test_what_is_misspelt_is_set_right(speller: Speller, written: str, meant: str) -> None:
    assert speller.correct(f"and {written}, is it?") == f"and {meant}, is it?"


@pytest.mark.parametrize(
    "word",
    [
        "esketamine",
        "LSD",
        "Nutt",
        "MDMA",
        "sertraline",
        "Goodman",
        "DMN",
        "dmn",
        "5-HT1A",
        "25mg",
        "2.5mg",
        "2-5mg",
        "2019",
        "shrooms",
        "hypoconnectivity",
        "haha",
        "couldnt",
        "wasnt",
        "arent",
        "Hahahah",
        "bwahahaa",
        "café",
        "🙂",
    ],
)
def test_other_names_drugs_and_figures_stay(speller: Speller, word: str) -> None:
    assert speller.correct(f"about {word}?") == f"about {word}?"


def test_where_common_words_are_not_known_few_are_taken_for_misspelt() -> None:
    german = corpus_from("Die Kassen sind offen. Rezeptoren sitzen in der Rinde.")
    documents = {name: replace(document, language="de") for name, document in german.documents.items()}
    bank = tuple(BankQuestion("was kosten katzenfutter und kasten", (0,)) for _ in range(3))
    speller = Speller(replace(german, documents=documents, bank=bank))
    assert speller.correct("nehmt ihr katzen, wenn offan ist") == "nehmt ihr katzen, wenn offan ist"
    assert speller.correct("wo sitzen rezeptorn") == "wo sitzen rezeptoren"


def test_the_corpus_spells_itself_right(speller: Speller, corpus: Corpus) -> None:
    changed = [s.text for s in corpus.sentences if speller.correct(s.text) != s.text]
    assert changed == []
