"""What tells who a visitor is, taken out of a message before anything is kept of it."""

import re
from collections.abc import Callable, Iterator

import phonenumbers
from stdnum import iban, luhn
from stdnum.us import ssn

_EMAIL = re.compile(
    r"[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\s?(?:\.|\(dot\)|\[dot\])\s?[\w-]{2,63}){1,4}", re.IGNORECASE
)
_DOI = re.compile(r"\b10\.\d{4,9}/\S+")
_NAME = re.compile(
    r"\b(?:(?:my|his|her|their) (?:full |real |first |last )?name(?: is|'s|’s|:)|name:|i am called|i'm called|signed,"
    r"|(?:therapist|doctor|psychiatrist|gp|husband|wife|son|daughter|partner)(?:'s|’s)? name is)\s+"
    r"(?P<what>(?:(?:dr|mr|mrs|ms)\.?\s+)?[^\W\d_][\w'’-]{1,30}(?:\s+[^\W\d_][\w'’-]{1,30})?)",
    re.IGNORECASE,
)
_NOT_NAMES = re.compile(
    r"(?:^|\s+)(?:not|no|never|none|nobody|unknown|private|secret|irrelevant|important|on|in|at|of|the|a|an|and|but|or|so"
    r"|i|i'm|im|is|was|born|dob|from|with|who|he|she|they|you|my|please|can|what|how|do|does|for|to|by)\b.*$",
    re.IGNORECASE | re.DOTALL,
)
"""What cannot be a name, and all that follows it."""

_BORN = re.compile(
    r"\b(?P<lead>(?:d\.?o\.?b\.?|date of birth|birth ?date|birthday|born)\s*(?:is|on|:|in)?\s*)"
    r"(?P<what>\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|\d{1,2}(?:st|nd|rd|th)? \w{3,9},? \d{4}|\w{3,9} \d{1,2},? \d{4})",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"\b(?P<lead>(?:(?:insurance|member|policy|patient|medicare|medicaid|nhs|passport|licen[cs]e|mrn|id|"
    r"account|card|ssn|social security|tax)\s*(?:id|no\.?|number|num|#|card)?\s*(?:is|:|#)?\s*))"
    r"(?P<what>(?=(?:[A-Z-]{0,8}\d){3})[A-Z0-9][A-Z0-9-]{4,24})\b",
    re.IGNORECASE,
)
_HOUSE = r"(?P<what>\b\d{1,5}[a-z]?\s+(?!(?:mg|grams?|doses?|weeks?|months?|years?|people|patients)\b)"
_FLAT = r"\b(?:,?\s+(?:apt|apartment|unit|flat|#)\.?\s*\w{1,6})?)"
_WORDS = r"(?:[^\W\d_][\w'’.-]{1,30}\s+){1,3}"
_NAMES = r"(?:(?-i:[A-ZÀ-Þ][a-zß-ÿ'’.-]{1,30})\s+){1,3}"
_DOUBTFUL = "(?:avenue|road|lane|drive|court|terrace)"
"""No streets but after a name or after `live at`: a dose may drive something, too."""

_STREETS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_HOUSE}{_WORDS}(?:street|ave|rd|boulevard|blvd){_FLAT}",
        rf"{_HOUSE}{_NAMES}{_DOUBTFUL}{_FLAT}",
        r"\b(?:live[sd]?|living|stay(?:s|ed|ing)?|resid(?:e[sd]?|ing)|address|home)\W{1,3}(?:(?:is|at|in|on|to)\W{1,3}){0,2}"
        rf"{_HOUSE}{_WORDS}{_DOUBTFUL}{_FLAT}",
    )
)
_DIGITS = re.compile(r"(?<![\w./])\d[\d -]{7,34}\d(?![\w/])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
_NUMBERS_OF_PAGES = re.compile(r"\d{1,4}\(\d{1,3}\),?\s*\d{1,4}\s*[–-]\s*\d{1,4}")
_REGION = "US"
"""Of telephone numbers without a country's code."""
_LEAST_DIGITS = 9
"""Of a telephone number: two years or the pages of a paper have up to eight."""

Span = tuple[int, int, str]


def masked(message: str) -> tuple[str, frozenset[str]]:
    """The message with `[email]`, `[phone]`, `[name]` … in place of what tells who somebody is, and
    which of these.
    """
    found = sorted(_spans(message), key=lambda span: (span[0], -span[1]))
    parts, at = [], 0
    kinds = set()
    for start, end, kind in found:
        if start < at:
            continue
        parts += [message[at:start], f"[{kind}]"]
        kinds.add(kind)
        at = end
    return "".join([*parts, message[at:]]), frozenset(kinds)


def _spans(message: str) -> Iterator[Span]:
    """(start, end, kind), in any order; none inside a DOI or the numbers of pages."""
    public = [match.span() for pattern in (_DOI, _NUMBERS_OF_PAGES) for match in pattern.finditer(message)]
    for start, end, kind in _candidates(message):
        if not any(first < end and start < last for first, last in public):
            yield start, end, kind


def _candidates(message: str) -> Iterator[Span]:
    yield from ((*match.span(), "email") for match in _EMAIL.finditer(message))
    yield from (_said(match, "address") for pattern in _STREETS for match in pattern.finditer(message))
    yield from ((*match.span(), "number") for match in _IBAN.finditer(message) if iban.is_valid(match.group()))
    yield from (_said(match, "date of birth") for match in _BORN.finditer(message))
    yield from (_said(match, "number") for match in _NUMBERED.finditer(message))
    for match in _NAME.finditer(message):
        name = _NOT_NAMES.sub("", match["what"])
        if name:
            yield match.start("what"), match.start("what") + len(name), "name"
    for match in _DIGITS.finditer(message):
        if _is_number_of_a_person(match.group()):
            yield *match.span(), "number"
    for call in phonenumbers.PhoneNumberMatcher(message, _REGION, leniency=phonenumbers.Leniency.POSSIBLE):
        if sum(char.isdigit() for char in call.raw_string) >= _LEAST_DIGITS:
            yield call.start, call.end, "phone"


def _said(match: re.Match[str], kind: str) -> Span:
    return (*match.span("what"), kind)


def _is_number_of_a_person(text: str) -> bool:
    """A social security number, or one of a payment card by its check digit (Luhn)."""
    checks: tuple[Callable[[str], bool], ...] = (ssn.is_valid, _is_card)
    return any(check(text) for check in checks)


def _is_card(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    return len(digits) in range(13, 20) and bool(luhn.is_valid(digits))
