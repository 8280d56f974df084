"""What the commands print."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from evals.comparison import Compared, Flip, WholeRun
from evals.external.score import Score
from evals.gate import Verdict
from evals.judging import JUDGE_MEASURES, Judged
from evals.measure import Key
from evals.measures import MEASURES, by
from evals.records import Record
from evals.stats import or_null

_CASES_SHOWN = 10
_JUDGED = [m for m in JUDGE_MEASURES if m.name in ("answer AUROC", "sentence balanced accuracy", "could judge")]
"""The report has them all."""


@contextlib.contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar on stderr; call what it yields once a step."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)


def print_figures(console: Console, records: Sequence[Record]) -> None:
    """Every figure that applies."""
    table = Table("", "figure", "value [95 %]", "n", "detectable", "meaning")
    group = ""
    for measure in MEASURES:
        value = measure.of(records)
        if value is not None:
            shown = measure.group if measure.group != group else ""
            group = measure.group
            table.add_row(shown, measure.name, str(value), str(value.n), f"{value.detectable:.2f}", measure.meaning)
    console.print(table)


def print_judged(console: Console, judged: Sequence[Judged]) -> None:
    """How far the judge agrees with people: each half whole, then the answers of each author."""
    table = Table("half", "author", "answers", *(measure.name for measure in _JUDGED))
    for half, items in sorted(by(judged, lambda item: item.split).items()):
        for author, chosen in [("all", items), *sorted(by(items, lambda item: item.author).items())]:
            figures = (str(measure.of(chosen) or "") for measure in _JUDGED)
            table.add_row(half, author or "unnamed", str(len(chosen)), *figures)
    console.print(table)


def print_scores(console: Console, scores: Iterable[Score]) -> None:
    """Figures on public data, a line each, and below what must be known of some."""
    table = Table("task", "data", "system", "figure", "value [95 %]", "n")
    notes: dict[str, str] = {}
    for score in scores:
        value = score.estimate
        mark = notes.setdefault(score.note, "*" * (len(notes) + 1)) if score.note else ""
        shown = f"{value.value:.3f} [{value.low:.3f}, {value.high:.3f}]{mark}"
        table.add_row(score.task, score.data, score.system, score.figure, shown, str(value.n))
    console.print(table)
    for note, mark in notes.items():
        console.print(f"{mark} {note}", markup=False)


def scores_json(scores: Iterable[Score]) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {
            "task": score.task, "data": score.data, "system": score.system, "figure": score.figure,
            "value": or_null(score.estimate.value), "low": or_null(score.estimate.low),
            "high": or_null(score.estimate.high), "n": score.estimate.n, "note": score.note,
        }
        for score in scores
    ]  # fmt: skip


def print_compared(console: Console, compared: Sequence[Compared], title: str) -> None:
    """A line a figure; what is significant stands out."""
    table = Table("figure", "A", "B", "B - A [95 %]", "p", "cases", title=title)
    for each in compared:
        d = each.difference
        style = ("red" if each.is_worse else "green") if each.is_significant and d.difference else ""
        between = f"{d.difference:+.3f} [{d.low:+.3f}, {d.high:+.3f}]"
        table.add_row(each.figure.name, f"{d.a:.3f}", f"{d.b:.3f}", between, f"{d.p:.3f}", str(d.n), style=style)
    console.print(table)
    console.print(
        "Coloured: p < .05 in a paired randomisation test of that figure alone; about one in twenty is chance."
    )


def print_flips(console: Console, flipped: Sequence[Flip]) -> None:
    """Which turns are right in one run alone."""
    gains = [flip for flip in flipped if flip.is_gain]
    console.print(f"\n{len(flipped) - len(gains)} turns were right in A alone, {len(gains)} in B alone.")
    for flip in flipped:
        sign = "+" if flip.is_gain else "-"
        console.print(Text(f"{sign} {flip.b.case}.{flip.b.turn + 1} [{flip.b.style}] {flip.b.expected.question}"))


def compared_json(compared: Sequence[Compared], flipped: Sequence[Flip]) -> dict[str, Any]:
    """The same for programs."""
    names = ("a", "b", "difference", "low", "high", "p")
    figures = {
        each.figure.name: {name: or_null(getattr(each.difference, name)) for name in names}
        | {"cases": each.difference.n}
        for each in compared
    }
    flips = [
        {"case": f.b.case, "turn": f.b.turn, "gained": f.is_gain, "question": f.b.expected.question} for f in flipped
    ]
    return {"figures": figures, "flips": flips}


def print_verdict(console: Console, verdict: Verdict, run: WholeRun) -> None:
    """What dropped, and the cases behind it."""
    for what in verdict.differing:
        console.print(Text(f"The {what} of the run and of the baseline differ.", style="yellow"))
    for failure in verdict.failures:
        each = failure.compared
        d = each.difference
        how = "may not drop at all" if each.figure.guarded == "exact" else f"p = {d.p:.3f}"
        line = f"DROPPED {each.figure.name}: {d.a:.3f} → {d.b:.3f} [{d.low:+.3f}, {d.high:+.3f}], {how}"
        console.print(Text(line, style="red"))
        _print_turns(console, failure.keys, run)
    for name, keys in verdict.broken.items():
        console.print(Text(f"BROKEN {name}: in cases of which the baseline has nothing of the kind", style="red"))
        _print_turns(console, keys, run)
    for name in verdict.missing:
        console.print(Text(f"MISSING {name}: the baseline has it, the run has not", style="red"))
    if verdict.missing_cases:
        _print_missing(console, verdict.missing_cases)
    if verdict.unknown_cases:
        console.print(
            f"{verdict.unknown_cases} cases are not in the baseline yet: accept a new one when they are right."
        )
    held = sum(each.figure.guarded != "none" for each in verdict.compared)
    better = [
        c.figure.name for c in verdict.compared if c.is_significant and not c.is_worse and c.difference.difference
    ]
    if better:
        console.print(f"better: {', '.join(better)}")
    outcome = "passes" if verdict.passes else "does not pass"
    console.print(f"The gate {outcome}: {held} figures held against the baseline.")


def _print_turns(console: Console, keys: Sequence[Key], run: WholeRun) -> None:
    """Each once, however many of its rows are meant."""
    records = {(r.case, r.turn): r for r in run.records}
    turns = list(dict.fromkeys((case, turn) for case, turn, _ in keys))
    for case, turn in turns[:_CASES_SHOWN]:
        record = records.get((case, turn))
        said = f"{record.expected.question} → {record.reply.kind if record.reply else 'no reply'}" if record else ""
        console.print(Text(f"    {case}.{turn + 1} {said}"))
    if len(turns) > _CASES_SHOWN:
        console.print(f"    and {len(turns) - _CASES_SHOWN} more: python -m evals report, or compare")


def _print_missing(console: Console, cases: Sequence[str]) -> None:
    shown = ", ".join(cases[:_CASES_SHOWN]) + (" …" if len(cases) > _CASES_SHOWN else "")
    line = f"MISSING {len(cases)} cases that the baseline has, the run has not: {shown}"
    console.print(Text(line, style="red"))
    console.print(
        "    Ask all of them: python -m evals run. If they were taken out on purpose: "
        'python -m evals gate --accept "why".',
        markup=False,
    )
