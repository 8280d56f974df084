"""What a model may not say, sentence by sentence, before it leaves."""

import re
from collections.abc import Collection, Sequence

_NUMBER_WORD = (
    r"(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|half|quarter|few|several"
    r"|(?:couple|(?:hundred|thousand|million|dozen)s?)(?: of)?)"
)
_NUMBER = (
    rf"(?:(?:\d+(?:[.,]\d+)?|\.\d+)(?:\s?[½¼¾⅓⅔⅛]|\s\d/\d)?|[½¼¾⅓⅔⅛]"
    rf"|{_NUMBER_WORD}(?:[ -](?:and )?{_NUMBER_WORD}){{0,3}})"
    r"(?:[ -]and[ -](?:a[ -]|one[ -])?(?:half|quarter))?"
)
_MEASURE = (
    r"(?:(?:milli|micro|kilo)?gram(?:me)?|kilo|(?:milli)?lit(?:er|re)|ounce|pound|(?:tea|table)?spoon(?:ful)?"
    r"|cup(?:ful)?)"
)
_UNIT = (
    rf"(?:{_MEASURE}s?|mgs?|[µμu]gs?|mcgs?|gs?(?![ -]protein)|grs?|kgs?|mls?|drops?|caps?|capsules?|pills?|tablets?"
    r"|tabs?|doses?|oz|lbs?|tsps?|tbsps?)"
)
_QUANTITY = re.compile(
    rf"(?<![\w.])(?:{_NUMBER}(?:\s?(?:[-–/]|\bto\b)\s?\d+(?:[.,]\d+)?)?[\s-]*(?:a |of a )?"
    r"(?:(?:dried|dry|fresh|raw|whole|full|level|heaped|large|small|single|more) )?"
    rf"{_UNIT}|an? (?:(?:whole|full|single|level|heaped|mere) )?{_MEASURE})\b",
    re.IGNORECASE,
)
_PERCENTAGE = re.compile(rf"(?<![\d.]){_NUMBER}\s?(?:%|per ?cent\b|percentage points?\b)", re.IGNORECASE)
_COUNT = r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twenty|hundred)"
_SHARE = re.compile(
    rf"(?<![\w.])(?:(?:an?|{_COUNT})[ -](?:third|quarter|fifth|sixth|seventh|eighth|ninth|tenth)s?"
    rf"(?= (?:of|the)\b)|{_COUNT} (?:in|out of)(?: every)? {_COUNT}\b"
    r"(?!\s(?:second|minute|hour|day|week|month|year|session)))"
    r"|(?<!first )(?<!second )(?<!latter )(?<!other )\bhalf(?= (?:of|the|all)\b)|[½¼¾⅓⅔⅛](?= (?:of|the)\b)",
    re.IGNORECASE,
)
_SAME = (
    (r"\s?(?:–|(?<=\d)-|\bto\b)\s?(?=\d)", "–"),
    (r"milligram(?:me)?", "mg"),
    (r"microgram(?:me)?|mcg|[μu]g", "µg"),
    (r"kilo(?:gram(?:me)?)?s?$", "kg"),
    (r"gram(?:me)?|(?<![a-z])gr(?=s?$)", "g"),
    (r"per ?cent(?!age)", "%"),
    (r" (?:in|out of)(?: every)? ", "in"),
    (r"s$", ""),
)
"""What to write for what, to compare amounts."""
_DOING = (
    r"(?:take|taking|stop|stopping|start|starting|taper|tapering|skip|skipping|reduce|increase|mix|combine|dose|swallow"
    r"|inject|ingest|eat|quit|try|use|switch|halve|double)"
)
_INSTRUCTION = re.compile(
    rf"\b(?:you|your)\b.{{0,60}}\b(?:{_DOING}|safe|suitable|candidate|eligible)\b"
    r"|\b(?:patients?|people|persons?|readers?|users?|individuals?|adults?|anyone|anybody|everyone|everybody|those|one)"
    r"\b(?: [\w-]{1,20},?){0,4} (?:should|must|ought to|needs? to|ha(?:ve|s) to|had better)(?: \w{1,12}){0,2}"
    rf" {_DOING}\b(?! (?:place|part)\b)"
    r"|\b(?:should|must|ought to|needs? to|ha(?:ve|s) to)(?: \w{1,12})? be(?: \w{1,12})? (?:taken|stopped|discontinued"
    r"|tapered|skipped|halved|doubled|swallowed|injected|ingested|eaten)\b"
    r"|\b(?:safe|suitable|right|recommended) for you\b"
    r"|(?:^|[.:;,]\s|\bplease\s|\bthen\s|\bsimply\s|\bjust\s)(?:take|stop|start|taper|skip|reduce|increase|mix|combine|swallow|ingest"
    r"|eat|quit|try|halve|double|weigh|grind|brew|buy|order|grow)\b",
    re.IGNORECASE | re.DOTALL,
)
_ADDRESS = re.compile(
    r"(?:https?:|mailto:|javascript:|data:|www\.|//)\S*"
    r"|(?<![\w-])[\w-]{1,63}\.(?:com|org|net|io|co|info|shop|example|onion|ru"
    r"|me)\b\S*"
    r"|(?<![^\W\d_])(?!(?:vs|etc|al|fig|approx)\.)[^\W\d_][\w-]{1,62}\.(?:[a-z]{2,24}/|(?-i:[a-z]{2,24}|[A-Z]{2,24})\b)\S*",
    re.IGNORECASE,
)
"""A full stop without a space before a capital is a slip of the pen, not an address."""
_MARKUP = re.compile(
    r"<[a-z/!]|&(?:[a-z]+|#x?[0-9a-f]+);|!?\[[^\]]*\]\(|\*\*|__|`|^\s*#{1,6}\s|^\s*[>|-]\s",
    re.IGNORECASE | re.MULTILINE,
)
_ECHO = re.compile(
    r"\b(?:system prompt|system message|my instructions|these instructions|previous instructions"
    r"|as an ai (?:language )?model"
    r"|i was (?:told|instructed)|you are an? \w+ (?:assistant|guide|bot)|developer mode|canary)\b",
    re.IGNORECASE,
)


