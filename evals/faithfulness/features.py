"""Labelled claims as the features that the scorer sees."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bot.faithfulness.alignment import Passages, align, background_idf
from bot.faithfulness.lexicon import load_lexicon
from bot.faithfulness.model import features
from bot.faithfulness.words import Parsed, parse, words_of
from bot.ports import Encoder, Entailment
from bot.segmentation import sentence_spans
from evals.faithfulness.labelled import LabelledClaim

_BATCH = 64


def feature_rows(
    claims: Sequence[LabelledClaim], encoder: Encoder, entailment: Entailment, idf: dict[str, float]
) -> npt.NDArray[np.float64]:
    """Shape (claims, features): each claim whole, against its passages."""
    lexicon = load_lexicon()
    evidence = {claim.passages: _sentences(claim.passages) for claim in claims}
    texts = sorted({*(c.claim for c in claims), *(s for found in evidence.values() for s in found)}, key=len)
    parsed: dict[str, Parsed] = {}
    for start in range(0, len(texts), _BATCH):
        batch = texts[start : start + _BATCH]
        parsed.update((t, parse(t, e, lexicon)) for t, e in zip(batch, encoder.encode(batch), strict=True))
    aligned = [
        align(parsed[claim.claim], Passages(tuple(parsed[text] for text in evidence[claim.passages]), idf))
        for claim in claims
    ]
    logits = entailment.logits([(each.evidence, claim.claim) for each, claim in zip(aligned, claims, strict=True)])
    return np.asarray([features(each, lexicon, float(e)) for each, e in zip(aligned, logits, strict=True)])


def idf_of(prose: Sequence[str], least: int) -> dict[str, float]:
    """IDF of the stems that stand in at least `least` of the texts."""
    lexicon = load_lexicon()
    stems = [[word.stem for word in words_of(text, lexicon)] for text in prose]
    held: dict[str, int] = {}
    for text in stems:
        for stem in set(text):
            held[stem] = held.get(stem, 0) + 1
    return {stem: value for stem, value in background_idf(stems).items() if held[stem] >= least}


def _sentences(passages: Sequence[str]) -> list[str]:
    found = [" ".join(p[start:end].split()) for p in passages for start, end in sentence_spans(p, "en")]
    return found or [""]
