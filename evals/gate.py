"""The committed baseline, and whether a run may land beside it."""

import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import CorpusError
from evals.comparison import FIGURES, Compared, Figure, WholeRun, compare_tables, worsened
from evals.measure import Key, Table

BASELINE = Path(__file__).parent / "baseline.json"

_PLACES = 4


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a run is held against."""

    system: str
    corpus: str
    cases: str
    reason: str
    """Why this became the baseline."""
    tables: Mapping[str, Table]


@dataclass(frozen=True, slots=True)
class Failure:
    """A figure that dropped, with the cases behind it."""

    compared: Compared
    keys: Sequence[Key]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says."""

    compared: Sequence[Compared]
    failures: Sequence[Failure]
    missing: Sequence[str]
    """Guarded figures of the baseline that the run does not have, or that are undefined in it."""
    unknown_cases: int
    """Cases of the run that the baseline has not seen: not held against anything yet."""

    @property
    def passes(self) -> bool:
        return not self.failures and not self.missing


def judge_run(run: WholeRun, baseline: Baseline) -> Verdict:
    """Compares every guarded figure on the cases that both have."""
    tables = {name: _rounded(table) for name, table in run.tables().items()}
    compared = compare_tables(baseline.tables, tables)
    failures = [
        Failure(each, _behind(each.figure, baseline.tables[each.figure.name], tables[each.figure.name]))
        for each in compared
        if each.fails
    ]
    known = {cluster for table in baseline.tables.values() for cluster in table.clusters}
    ran = {cluster for table in tables.values() for cluster in table.clusters}
    defined = {
        each.figure.name for each in compared if not math.isnan(each.difference.b) or math.isnan(each.difference.a)
    }
    missing = [name for name in baseline.tables if name not in defined]
    return Verdict(compared, failures, missing, len(ran - known))


def _behind(figure: Figure, before: Table, after: Table) -> list[Key]:
    return worsened(before, after, figure.higher_is_better or len(before.rows[0]) > 1)


def read_baseline(path: Path = BASELINE) -> Baseline:
    """Raises CorpusError where there is none, or it cannot be read."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        tables = {
            name: Table([tuple(row) for _, _, _, row in rows], [(case, turn, n) for case, turn, n, _ in rows])
            for name, rows in stored["tables"].items()
        }
        return Baseline(stored["system"], stored["corpus"], stored["cases"], stored["reason"], tables)
    except FileNotFoundError:
        raise CorpusError(path, "is missing", 'Record one: python -m evals gate --accept "why"') from None
    except (OSError, json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise CorpusError(
            path, f"is no baseline ({error!r})", 'Record one: python -m evals gate --accept "why"'
        ) from None


def accept(run: WholeRun, reason: str, path: Path = BASELINE) -> None:
    """Makes a run the baseline: a line a figure. Latency is left out: it is the machine's."""
    guarded = {figure.name for figure in FIGURES if figure.guarded != "none"}
    tables = [
        f"{json.dumps(name)}:{json.dumps(_stored(table), separators=(',', ':'))}"
        for name, table in run.tables().items()
        if name in guarded
    ]
    head = {"system": run.run.system, "corpus": run.run.corpus, "cases": run.run.cases, "reason": reason}
    lines = [f"{json.dumps(key)}:{json.dumps(value, ensure_ascii=False)}" for key, value in head.items()]
    text = "{\n" + ",\n".join([*lines, '"tables":{\n' + ",\n".join(tables) + "\n}"]) + "\n}\n"
    beside = path.with_suffix(".tmp")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)


def _stored(table: Table) -> list[tuple[str, int, int, list[float]]]:
    return [(*key, list(row)) for key, row in zip(table.keys, _rounded(table).rows, strict=True)]


def _rounded(table: Table) -> Table:
    """As the baseline keeps it: a run beside itself must not differ by what rounding took away."""
    return Table([tuple(round(value, _PLACES) for value in row) for row in table.rows], table.keys)
