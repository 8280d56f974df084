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

_TEXT = (
    r"(?:page|article|guide|section|post|site|website|blog|chapter|report|review|paper|essay|document|notice|glossary"
    r"|faq|polic[yi]|table|list)(?:e?s)?\b|terms(?:\ (?:and|&|of)\ \w+)?"
)
"""What a reader may be sent to."""

_BETWEEN = r"(?:the|an?|in|on|at|by|with|of|for|about|before|after|when|if)\b"
"""Words that do not stand within the name of such a text."""

_ANNOUNCED = r"""for\ (?:
        (?:more|further|additional|(?:a\ )?related)(?:\ [\w-]+)?\ (?:information|info|details?|reading|background
            |context|guidance|resources|discussion|research|articles?|accounts?|topics?|questions?|on|about)
        |more(?=,|\ see\b)
        |a\ (?:deeper|closer|fuller|longer|broader)\ (?:look|exploration|understanding|discussion|account|explanation
            |introduction|overview)
        |the\ relationship\ between
    )\b"""
"""How a sentence begins that promises more than it says."""

_POINTING = re.compile(
    rf"""^(?:
        {_ANNOUNCED}(?:.*,)?\ (?:please\ )?
            (?:see|visit|explore|read|listen\ to|consult|refer\ to|check|browse|watch|follow|(?:go|turn)\ to)\b
            (?!\ (?:an?|your|us)\b).*
        |{_ANNOUNCED}.*,.*\b(?:research|{_TEXT})\ (?:provide|offer|give)s?\b
            .*\b(?:frame|framework|overview|introduction|background|perspective|context|account|discussion)
        |(?:for\ [^,]*,\ )?(?:please\ )?(?:see|visit|consult|refer\ to|(?:read|learn)\ more\ (?:in|on|at|from))
            \ (?:our|the|this|these)\ (?:(?!{_BETWEEN})[\w’'&-]+\ ){{0,4}}(?:{_TEXT})
            (?:\ (?:on|about|for|to|below|above)\b[^:]*|:?\ https?://\S+)?
        |see\ also\b(?!\ (?:that|to)\b).*
        |(?:read|learn)\ more(?:\ (?:about|here)\b.*|:.*)?
        |click\ (?:here|below|(?:on\ )?(?:the|this)\ (?:\w+\ )?link)\b.*
    )\W*$""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)

_NEGATION = re.compile(
    r"\b(?:not|no|never|neither|nor|none|nobody|nothing|nowhere|cannot|without|hardly|barely|scarcely|rarely|seldom"
    r"|unable|\w+n['’]t)\b",
    re.IGNORECASE,
)

_FIRST_PERSON = re.compile(r"\b(?:I(?:[’'](?:m|ve|d|ll))?|[Mm]y|[Mm]e|[Mm]ine|[Mm]yself|[Ww]e|[Oo]urs?|us|ourselves)\b")

_TOO_SHORT = 3
"""A sentence of up to this many words says nothing by itself: `Nothing works.`"""


def leans(text: str) -> bool:
    """Whether the sentence is understood only after the one before it."""
    return _LEANING_START.match(text) is not None or len(words(text)) <= _TOO_SHORT


def points_elsewhere(text: str) -> bool:
    """Whether the sentence only sends the reader to another page or text."""
    return _POINTING.match(text.strip()) is not None


def negates(text: str) -> bool:
    """Whether the sentence denies something: `Dogs are not allowed.`"""
    return _NEGATION.search(text) is not None


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
