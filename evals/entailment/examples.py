"""Texts with a claim that they support and one that they do not; nothing of the corpus, and no labelled answer.

`data/` was written by hand for this: `quads_*.tsv` has `author, text, text, claim, claim`, of which the first text
supports the first claim alone, and the second the second; `edits_*.tsv` has `author, text, right, wrong, kind`;
`pairs_*.tsv` has `author, label, text, claim`, the claims of one text one after the other. In the last two, an
empty text is that of the line before.
"""

import csv
import itertools
import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.segmentation import sentence_spans
from bot.text import words
from evals.faithfulness.corruptions import corrupted_claims
from evals.faithfulness.labelled import LabelledClaim, read_answered, read_prose
from evals.public import SQUAD_FILES

DATA = Path(__file__).with_name("data")

CORRUPTED, ANSWERED = 4_000, 2_000
"""Contrasts made of public prose, and of public questions with an answer."""
_NEAR = {"corrupted": 2, "answered": 3}
"""Sentences of a public passage that are kept beside a claim."""
_UNANSWERABLE = "question"
"""How `read_answered` says that a claim was made of a question without an answer."""
_COPIED = 0.2
"""By which a false claim must have a larger share of its words from the text than the true one."""
_PARTS = 6
"""Of the groups one in so many is held out."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """One text with a claim it supports and one it does not; either may be missing."""

    kind: str
    """quads, edits, copies, pairs, corrupted or answered."""
    group: str
    """Author, or article."""
    text: str
    right: str | None
    wrong: str | None

    @property
    def both(self) -> tuple[tuple[str, str], ...]:
        """(text, right) and (text, wrong); empty where either is missing."""
        return ((self.text, self.right), (self.text, self.wrong)) if self.right and self.wrong else ()


Bundle = tuple[Contrast, ...]
"""What is learnt from together: one contrast, or two of which either's right claim is the other's wrong one."""


def is_held_out(group: str) -> bool:
    """Whether the model is not fitted to what this author or article has; `fit-faithfulness` weighs it there."""
    return zlib.crc32(group.encode()) % _PARTS == 0


def written() -> list[Bundle]:
    """All that was written by hand."""
    return [*_quads(), *_edits(), *_pairs()]


def public(data: Path, seed: int = 0) -> list[Bundle]:
    """Public prose, minimally edited; public questions, joined with their answer and with another of its kind."""
    prose = [(group, text) for group, text in read_prose(data) if not is_held_out(group)]
    # COVID-QA's passages are too long for the words of a claim to find its sentence.
    answered = [
        c for c in read_answered(data, seed) if SQUAD_FILES[0].startswith(c.source) and not is_held_out(c.group)
    ]
    found = list(_contrasts(answered, "answered"))
    random.Random(seed).shuffle(found)
    corrupted = list(corrupted_claims(prose, 2 * CORRUPTED, seed))
    return [*_contrasts(corrupted, "corrupted"), *found[:ANSWERED]]


def _contrasts(claims: Sequence[LabelledClaim], kind: str) -> Iterator[Bundle]:
    """A supported claim with the one that was made of it, which follows it; an unanswerable question by itself."""
    for claim, after in zip(claims, (*claims[1:], None), strict=True):
        passage, group = claim.passages[0], claim.group
        if claim.change == _UNANSWERABLE:
            yield (Contrast(kind, group, near(passage, claim.claim, _NEAR[kind]), None, claim.claim),)
        elif claim.supported and after is not None and after.change not in ("", _UNANSWERABLE):
            text = near(passage, f"{claim.claim} {after.claim}", _NEAR[kind])
            yield (Contrast(kind, group, text, claim.claim, after.claim),)


def near(passage: str, claims: str, count: int) -> str:
    """The `count` sentences of the passage that share most words with the claims, in its order."""
    sentences = [passage[start:end] for start, end in sentence_spans(passage, "en")]
    wanted = set(words(claims))
    ranked = sorted(range(len(sentences)), key=lambda i: -len(wanted & set(words(sentences[i]))))
    return " ".join(" ".join(sentences[i].split()) for i in sorted(ranked[:count]))


def _rows(kind: str, fields: int, shared: int | None = None) -> Iterator[list[str]]:
    """shared: the field that, where it is empty, is as on the line before in its file."""
    for path in sorted(DATA.glob(f"{kind}_*.tsv")):
        before = ""
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE), 1):
                if shared is not None and len(row) == fields:
                    row[shared] = before = row[shared] or before
                if len(row) != fields or not all(row):
                    raise ValueError(f"{path}:{number}: {len(row)} fields where {fields} are wanted, none empty.")
                yield row


def _quads() -> Iterator[Bundle]:
    for author, one, other, of_one, of_other in _rows("quads", 5):
        yield (
            Contrast("quads", author, one, of_one, of_other),
            Contrast("quads", author, other, of_other, of_one),
        )


def _edits() -> Iterator[Bundle]:
    """A false claim that copies more than the true one also stands beside the text's own sentence that is nearest to it
    (`copies`): to copy must not tell anything.
    """
    for author, text, right, wrong, _ in _rows("edits", 5, shared=1):
        yield (Contrast("edits", author, text, right, wrong),)
        if _share(text, wrong) > _share(text, right) + _COPIED:
            yield (Contrast("copies", author, text, near(text, wrong, 1), wrong),)


def _share(text: str, claim: str) -> float:
    """Of the claim's words, those that the text has, 0..1."""
    held, said = set(words(text)), words(claim)
    return sum(word in held for word in said) / max(len(said), 1)


def _pairs() -> Iterator[Bundle]:
    for (author, text), rows in itertools.groupby(_rows("pairs", 4, shared=2), key=lambda row: (row[0], row[2])):
        claims: dict[str, list[str]] = {"0": [], "1": []}
        for _, label, _, claim in rows:
            claims[label].append(claim)
        for right, wrong in itertools.zip_longest(claims["1"], claims["0"]):
            yield (Contrast("pairs", author, text, right, wrong),)
