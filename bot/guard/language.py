"""Which language a message is in, as far as the guard has words for it."""

import functools
import logging
from typing import Any

LANGUAGES = ("en", "es", "fr", "de", "pt", "it", "nl", "pl", "tr", "zh", "hi")
UNKNOWN = "en"

_log = logging.getLogger(__name__)

_SURE = 0.6
_LEAST_LETTERS = 6


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


@functools.cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier
