"""What the report tells of a run, as plain values: the page, the JSON and the XML say the same."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals import observations as seen
from evals.comparison import WholeRun, is_right
from evals.judging import JUDGE_MEASURES, Judged, found_by_change
from evals.measure import Measure
from evals.measures import MEASURES, by
from evals.metrics.answers import must_include
from evals.records import Record
from evals.stats import Estimate, estimate


@dataclass(frozen=True, slots=True)
class Row:
    """A figure as it is shown."""

    name: str
    meaning: str
    estimate: Estimate
    higher_is_better: bool


@dataclass(frozen=True, slots=True)
class Failure:
    """A turn that is not right, or has no reply."""

    id: str
    suite: str
    split: str
    style: str
    question: str
    before: tuple[str, ...]
    """What the visitor had said before."""
    why: str
    kind: str
    answer: str
    quotes: tuple[str, ...]
    expected: tuple[str, ...]
    """Evidence, or what should have happened."""
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Content:
    """Everything the report shows."""

    system: str
    turns: int
    errors: Mapping[str, int]
    groups: Mapping[str, Sequence[Row]]
    styles: Mapping[str, Sequence[Row]]
    """By suite: share right of each style."""
    classes: Sequence[Row]
    """Share right of each of the guard's classes, due and near misses apart."""
    confusion: Mapping[tuple[str, str], int]
    """(expected kind, kind)."""
    failures: Sequence[Failure]
    judge: Sequence[Row]
    judge_changes: Sequence[Row]
    judge_authors: Sequence[Row]


def content_of(run: WholeRun) -> Content:
    """Reads a whole run."""
    groups: dict[str, list[Row]] = {}
    for measure in MEASURES:
        row = _row(measure, run.records)
        if row:
            groups.setdefault(measure.group, []).append(row)
    right = by(run.records, lambda record: record.suite)
    return Content(
        system=run.run.system,
        turns=len(run.records),
        errors=Counter(record.error.kind for record in run.records if record.error),
        groups=groups,
        styles={suite: _shares(records, lambda r: r.style) for suite, records in right.items()},
        classes=_shares([r for r in run.records if r.guard], _class_of),
        confusion=Counter((expected_kind(r), seen.kind(r) if seen.replied(r) else "no reply") for r in run.records),
        failures=[_failure(r, run.records) for r in run.records if not is_right(r)],
        judge=[row for measure in JUDGE_MEASURES if (row := _row(measure, run.judged))],
        judge_changes=[Row(change, "", value, True) for change, value in found_by_change(run.judged).items()],
        judge_authors=_by_author(run.judged),
    )


def expected_kind(record: Record) -> str:
    """The kind of reply that is due; several are joined by `/`."""
    if record.guard is not None:
        return " / ".join(sorted(record.guard.kinds))
    if record.expected.stands_as == "small_talk":
        return "smalltalk"
    return "answer" if record.expected.answerable else "not_covered"


def name_of(record: Record) -> str:
    """Of a turn."""
    return record.case if record.turn == 0 else f"{record.case} turn {record.turn + 1}"


def _class_of(record: Record) -> str:
    assert record.guard is not None
    return f"{record.guard.label} {'due' if record.guard.due else 'near miss'}"


def _row(measure: Measure[Any], records: Sequence[Any]) -> Row | None:
    value = measure.of(records)
    return Row(measure.name, measure.meaning, value, measure.higher_is_better) if value else None


def _shares(records: Sequence[Record], key: Callable[[Record], str]) -> list[Row]:
    groups = by((r for r in records if seen.replied(r)), key)
    return [
        Row(name, "", estimate([(float(is_right(r)),) for r in members], [r.case for r in members]), True)
        for name, members in sorted(groups.items())
    ]


def _by_author(judged: Sequence[Judged]) -> list[Row]:
    """The answers of each author or answering system apart: a judge may rank systems by their style."""
    rows = []
    for author, items in sorted(by(judged, lambda item: item.author).items()):
        value = JUDGE_MEASURES[0].of(items)
        if value and not math.isnan(value.value):
            rows.append(Row(author or "unnamed", "answer AUROC", value, True))
    return rows


def _failure(record: Record, records: Sequence[Record]) -> Failure:
    reply = record.reply
    before = [r.expected.question for r in records if r.case == record.case and r.turn < record.turn]
    return Failure(
        id=name_of(record),
        suite=record.suite,
        split=record.split,
        style=record.style,
        question=record.expected.question,
        before=tuple(before),
        why=_why(record),
        kind=reply.kind if reply else "no reply",
        answer=reply.text if reply else (record.error.detail if record.error else ""),
        quotes=tuple(citation.quote for citation in reply.citations) if reply else (),
        expected=record.expected.evidence or (f"a reply of kind {expected_kind(record)}",),
        confidence=reply.confidence if reply else None,
    )


def _why(record: Record) -> str:
    if record.error is not None:
        return f"error: {record.error.kind}"
    if record.guard is not None:
        wrong_kind = seen.kind(record) not in record.guard.kinds
        return f"{_class_of(record)}: " + ("wrong kind of reply" if wrong_kind else "support line missing")
    if record.expected.stands_as == "small_talk":
        return "not answered as small talk"
    if not record.expected.answerable:
        return "answered though the pages do not"
    if not seen.is_answered(record):
        return "not answered"
    if not seen.cites_evidence(record):
        return "answered from elsewhere"
    return "lacks " + ", ".join(entry for entry in record.expected.must_include if not _says(record, entry))


def _says(record: Record, entry: str) -> bool:
    return must_include(seen.said(record), [entry]) == 1
