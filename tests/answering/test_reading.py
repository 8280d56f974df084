import pytest

from bot.reading import is_first_person, leans, points_elsewhere


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


def test_pointers() -> None:
    assert points_elsewhere("For more on this, see the other page.")
    assert points_elsewhere("Read more about it.")
    assert not points_elsewhere("For many people, sleep improves.")
    assert not points_elsewhere("Seeing is believing for the brain.")


def test_first_person() -> None:
    assert is_first_person("In my practice, it holds.")
    assert is_first_person("To be direct: I am not involved.")
    assert is_first_person("This guides our approach.")
    assert not is_first_person("The U.S. and the US trial, phase II, IIb.")
    assert not is_first_person("Mystical minds meet Ian.")
