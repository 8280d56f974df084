from dataclasses import replace

from bot.retrieval.wording import Wording, abbreviations
from bot.values import Corpus
from tests.fakes import corpus_from


def test_abbreviations_are_read_from_the_text(corpus: Corpus) -> None:
    assert abbreviations(corpus) == {
        "rebus": "relaxed beliefs under psychedelics",
        "dmn": "default mode network",
        "ltp": "long-term potentiation",
        "ltd": "long-term depression",
    }


def test_a_bracket_that_abbreviates_nothing_is_none() -> None:
    assert abbreviations(corpus_from("We met people (NATO) in Rome. He is from the city of Bonn (UN).")) == {}


def test_both_forms_and_the_glossary_are_read_as_the_corpus_has_them() -> None:
    corpus = replace(
        corpus_from("The default mode network (DMN) is at rest."),
        glossary={"rumination": ("brooding", "thought loops")},
    )
    wording = Wording(corpus)
    assert wording.translate("Does the DMN do my Brooding?") == "Does the DMN default mode network do my rumination?"
    assert wording.translate("default  mode network, thought loops") == "default  mode network dmn, rumination"
    assert wording.translate("brooding-hen") == "brooding-hen"


def test_letters_that_only_match_whatever_the_case_change_nothing() -> None:
    corpus = replace(corpus_from("The default mode network (DMN)."), glossary={"rumination": ("thinkıng twice  over",)})
    wording = Wording(corpus)
    assert wording.translate("BROODİNG in the default mode networſ") == "BROODİNG in the default mode networſ"
    assert wording.translate("thinking twice over") == "thinking twice over"
    assert wording.translate("thinkıng twice over") == "rumination"


def test_an_abbreviation_that_is_an_everyday_word_is_read_as_one_in_capitals_only() -> None:
    wording = Wording(corpus_from("The World Health Organization (WHO) met. The default mode network (DMN) rests."))
    assert wording.translate("Who met, and is it the dmn?") == "Who met, and is it the dmn default mode network?"
    assert wording.translate("the WHO") == "the WHO world health organization"


def test_without_glossary_or_abbreviation_nothing_changes() -> None:
    assert Wording(corpus_from("Nothing short here.")).translate("Nothing short?") == "Nothing short?"
