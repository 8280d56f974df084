"""Small pure functions on text that more than one room needs."""

import re
import unicodedata

from bot.errors import MessageError
from bot.values import MAX_MESSAGE

WORD = re.compile(r"[^\W_]+(?:[’'\-–.][^\W_]+)*", re.UNICODE)
"""A word, keeping hyphens, apostrophes and points inside it: 5-HT2A, compound's, 10.1056."""

_KEPT_CONTROLS = "\n\t"
_DROPPED_CATEGORIES = ("Cc", "Cf", "Cs", "Co")
_JOINERS = "\u200c\u200d"
"""Zero-width joiners carry meaning inside emoji and in several scripts."""


def clean_message(message: str) -> str:
    """A visitor's message made safe to store, encode and tokenise.

    Lone surrogates, control and format characters (NUL, direction marks, zero-width spaces) are
    dropped, runs of white space become one space, and the ends are trimmed.

    Raises MessageError when nothing is left or more than MAX_MESSAGE characters are.
    """
    trimmed = message.strip()
    if len(trimmed) > MAX_MESSAGE:
        raise MessageError(f"The message has {len(trimmed)} characters; the limit is {MAX_MESSAGE}. Please shorten it.")
    kept = "".join(c for c in trimmed if _is_kept(c))
    cleaned = " ".join(kept.split())
    if not cleaned.strip(_JOINERS):
        raise MessageError(f"The message is empty. Please write a question of 1 to {MAX_MESSAGE} characters.")
    return cleaned


def shortened(message: str) -> str:
    """The message as `clean_message` makes it, but cut where that would refuse it; may be empty."""
    kept = "".join(char for char in message.strip()[:MAX_MESSAGE] if _is_kept(char))
    return " ".join(kept.split())


def _is_kept(char: str) -> bool:
    if char in _KEPT_CONTROLS or char in _JOINERS:
        return True
    return unicodedata.category(char) not in _DROPPED_CATEGORIES


def words(text: str) -> list[str]:
    """The words of `text`, lower-cased, in order."""
    return [match.group().lower() for match in WORD.finditer(text)]


def straight_quotes(text: str) -> str:
    """`text` with curly quotes and long dashes made plain, character for character: offsets stay."""
    return text.translate(_STRAIGHT)


_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "})
