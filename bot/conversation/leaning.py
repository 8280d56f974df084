"""Whether a message needs what was said before."""

import re
from collections.abc import Sequence

from bot.conversation.grammar import cues, tokens
from bot.terms import terms

_ENDS_OPEN = re.compile(r"\b(?:of|in|on|at|for|with|by|from|to|about|than|as|like)\W*$", re.IGNORECASE)
_AGAIN = re.compile(
    r"\b(?:back to|going back|return(?:ing)? to|again|the (?:first|second|third|last|other|former|latter)(?: one)?"
    r"|(?:you|u) (?:just )?(?:said|mentioned|told|wrote)|earlier|previous(?:ly)?|instead|else|too|as well|either|same"
    r")\b",
    re.IGNORECASE,
)
_CORRECTING = re.compile(
    r"(?:^\W*(?:no|nope|nah|sorry|oops|wait|actually)\b|\b(?:i|we) (?:mean|meant|was asking|asked|didn['’]?t mean)\b"
    r"|\bnot (?:the|that|this)\b.*\bbut\b)",
    re.IGNORECASE,
)
_FRAME = ("singular", "plural", "personal", "joining", "what_about", "bare", "single", "few")


def leaning_features(message: str, questions: Sequence[str]) -> dict[str, float]:
    """What tells it, by name; what is missing is 0. questions: earlier ones as understood, oldest first."""
    said = tokens(message)
    own = set(terms(message, "en"))
    before = {term for question in questions for term in terms(question, "en")}
    around = cues(message)
    roles = [token.role for token in said]
    features = {
        **around,
        "shares": len(own & before) / (len(own) or 1),
        "verbless": float("auxiliary" not in roles),
        "asks": float(bool(roles) and roles[0] in {"wh", "auxiliary"}),
        "open end": float(_ENDS_OPEN.search(message) is not None),
        "again": float(_AGAIN.search(message) is not None),
        "corrects": float(_CORRECTING.search(message) is not None),
        "determiner": float("determiner" in roles),
        "named": float(any(token.text[0].isupper() for token in said[1:])),
    }
    features |= {f"{cue} × words": around[cue] * around["words"] for cue in _FRAME}
    features |= {f"{cue} × shares": around[cue] * features["shares"] for cue in _FRAME}
    return {name: value for name, value in features.items() if value}
