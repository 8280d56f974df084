"""The committed baseline, and whether a run may land beside it."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ConfigError, CorpusError
from bot.faithfulness.judges import LexicalJudge
from evals.comparison import FIGURES, Compared, Figure, WholeRun, compare_tables, differing, worsened
from evals.measure import Key, Table
from evals.records import put_in_place

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
    broken: Mapping[str, Sequence[Key]]
    """By promise, rows below 1 of cases of which the baseline has no row: a promise holds there too."""
    missing: Sequence[str]
    """Guarded figures of the baseline that the run does not have, or that are undefined in it."""
    missing_cases: Sequence[str]
    """Cases of the baseline that the run does not have."""
    unknown_cases: int
    """Cases of the run that the baseline has not seen: held against nothing yet but the promises."""
    differing: Sequence[str]
    """What is not as it was for the baseline: the corpus, the cases."""

    @property
    def passes(self) -> bool:
        return not (self.failures or self.broken or self.missing or self.missing_cases)


def judge_run(run: WholeRun, baseline: Baseline) -> Verdict:
    """Every guarded figure on the cases that both have. Raises ConfigError if another judged than the scorer."""
    _check_judge(run)
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
    return Verdict(
        compared,
        failures,
        broken=_broken(baseline.tables, tables),
        missing=missing,
        missing_cases=sorted(known - ran),
        unknown_cases=len(ran - known),
        differing=differing(run.run, baseline),
    )


def _check_judge(run: WholeRun) -> None:
    others = sorted({item.judge for item in run.judged} - {LexicalJudge.name})
    if others:
        raise ConfigError(
            f"the run was judged by {others[0]!r}, the gate takes the scorer's own verdicts. "
            f"Have them made: python -m evals judge {LexicalJudge.name} DIR"
        )


def _broken(before: Mapping[str, Table], after: Mapping[str, Table]) -> dict[str, list[Key]]:
    found = {}
    for name in (figure.name for figure in FIGURES if figure.guarded == "exact" and figure.name in after):
        known = set(before[name].clusters) if name in before else set()
        rows = zip(after[name].keys, after[name].rows, strict=True)
        found[name] = [key for key, row in rows if key[0] not in known and row[0] < 1]
    return {name: keys for name, keys in found.items() if keys}


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
    """Makes a run the baseline: a line a figure. Latency is left out: it is the machine's.

    Raises ConfigError if another judged than the scorer.
    """
    _check_judge(run)
    guarded = {figure.name for figure in FIGURES if figure.guarded != "none"}
    tables = [
        f"{json.dumps(name)}:{json.dumps(_stored(table), separators=(',', ':'))}"
        for name, table in run.tables().items()
        if name in guarded
    ]
    head = {"system": run.run.system, "corpus": run.run.corpus, "cases": run.run.cases, "reason": reason}
    lines = [f"{json.dumps(key)}:{json.dumps(value, ensure_ascii=False)}" for key, value in head.items()]
    put_in_place(path, "{\n" + ",\n".join([*lines, '"tables":{\n' + ",\n".join(tables) + "\n}"]) + "\n}\n")


def _stored(table: Table) -> list[tuple[str, int, int, list[float]]]:
    return [(*key, list(row)) for key, row in zip(table.keys, _rounded(table).rows, strict=True)]


def _rounded(table: Table) -> Table:
    """As the baseline keeps it: a run beside itself must not differ by what rounding took away."""
    return Table([tuple(round(value, _PLACES) for value in row) for row in table.rows], table.keys)
