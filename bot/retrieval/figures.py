"""The figures of a text that a mistake about would do harm: doses, percentages, years."""

import re

_FIGURE = re.compile(
    r"(?<![\w.])(?:(?P<amount>\d+(?:[.,]\d+)?)\s?(?P<unit>mg|mcg|ug|µg|g|grams?|ml|%|percent)|(?P<year>(?:19|20)\d\d))(?!\w)",
    re.IGNORECASE,
)


def figures(text: str) -> set[str]:
    """The doses, percentages and years in `text`, each in one spelling: `25 mg` and `25mg` are the same."""
    found = set()
    for match in _FIGURE.finditer(text):
        unit = (match["unit"] or "").lower().replace("percent", "%")
        found.add(match["year"] or match["amount"].replace(",", ".") + unit)
    return found
