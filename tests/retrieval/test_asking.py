import pytest

from bot.retrieval.asking import questions_in


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        ("dmn regions", ("dmn regions",)),
        ("What is a synapse?", ("What is a synapse?",)),
        ("What is a synapse and where does it sit?", ("What is a synapse", "where does it sit?")),
        ("Who paid, and then what did they find?", ("Who paid, and then what did they find?",)),
        ("Who paid for it, and what did they find?", ("Who paid for it", "what did they find?")),
        ("In which year was it, and at what dose?", ("In which year was it", "at what dose?")),
        ("How do rats and mice differ?", ("How do rats and mice differ?",)),
        ("My dog is ill. Can kidneys be cured?", ("Can kidneys be cured?",)),
        ("My dog is ill. Can it be cured?", ("My dog is ill. Can it be cured?",)),
        ("I sleep. My dog is ill. Why is that?", ("My dog is ill. Why is that?",)),
        ("Does Dr. Smith take part in it?", ("Does Dr. Smith take part in it?",)),
        ("Is it old? Is it new?", ("Is it old?", "Is it new?")),
        ("Is it raining or is it snowing?", ("Is it raining or is it snowing?",)),
        ("I feel low.", ("I feel low.",)),
        ("Which rats got salt and had a response?", ("Which rats got salt and had a response?",)),
        ("Which pills work and have lasting effects?", ("Which pills work and have lasting effects?",)),
        ("How does salt work and has it been tested?", ("How does salt work", "has it been tested?")),
        ("How does salt work and have rats been tested?", ("How does salt work", "have rats been tested?")),
        ("Tell me about salt. And what does it cost?", ("Tell me about salt.", "And what does it cost?")),
        ("I sleep badly. Please explain how salt harms kidneys.", ("Please explain how salt harms kidneys.",)),
        ("?", ("?",)),
    ],
)
def test_questions_are_told_from_stories_and_from_each_other(message: str, asked: tuple[str, ...]) -> None:
    assert questions_in(message) == asked
