"""Two runs beside each other: every figure with a paired test, and which cases flipped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from evals import observations as seen
from evals.judging import FILE as JUDGED
from evals.judging import JUDGE_MEASURES, Judged, read_judged
from evals.measure import Guard, Key, Table
from evals.measures import MEASURES
from evals.records import Record, Run, read_run
from evals.stats import Difference, Statistic, compare

SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Figure:
    """What a measure says of a figure, without how it is taken."""

    name: str
    statistic: Statistic
    higher_is_better: bool
    guarded: Guard


FIGURES: tuple[Figure, ...] = (
    *(Figure(m.name, m.statistic, m.higher_is_better, m.guarded) for m in MEASURES),
    *(Figure(m.name, m.statistic, m.higher_is_better, m.guarded) for m in JUDGE_MEASURES),
)


@dataclass(frozen=True, slots=True)
class WholeRun:
    """A finished run with what was judged in it."""

    run: Run
    records: Sequence[Record]
    judged: Sequence[Judged]

    def tables(self) -> dict[str, Table]:
        """By name of the figure; only those that apply."""
        found = {m.name: m.table(self.records) for m in MEASURES} | {
            m.name: m.table(self.judged) for m in JUDGE_MEASURES
        }
        return {name: table for name, table in found.items() if table.rows}


def read_whole_run(folder: Path) -> WholeRun:
    """Raises CorpusError when there is none."""
    run, records = read_run(folder)
    return WholeRun(run, records, read_judged(folder / JUDGED))


class Described(Protocol):
    """A run, or what is kept of one: what was asked of which corpus."""

    @property
    def corpus(self) -> str: ...
    @property
    def cases(self) -> str: ...


def differing(a: Described, b: Described) -> list[str]:
    """Of the corpus and the cases, those that are not the same for both."""
    same = {"corpus": a.corpus == b.corpus, "cases": a.cases == b.cases}
    return [name for name, is_same in same.items() if not is_same]


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure in two runs."""

    figure: Figure
    difference: Difference

    @property
    def is_worse(self) -> bool:
        return self.difference.difference < 0 if self.figure.higher_is_better else self.difference.difference > 0

    @property
    def is_significant(self) -> bool:
        return self.difference.p < SIGNIFICANT

    @property
    def fails(self) -> bool:
        """Whether the gate must not let it pass."""
        if self.figure.guarded == "exact":
            return self.is_worse
        return self.figure.guarded == "significant" and self.is_worse and self.is_significant


def compare_tables(a: Mapping[str, Table], b: Mapping[str, Table]) -> list[Compared]:
    """Every figure that both have, on the cases that both have."""
    found = []
    for figure in FIGURES:
        if figure.name not in a or figure.name not in b:
            continue
        left, right = a[figure.name], b[figure.name]
        if set(left.clusters) & set(right.clusters):
            difference = compare(left.rows, right.rows, left.clusters, right.clusters, figure.statistic)
            found.append(Compared(figure, difference))
    return found


@dataclass(frozen=True, slots=True)
class Flip:
    """A turn that is right in one run and not in the other."""

    a: Record
    b: Record

    @property
    def is_gain(self) -> bool:
        return is_right(self.b)


def is_right(record: Record) -> bool:
    """Right as the case has it; no reply is not."""
    return seen.replied(record) and seen.is_right(record)


def flips(a: Sequence[Record], b: Sequence[Record]) -> list[Flip]:
    """Turns of both runs whose rightness changed, losses first."""
    before = {(record.case, record.turn): record for record in a}
    pairs = [(before[r.case, r.turn], r) for r in b if (r.case, r.turn) in before]
    changed = [Flip(x, y) for x, y in pairs if is_right(x) != is_right(y)]
    return sorted(changed, key=lambda flip: flip.is_gain)


def worsened(a: Table, b: Table, higher_is_better: bool) -> list[Key]:
    """Keys of rows whose last column got worse: the cases behind a drop. A row that fell away counts."""
    after = dict(zip(b.keys, b.rows, strict=True))
    clusters = set(b.clusters)
    sign = 1 if higher_is_better else -1
    return [
        key
        for key, row in zip(a.keys, a.rows, strict=True)
        if key[0] in clusters and (key not in after or sign * _value(after[key]) < sign * _value(row))
    ]


def _value(row: Sequence[float]) -> float:
    """How good a row is: its value, or how near the second column is to the first."""
    return row[0] if len(row) == 1 else -abs(row[0] - row[1])
