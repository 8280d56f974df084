"""How a sentence reads out of its place: does it lean on the one before, point elsewhere, say `I`?

English rules: of sentences in other languages they tell nothing.
"""

import re

from bot.text import words

_LEANING_START = re.compile(
    r"""^[\s"'“‘(]*(?:
        this|that|these|those|it|its|they|their|them|he|she|his|her|such|both|neither|either|here|there
        |but|and|or|so|yet|however|instead|therefore|thus|hence|moreover|furthermore|additionally|also
        |otherwise|nevertheless|nonetheless|consequently|accordingly|conversely|similarly|likewise|rather|still
        |in\ (?:practical|other|plain|short|simple)\ (?:terms|words)|in\ (?:fact|contrast|turn|addition|short)
        |as\ a\ result|for\ (?:example|instance|this\ reason)|by\ contrast|that\ is
        |(?:when|if|because|once|as|while|although)\ (?:it|they|this|these|that|those)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)

_POINTING = re.compile(
    r"""^(?:
        for\ (?:more|related|further|a\ deeper|additional|the\ relationship)\b.*
        |see\ (?:also\b|our\b|the\b).*
        |(?:click|read\ more|learn\ more)\b.*
    )$""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)

_FIRST_PERSON = re.compile(r"\b(?:I(?:[’'](?:m|ve|d|ll))?|[Mm]y|[Mm]e|[Mm]ine|[Mm]yself|[Ww]e|[Oo]urs?|us|ourselves)\b")

_TOO_SHORT = 3
"""A sentence of up to this many words says nothing by itself: `Nothing works.`"""


def leans(text: str) -> bool:
    """Whether the sentence is understood only after the one before it."""
    return _LEANING_START.match(text) is not None or len(words(text)) <= _TOO_SHORT


def points_elsewhere(text: str) -> bool:
    """Whether the sentence only sends the reader to another page."""
    return _POINTING.match(text.strip()) is not None


def is_first_person(text: str) -> bool:
    """Whether the author speaks of themselves, so that the bot must not say it as its own."""
    return _FIRST_PERSON.search(text) is not None


def quoted(text: str, author: str) -> str:
    """The sentence as the author's words."""
    return f"{author} writes: “{text}”"


def quoted_on(text: str) -> str:
    """A sentence that follows such a quotation."""
    return f"“{text}”"


def unquoted(text: str, author: str) -> str:
    """The author's sentence without what `quoted` or `quoted_on` put around it; any other text as it is."""
    said = text.removeprefix(f"{author} writes: ")
    return said[1:-1] if said.startswith("“") and said.endswith("”") else text
