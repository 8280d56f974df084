"""Which language a message is in, as far as the guard has words for it."""

import functools
import logging
import re
from collections.abc import Collection
from typing import Any

from bot.text import words

LANGUAGES = ("en", "es", "fr", "de", "pt", "it", "nl", "pl", "tr", "zh", "hi")
UNKNOWN = "en"

_log = logging.getLogger(__name__)

_SURE = 0.6
_LEAST_LETTERS = 6
_ENGLISH = 0.5
"""Share of English words above which a message is English that is read as nothing else."""

_OF_CODE = re.compile(r"[\d{}\[\]()<>=_\\|^`~*#@;/&$%+]")
_CODE = 0.2
"""Share of such signs in what is program text, or figures."""


def language_of(message: str) -> str:
    """One of LANGUAGES; English where it is in doubt, or the language reader cannot be had."""
    letters = sum(char.isalpha() for char in message)
    if letters < _LEAST_LETTERS and message.isascii():
        return UNKNOWN
    try:
        language, probability = _identifier().classify(message)
    except Exception as error:  # help must not depend on it
        _log.warning("the language cannot be told: %s", type(error).__name__)
        return UNKNOWN
    return str(language) if probability >= _SURE else UNKNOWN


def is_foreign(message: str, known: Collection[str]) -> bool:
    """Whether a message may be in another language than English, doubt included; False for program text and figures,
    which are in none.

    known: English words.
    """
    if language_of(message) != UNKNOWN:
        return True
    found = words(message)
    if not found or sum(word in known for word in found) > _ENGLISH * len(found):
        return False
    return len(_OF_CODE.findall(message)) < _CODE * len("".join(message.split()))


@functools.cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier
