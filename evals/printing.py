"""What the commands print."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from evals.comparison import Compared, Flip, WholeRun
from evals.gate import Verdict
from evals.judging import JUDGE_MEASURES, Judged
from evals.measures import MEASURES, by
from evals.records import Record

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
    figures = {
        each.figure.name: {
            "a": each.difference.a, "b": each.difference.b, "difference": each.difference.difference,
            "low": each.difference.low, "high": each.difference.high, "p": each.difference.p,
            "cases": each.difference.n,
        }
        for each in compared
    }  # fmt: skip
    flips = [
        {"case": f.b.case, "turn": f.b.turn, "gained": f.is_gain, "question": f.b.expected.question} for f in flipped
    ]
    return {"figures": figures, "flips": flips}


def print_verdict(console: Console, verdict: Verdict, run: WholeRun) -> None:
    """What dropped, and the cases behind it."""
    records = {(r.case, r.turn): r for r in run.records}
    for failure in verdict.failures:
        each = failure.compared
        d = each.difference
        how = "may not drop at all" if each.figure.guarded == "exact" else f"p = {d.p:.3f}"
        line = f"DROPPED {each.figure.name}: {d.a:.3f} → {d.b:.3f} [{d.low:+.3f}, {d.high:+.3f}], {how}"
        console.print(Text(line, style="red"))
        for case, turn, _ in dict.fromkeys(failure.keys[:_CASES_SHOWN]):
            record = records.get((case, turn))
            said = f"{record.expected.question} → {record.reply.kind if record.reply else 'no reply'}" if record else ""
            console.print(Text(f"    {case}.{turn + 1} {said}"))
        if len(failure.keys) > _CASES_SHOWN:
            console.print(f"    and {len(failure.keys) - _CASES_SHOWN} more: python -m evals report, or compare")
    for name in verdict.missing:
        console.print(Text(f"MISSING {name}: the baseline has it, the run has not", style="red"))
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
