"""What a message speaks of, by single words: whether of the visitor or of a study, of the past, of a thing."""

import re
from collections.abc import Mapping

from bot.guard.exemplars import DANGERS, DECLINED, NOTED
from bot.guard.normalise import variants
from bot.guard.patterns import all_worded

_MAX_WORDS = 40

_SIGNS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "of a study or a work": r"\b(?:article|trial|study|studies|text|page|paper|research|researchers?|participants?"
        r"|book|novel|song|lyrics|film|movie|series|show|game|character|episode|class|essay|chapter|measured?"
        r"|ideation|mortality|rates?|cover|mentions?|mentioned|goodwin|patients)\b",
        "past": r"\b(?:years? ago|long (?:ago|before)|back in|in (?:19|20)\d\d|used to|when i was|decades?|recovered"
        r"|better now|survived)\b",
        "past, of others": r"\b(?:did they|did the|was it|were they|was given|were given"
        r"|they (?:used|gave|took|did))\b",
        "first person": r"\b(?:i|im|i'm|i've|ive|i'd|id|me|my|myself|mine)\b",
        "second person": r"\b(?:you|your|u|ur|yours|you guys|she|dr|doctor|ceruto|practice|clinic)\b",
        "may I": r"\b(?:(?:should|can|could|may|must|shall|might|do|am|would|will) (?:i|we|my \w+|he|she)"
        r"|is it (?:ok|okay|safe|fine|bad|dangerous|alright)|for (?:me|my|him|her|us)"
        r"|i (?:want|need|wanna|plan|would like|'d like) to)\b",
        "a relative": r"\bmy (?:\w+ )?(?:son|daughter|kid|child|mum|mom|mother|dad|father|wife|husband|partner|brother"
        r"|sister|friend|boyfriend|girlfriend|gran\w*|uncle|aunt|cousin|client|patient)s?\b",
        "negation": r"\b(?:not|don't|dont|never|no|can't|cant|won't|wont|nothing|nobody|anymore)\b",
        "joke": r"(?:\blol\b|\blmao\b|\bhaha\w*|😂|🤣|:\)|\bjok(?:e|ing)\b|\bkidding\b)",
        "of a thing": r"\b(?:phone|laptop|wifi|battery|car|printer|deadline|essay|exam|boss|slides|traffic|queue"
        r"|homework|coffee|plants?|cells?|neurons?|synaps\w+|circuits?|dog|cat|subscription|app|tab|page)\b",
        "death or hurt": r"\b(?:die|dead|death|dying|kill\w*|suicid\w*|end it|hurt|harm|cut\w*|overdos\w*|goodbye"
        r"|wake up|burden|alive|live|living|without me|anymore|disappear|pills|rope|bridge)\b",
        "of the brain": r"\b(?:brain|neural|network|receptor|serotonin|cortex|plasticity|circuit|mode|dmn|bdnf|ltp"
        r"|rebus|5-?ht\w*|spines?|dendrit\w+|synap\w+|mechanism)\b",
        "a substance": r"\b(?:shrooms?|mushrooms?|psilocybin|psilocin|trip\w*|truffles?|microdos\w*|psychedelics?|acid"
        r"|magic|caps|grams?|mg)\b",
    }.items()
}


def signs(message: str) -> dict[str, float]:
    """By name, 1.0 where the message has the sign and 0.0 where not; how long it is, 0..1."""
    readings = variants(message)
    plain = readings[0]
    found = {name: float(any(pattern.search(text) for text in readings)) for name, pattern in _SIGNS.items()}
    harm = found["death or hurt"]
    danger, declining = all_worded(message, "danger"), all_worded(message, "declining")
    return {
        **found,
        **{f"worded {kind}": float(kind in danger) for kind in DANGERS},
        **{f"worded {kind}": float(kind in declining) for kind in (*DECLINED, *NOTED)},
        "question": float("?" in message),
        "words": min(len(plain.split()), _MAX_WORDS) / _MAX_WORDS,
        "death, first person": harm * found["first person"],
        "death, of a study": harm * found["of a study or a work"],
        "death, past": harm * found["past"],
        "death, of a thing": harm * found["of a thing"],
        "may I, a substance": found["may I"] * found["a substance"],
        "of a study, may I": found["of a study or a work"] * found["may I"],
        "first person, of a study": found["of a study or a work"] * found["first person"],
    }
