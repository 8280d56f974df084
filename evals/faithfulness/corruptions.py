"""Statements made from sentences by rule: light paraphrases that stay true, and minimal edits that make them false.

Made of public prose only, never of the corpus that is served, and of no evaluation item.
"""

import random
from collections.abc import Iterator, Sequence

from bot.segmentation import sentence_spans
from evals.faithfulness.edits import EDITS
from evals.faithfulness.labelled import LabelledClaim
from evals.faithfulness.paraphrases import paraphrased
from evals.faithfulness.wording import SHORTEST, Source

_LONGEST = 45
"""Words."""


def corrupted_claims(paragraphs: Sequence[tuple[str, str]], count: int, seed: int = 0) -> Iterator[LabelledClaim]:
    """About `count` statements, half of them false, every kind of edit as often as it can be had.

    paragraphs: (group, text). A false statement is made of a true one by a single edit.
    """
    rng = random.Random(seed)
    by_group: dict[str, list[str]] = {}
    for group, text in paragraphs:
        by_group.setdefault(group, []).append(text)
    groups = sorted(by_group)
    kinds = list(EDITS)
    made = 0
    for attempt in range(40 * count):
        if made >= count:
            return
        group = rng.choice(groups)
        source = _source(by_group[group], by_group[rng.choice(groups)], rng)
        if source is None:
            continue
        statement = paraphrased(source, rng)
        kind = kinds[attempt % len(kinds)]
        edited = EDITS[kind](source, statement, rng)
        if edited is None or edited == statement:
            continue
        yield LabelledClaim("corrupted", group, statement, (source.paragraph,), supported=True)
        yield LabelledClaim("corrupted", group, edited, (source.paragraph,), supported=False, change=kind)
        made += 2


def _source(paragraphs: Sequence[str], others: Sequence[str], rng: random.Random) -> Source | None:
    paragraph = rng.choice(paragraphs)
    spans = sentence_spans(paragraph, "en")
    start, end = rng.choice(spans) if spans else (0, 0)
    text = " ".join(paragraph[start:end].split())
    if not SHORTEST <= len(text.split()) <= _LONGEST or not text.endswith("."):
        return None
    elsewhere = rng.choice([other for other in paragraphs if other != paragraph] or list(others))
    return Source(text, paragraph, elsewhere)
