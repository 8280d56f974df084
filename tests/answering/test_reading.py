import pytest

from bot.reading import is_first_person, leans, negates, points_elsewhere
from bot.values import Corpus


@pytest.mark.parametrize(
    "text",
    [
        "This is why it matters.",
        "It is a circuit pattern.",
        "These receptors are concentrated there.",
        "In practical terms: the patterns loosen.",
        "But only one story leads there.",
        "When it becomes rigid, the story is fixed.",
        "Nothing works.",
    ],
)
def test_leaning(text: str) -> None:
    assert leans(text)


@pytest.mark.parametrize(
    "text",
    [
        "The mechanism is not mystical at all.",
        "Items on the list are short.",
        "Thistles grow in the garden here.",
        "Italy has many clinics for it.",
        "When receptors are activated, a cascade begins.",
    ],
)
def test_standing_alone(text: str) -> None:
    assert not leans(text)


@pytest.mark.parametrize(
    "text",
    [
        "For more on this, see the other page.",
        "For more information see our guide.",
        "For more, see the price list.",
        "For further reading, explore the story of rye.",
        "For related recipes, visit our blog.",
        "For a related account, read why dough rises.",
        "For a deeper look at ovens, listen to the second episode.",
        "For the relationship between rye and wheat, the grain research provides a useful frame.",
        "See also the oven's history.",
        "See our guide to sourdough.",
        "See our terms and conditions.",
        "Please see the table below.",
        "See our website: https://bakery.example/rye",
        "Read more about it.",
        "Read more: how rye rises",
        "Learn more in our guide to rye.",
        "Learn more",
        "Click here to book.",
        "Click the link below.",
    ],
)
def test_pointers(text: str) -> None:
    assert points_elsewhere(text)


@pytest.mark.parametrize(
    "text",
    [
        "For many people, sleep improves.",
        "For more than 20 years the bakery has used its own sourdough.",
        "For more than 20 years, read this river as the locals do.",
        "For more severe burns, see the nurse at once.",
        "For further information, consult your doctor.",
        "For additional safety, the oven has two doors.",
        "For related species the interval is longer.",
        "For a deeper crumb, let the dough rest.",
        "For the relationship between landlord and tenant, the law provides a notice of three months.",
        "Seeing is believing for the brain.",
        "See the doctor at once if the rash spreads.",
        "See the doctor before each section.",
        "See our prices: adults 12 francs.",
        "See the section on fees: adults pay 12 francs.",
        "See also that the lid is shut.",
        "Visit the chapel on the castle site.",
        "Read more books and sleep better.",
        "Click the buckle into place.",
    ],
)
def test_what_says_something_of_its_own_is_no_pointer(text: str) -> None:
    assert not points_elsewhere(text)


def test_of_the_pages_only_three_sentences_are_pointers(corpus: Corpus) -> None:
    pointing = [sentence.text for sentence in corpus.sentences if points_elsewhere(sentence.text)]
    assert [text[:18] for text in pointing] == ["For a deeper explo", "For a deeper under", "For the relationsh"]


def test_negation() -> None:
    assert negates("Dogs are not allowed here.")
    assert negates("It doesn’t open on Mondays.")
    assert negates("No dog may enter.")
    assert not negates("Notes on knots are noted.")


def test_first_person() -> None:
    assert is_first_person("In my practice, it holds.")
    assert is_first_person("To be direct: I am not involved.")
    assert is_first_person("This guides our approach.")
    assert not is_first_person("The U.S. and the US trial, phase II, IIb.")
    assert not is_first_person("Mystical minds meet Ian.")
