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


@pytest.mark.parametrize(
    "message",
    [
        "Wie lange hält die Wirkung an?",
        "Welche Farbe hatte der Wagen damals?",
        "Combien de temps dure la cuisson ?",
        "combien coûte une séance",
        "¿Cuánto tiempo dura la película?",
        "Quanto dura la partita di calcio?",
        "hoeveel kost een kaartje naar Utrecht",
        "Quanto tempo dura a viagem?",
        "jakie sa objawy tej choroby",
        "Hur länge varar konserten?",
    ],
)
def test_a_message_in_another_language_is_not_corrected_into_english(speller: Speller, message: str) -> None:
    assert speller.correct(message) == message


def test_the_corpus_terms_are_written_its_way_in_another_language_too(speller: Speller) -> None:
    assert speller.correct("Welche Wirkung hat der 5ht2a Rezeptor?") == "Welche Wirkung hat der 5-HT2A Rezeptor?"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("wat iz teh dmn n how dos it wrk wiv psilocybn", "wat iz teh dmn n how dos it wrk wiv psilocybin"),
        ("hoo fownd teh netwrok", "hoo found teh network"),
        ("wich reseptor iz it", "wich receptor iz it"),
        ("pls xplain nuroplastisity n recptor bindng", "pls explain neuroplasticity n receptor binding"),
        ("serotonn recptor agonst", "serotonin receptor agonist"),
    ],
)
def test_english_with_many_slips_is_corrected(speller: Speller, written: str, meant: str) -> None:
    assert speller.correct(written) == meant


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
