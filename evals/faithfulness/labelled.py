"""Public claims with their evidence and people's verdicts, as labelled claims."""

import csv
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.public import QED_FILE, SQUAD_FILES

BEGIN_SOURCES = ("cmu", "tc", "wow")
FEVER_FILE = "fever_symmetric/fever_symmetric_dev.jsonl"

_LONGEST_ANSWER = 12
"""Words."""
_AROUND = 1200
"""Characters of a long context kept to either side of an answer."""


@dataclass(frozen=True, slots=True)
class LabelledClaim:
    """One claim with what it is said to rest on."""

    source: str
    """Data set; figures are given by it and folds parted by it."""
    group: str
    """Article or the like; what shares a group never stands on both sides of a fold."""
    claim: str
    passages: tuple[str, ...]
    supported: bool
    change: str = ""
    """How an unsupported claim was made from a supported one; empty where people wrote it."""


def read_begin(data: Path) -> Iterator[LabelledClaim]:
    """Responses judged fully attributable to a passage, or not (Dziri et al. 2022); generic ones count as not."""
    for source in BEGIN_SOURCES:
        path = data / "begin" / f"begin_dev_{source}.tsv"
        with path.open(encoding="utf-8", newline="") as file:
            for n, row in enumerate(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)):
                supported = row["begin_label"] == "Fully attributable"
                passage = untokenised(row["knowledge"])
                yield LabelledClaim(
                    f"begin-{source}", f"{source}-{n}", untokenised(row["response"]), (passage,), supported
                )


def read_fever(data: Path) -> Iterator[LabelledClaim]:
    """Claims and evidence that differ by minimal edits, each claim with either label (Schuster et al. 2019)."""
    for line in (data / FEVER_FILE).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        claim, evidence = untokenised(row["claim"]), untokenised(row["evidence"])
        yield LabelledClaim("fever", row["id"], claim, (evidence,), row["gold_label"] == "SUPPORTS")


def read_answered(data: Path, seed: int = 0) -> Iterator[LabelledClaim]:
    """Questions joined with an answer as rough statements: people's paraphrases, and near misses of them.

    Not supported are SQuAD 2.0's unanswerable questions with their plausible answer (Rajpurkar et al. 2018),
    people's minimal edits; and questions with another question's answer of the same kind.
    """
    rng = random.Random(seed)
    for file in SQUAD_FILES:
        source = file.split("/")[0]
        for number, article in enumerate(json.loads((data / file).read_text(encoding="utf-8"))["data"]):
            for paragraph in article["paragraphs"]:
                yield from _of_paragraph(paragraph, source, f"{source}-{number}", rng)


def _of_paragraph(paragraph: dict[str, Any], source: str, group: str, rng: random.Random) -> Iterator[LabelledClaim]:
    answers = [entry["answers"][0]["text"] for entry in paragraph["qas"] if entry["answers"]]
    for entry in paragraph["qas"]:
        given = entry.get("plausible_answers") or entry["answers"]
        statement = statement_of(entry["question"], given[0]["text"]) if given else None
        if statement is None or len(given[0]["text"].split()) > _LONGEST_ANSWER:
            continue
        at = given[0]["answer_start"]
        passage = paragraph["context"][max(0, at - _AROUND) : at + _AROUND]
        supported = not entry.get("is_impossible", False)
        yield LabelledClaim(source, group, statement, (passage,), supported, "" if supported else "question")
        others = [other for other in answers if _is_rival(other, given[0]["text"]) and other in passage]
        swapped = statement_of(entry["question"], rng.choice(others)) if supported and others else None
        if swapped:
            yield LabelledClaim(source, group, swapped, (passage,), supported=False, change="answer")


def _is_rival(other: str, answer: str) -> bool:
    """Whether `other` is an answer of the same kind that is not the same."""
    kinds = [(bool(re.search(r"\d", text)), text[:1].isupper()) for text in (other, answer)]
    return kinds[0] == kinds[1] and other.lower() not in answer.lower() and answer.lower() not in other.lower()


def read_qed_claims(data: Path) -> Iterator[LabelledClaim]:
    """Search questions joined with their answer; all supported (Lamm et al. 2021)."""
    for number, line in enumerate((data / QED_FILE).read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        spans = [span for group in row["original_nq_answers"] for span in group]
        answer = untokenised(row["paragraph_text"][spans[0]["start"] : spans[0]["end"]]) if spans else ""
        statement = statement_of(row["question_text"], answer) if 0 < len(answer.split()) <= _LONGEST_ANSWER else None
        if statement:
            passage = untokenised(row["paragraph_text"])
            yield LabelledClaim("qed_dev", f"qed_dev-{number}", statement, (passage,), supported=True)


_WH = re.compile(
    r"\b(?:how (?:many|much|long|often|old|far|large|big)|(?:what|which) (?:year|day|month|date|century|"
    r"percentage of|kind of|type of|kinds of|types of|name of|name)|"
    r"who|whom|whose|when|where|what|which|why|how)\b(?:\s+(?:did|does|do)\b)?",
    re.IGNORECASE,
)


def statement_of(question: str, answer: str) -> str | None:
    """The question with its asking words replaced by the answer; None when it has none."""
    body = question.strip().rstrip("?. ")
    match = _WH.search(body)
    if match is None:
        return None
    joined = f"{body[: match.start()]}{answer.strip()}{body[match.end() :]}"
    return joined[:1].upper() + joined[1:] + "."


def untokenised(text: str) -> str:
    """Text as people write it, from text with a space between all tokens."""
    for written, meant in (("-LRB-", "("), ("-RRB-", ")"), ("-LSB-", "["), ("-RSB-", "]"), ("``", '"'), ("''", '"')):
        text = text.replace(written, meant)
    text = re.sub(r"\s+([.,;:!?%)\]]|n't\b|'(?:s|re|ve|ll|d|m)\b)", r"\1", text)
    text = re.sub(r"\b(\w+) - (\w+)\b", r"\1-\2", text)
    return re.sub(r"([(\[$])\s+", r"\1", text).strip()


def read_prose(data: Path) -> Iterator[tuple[str, str]]:
    """(group, paragraph) of running prose, from the same groups as the answered questions."""
    for file in SQUAD_FILES:
        for number, article in enumerate(json.loads((data / file).read_text(encoding="utf-8"))["data"]):
            for paragraph in article["paragraphs"]:
                parts = re.split(r"\n\s*\n", paragraph["context"])
                yield from ((f"{file.split('/')[0]}-{number}", part) for part in parts if len(part) > _SHORTEST_PROSE)
    for number, line in enumerate((data / QED_FILE).read_text(encoding="utf-8").splitlines()):
        yield f"qed_dev-{number}", untokenised(json.loads(line)["paragraph_text"])


_SHORTEST_PROSE = 200
"""Characters."""
