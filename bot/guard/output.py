"""What a model may not say, sentence by sentence, before it leaves."""

import re
from collections.abc import Collection, Sequence

_NUMBER_WORDS = (
    r"(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|half|quarter|few|several|couple)"
)
_UNIT = (
    r"(?:mg|milligram(?:me)?s?|µg|μg|ug|mcg|microgram(?:me)?s?|g|gr|gram(?:me)?s?|kg|ml|millilit(?:er|re)s?|drops?|caps?"
    r"|capsules?|pills?|tablets?|tabs?|doses?|ounces?|oz)"
)
_QUANTITY = re.compile(
    rf"(?<![\w.])(?P<number>\d+(?:[.,]\d+)?|{_NUMBER_WORDS}(?:[ -]{_NUMBER_WORDS})?)(?:\s?[-–to/]+\s?\d+(?:[.,]\d+)?)?"
    rf"[\s-]*(?:a |of a )?(?P<unit>{_UNIT})\b",
    re.IGNORECASE,
)
_PERCENTAGE = re.compile(
    rf"(?:\d+(?:[.,]\d+)?|{_NUMBER_WORDS}(?:[ -]{_NUMBER_WORDS})?)\s?(?:%|per ?cent\b)", re.IGNORECASE
)
_INSTRUCTION = re.compile(
    r"\b(?:you|your)\b.{0,60}\b(?:take|taking|stop|stopping|start|starting|taper|tapering|skip|skipping|reduce|increase|mix"
    r"|combine|dose|swallow|inject|ingest|eat|quit|try|use|switch|halve|double|safe|suitable|candidate|eligible)\b"
    r"|\b(?:safe|suitable|right|recommended) for you\b"
    r"|(?:^|[.:;,]\s|\bplease\s|\bthen\s|\bsimply\s|\bjust\s)(?:take|stop|start|taper|skip|reduce|increase|mix|combine|swallow|ingest"
    r"|eat|quit|try|halve|double|weigh|grind|brew|buy|order|grow)\b",
    re.IGNORECASE | re.DOTALL,
)
_ADDRESS = re.compile(
    r"(?:https?:|mailto:|javascript:|data:|www\.|//)\S*|\b[\w-]+\.(?:com|org|net|io|co|info|shop|example|onion|ru|me)\b\S*",
    re.I,
)
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
    if any(found.group() not in addresses for found in _ADDRESS.finditer(text)):
        return "an address that is not the corpus's"
    if _ECHO.search(text):
        return "instructions"
    if _absent(_QUANTITY, text, evidence):
        return "a quantity that the evidence lacks"
    if _absent(_PERCENTAGE, text, evidence):
        return "a percentage that the evidence lacks"
    if _INSTRUCTION.search(text):
        return "medical advice to the reader"
    return None


def _absent(pattern: re.Pattern[str], text: str, evidence: str) -> bool:
    known = {_plain(match.group()) for match in pattern.finditer(evidence)}
    return any(_plain(match.group()) not in known for match in pattern.finditer(text))


def _plain(text: str) -> str:
    """`25 mg` and `25mg` are the same."""
    return (
        re.sub(r"[\s-]", "", text.lower())
        .replace("percent", "%")
        .replace("milligrams", "mg")
        .replace("milligram", "mg")
    )
