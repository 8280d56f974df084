"""`The second one`: a choice among the questions that the last reply offered."""

import re
from collections.abc import Sequence

_PLACES = {
    "first": 0,
    "1st": 0,
    "one": 0,
    "second": 1,
    "2nd": 1,
    "two": 1,
    "third": 2,
    "3rd": 2,
    "three": 2,
    "last": -1,
}
_CHOICE = re.compile(
    r"\W*(?:(?:ok|okay|yes|yeah|please|maybe|and|but|so|then|tell me|show me|answer|(?:what |how )?about"
    r"|no(?=\W*[,.;:!–—-]|\W+the\b)|sorry|oops|wait|actually|i mean|i meant|let'?s (?:do|take)|i(?:'ll| will) take)"
    r"\W+)*"
    r"(?:the\W+)?(?:(?P<word>first|1st|second|2nd|third|3rd|last)(?:\W+(?:one|question|suggestion|option))?"
    r"|(?:number|no\.|option|question|#)\W*(?P<number>[1-3]|one|two|three)|(?:no\W*)?(?P<digit>[1-3]))"
    r"(?:\W+(?:please|then|pls))?\W*",
    re.IGNORECASE,
)


def chosen_of_listed(message: str, listed: Sequence[str]) -> str | None:
    """The one of `listed` that `message` picks by its place, and by nothing else; None where it does not."""
    match = _CHOICE.fullmatch(message)
    if match is None:
        return None
    said = next(group for group in (match["word"], match["number"], match["digit"]) if group).lower()
    # `fırst` matches `first` whatever the case, but is not it in lower case.
    place = int(said) - 1 if said.isdigit() else _PLACES.get(said)
    return None if place is None or not -len(listed) <= place < len(listed) else listed[place]