def unfit(text: str, quotes: Sequence[str], addresses: Collection[str] = ()) -> str | None:
    """Why a generated sentence may not be shown; None when it may.

    quotes: of the sentences that it cites. addresses: those that the corpus itself names.
    """
    evidence = " ".join(quotes)
    if _MARKUP.search(text):
        return "markup"
    if not _addressed(text) <= _addressed(evidence) | {_bare(address) for address in addresses}:
        return "an address that is not the corpus's"
    if _ECHO.search(text):
        return "instructions"
    for pattern, what in ((_QUANTITY, "quantity"), (_PERCENTAGE, "percentage"), (_SHARE, "share")):
        if not _amounts(pattern, text) <= _amounts(pattern, evidence):
            return f"a {what} that the evidence lacks"
    if _INSTRUCTION.search(text):
        return "medical advice to the reader"
    return None


def _addressed(text: str) -> set[str]:
    return {_bare(found.group()) for found in _ADDRESS.finditer(text)}


def _bare(address: str) -> str:
    """Without what may be left off, and without the full stop of its sentence."""
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", address.rstrip(".,;:!?)]’”'\""))


def _amounts(pattern: re.Pattern[str], text: str) -> set[str]:
    return {_plain(match) for match in pattern.finditer(text)}


def _plain(match: re.Match[str]) -> str:
    """`25 mg`, `25mg` and `25 milligrams` are the same, and so are `a gram` and `one gram`."""
    text = re.sub(r"^(?:an?|one)\b", "1", match.group().lower())
    for pattern, short in _SAME:
        text = re.sub(pattern, short, text)
    return re.sub(r"[\s-]", "", text)
