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
_WORD = r"[^\W\d_][\w'’-]{1,30}"
_CAPITAL = (
    r"(?:(?:van|von|der|den|de|del|della|da|dos|di|la|le|al|el|bin|ibn)\s+){0,2}"
    r"(?-i:[A-ZÀ-Þ](?:[\w'’-]{1,30}|\.?(?![\w'’-])))"
)
"""A further name, or its initial."""

_NAME = re.compile(
    r"\b(?:(?:my|his|her|their) (?:full |real |first |last )?name(?: is|'s|’s|:)|name:|i am called|i'm called|signed,"
    r"|(?:therapist|doctor|psychiatrist|gp|husband|wife|son|daughter|partner)(?:'s|’s)? name is)\s+"
    rf"(?P<what>(?:(?:dr|mr|mrs|ms)\.?\s+)?{_WORD}(?:\s+(?:{_CAPITAL}|{_WORD}))?(?:[^\S\n]+{_CAPITAL}){{0,2}})",
    re.IGNORECASE,
)
_NOT_NAMES = re.compile(
    r"(?:^|\s+)(?:not|no|never|none|nobody|unknown|private|secret|irrelevant|important|on|in|at|of|the|a|an|and|but|or|so"
    r"|i|i'm|im|is|was|born|dob|from|with|who|he|she|they|you|my|please|can|what|how|do|does|did|would|could"
    r"|should|which|where|when|why|we|have|has|are|am|if|it|this|that|for|to|by)\b.*$",
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
_HOUSE = (
    r"(?P<what>\b\d{1,5}[a-z]?\s+"
    r"(?!(?:mg|mcg|grams?|doses?|tablets?|pills?|capsules?|drops?|times?|sessions?|minutes?|hours?|days?|nights?|weeks?"
    r"|months?|years?|miles?|people|patients)\b)"
)
_FLAT = r"\b(?:\.?,?\s+(?:apt|apartment|unit|flat|#)\.?\s*\w{1,6})?)"
_WORDS = r"(?:[^\W\d_][\w'’.-]{1,30}\s+){1,3}"
_NAMES = r"(?:(?-i:[A-ZÀ-Þ][a-zß-ÿ'’.-]{1,30})\s+){1,3}"
_DOUBTFUL = "(?:avenue|road|lane|drive|court|terrace)"
"""No streets but after a name or after `live at`: a dose may drive something, too."""
_SHORT = r"(?:(?:st|dr|ln|pl|ct|cl|sq|cres)\b|way|place|close|square|crescent|row|grove|gardens)"
"""The same, and only after `live at`, or `St`, `Dr` and `Ln` before a comma or at the end."""

_STREETS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_HOUSE}{_WORDS}(?:street|ave|rd|boulevard|blvd){_FLAT}",
        rf"{_HOUSE}{_NAMES}{_DOUBTFUL}{_FLAT}",
        rf"{_HOUSE}{_NAMES}(?-i:St|Dr|Ln)\b(?=,|\.?\s*(?:\n|$)){_FLAT}",
        r"\b(?:live[sd]?|living|stay(?:s|ed|ing)?|resid(?:e[sd]?|ing)|address|home(?= is|:))\W{1,3}"
        rf"(?:(?:is|at|in|on|to)\W{{1,3}}){{0,2}}{_HOUSE}{_WORDS}(?:{_DOUBTFUL}|{_SHORT}){_FLAT}",
    )
)
_DIGITS = re.compile(r"(?<![\w./])\d[\d -]{7,34}\d(?![\w/])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
_NUMBERS_OF_PAGES = re.compile(r"\d{1,4}\(\d{1,3}\),?\s*\d{1,4}\s*[–-]\s*\d{1,4}")
_REGION = "US"
"""Of telephone numbers without a country's code."""
_ABROAD = "DE"
"""A region whose numbers have every length, and begin with 0 as those of most countries do."""
_LEAST_DIGITS = 9
"""Of a telephone number: two years or the pages of a paper have up to eight."""
_LEAST_DIGITS_SAID = 7
"""Of one that is said to be one."""
_CALL = re.compile(
    r"(?:\b(?:call|text|ring|phone|dial|reach|contact|message|whatsapp|signal)\s+(?:me|us|him|her|them|my \w{1,15})\b"
    r"|\b(?:tele)?phone\b|\btel\b|\bwhatsapp\b|\b(?:mobile|cell|landline)\s(?:phone|number|no|is|at)\b"
    r"|\b(?:my|our|his|her|their)\s(?:[\w'’]{1,15}\s)?(?:number|mobile|cell|landline)\b"
    r"|\bll[aá]ma(?:me|dme)\b|\btel[eé]f\w{1,8}|\bm[oó]vil\b|\bn[uú]mero\b)[^\d\n]{0,20}$"
    r"|\b(?:call|ring|dial|mobile|cell)\W{1,3}$",
    re.IGNORECASE,
)
"""What ends where a telephone number begins."""
_CALL_LENGTH = 60
"""Characters before a number in which it is looked for."""
_NO_CALL = re.compile(
    r"(?P<d>\d\d)\d\d\s?[-–—]\s?(?P=d)\d\d\b|(?:19|20)\d\d\s?[-–—]\s?(?:19|20)\d\d\b|0\.\d"
    r"|\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d\b"
)
"""The beginnings of what looks like one: pages, years, a small number, a date."""

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
    for region in (_REGION, _ABROAD):
        for call in phonenumbers.PhoneNumberMatcher(message, region, leniency=phonenumbers.Leniency.POSSIBLE):
            if _is_call(message, call.start, call.raw_string, region):
                yield call.start, call.end, "phone"


def _said(match: re.Match[str], kind: str) -> Span:
    return (*match.span("what"), kind)


def _is_call(message: str, start: int, number: str, region: str) -> bool:
    """Whether what may be a number of that region is a telephone number in the message."""
    digits = sum(char.isdigit() for char in number)
    if _NO_CALL.match(number) or (region == _ABROAD and message[max(0, start - 1) : start].isalnum()):
        return False
    if digits >= _LEAST_DIGITS and (region == _REGION or re.match(r"\(?0\d", number)):
        return True
    before = message[max(0, start - _CALL_LENGTH) : start]
    return digits >= _LEAST_DIGITS_SAID and _CALL.search(before) is not None


def _is_number_of_a_person(text: str) -> bool:
    """A social security number, or one of a payment card by its check digit (Luhn)."""
    checks: tuple[Callable[[str], bool], ...] = (ssn.is_valid, _is_card)
    return any(check(text) for check in checks)


def _is_card(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    return len(digits) in range(13, 20) and bool(luhn.is_valid(digits))
