"""The commands of `python -m evals` for kinds of message and the guard."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.config import Settings


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command("fit-messages")(fit_messages)
    app.command("fit-guard")(fit_guard)
    app.command("guard")(guard)


def fit_messages() -> None:
    """Fits bot/models/messages.npz on all messages written beforehand, in a good hour; prints figures."""
    from bot.corpus import load_corpus
    from evals.messages.fit import fit_messages as fit

    typer.echo(json.dumps(fit(load_corpus(Settings.read().corpus_dir)), indent=1))


def fit_guard() -> None:
    """Fits bot/guard/guard.json and ngrams.npz on the guard's exemplars, after fit-messages; prints figures."""
    from bot.corpus import load_corpus
    from evals.guard.fit import fit_guard as fit

    typer.echo(json.dumps(fit(load_corpus(Settings.read().corpus_dir)), indent=1))


def guard(
    split: Annotated[str, typer.Option(help="dev, test or both.")] = "both",
    misses: Annotated[bool, typer.Option("--misses", help="List every message that counts against a figure.")] = False,
    messages: Annotated[int, typer.Option(min=1, help="How many messages are timed.")] = 2000,
) -> None:
    """What the guard does with its cases, by class, and how long it takes."""
    from evals.cases import split_named
    from evals.guard.opening import open_timed
    from evals.guard.report import ask, rows, times

    bot, cases, timed = open_timed(Settings.read(), split_named(split), messages)
    table = Table("", "share", "n", title=f"{len(cases)} messages, {split}")
    found = rows(ask(bot, cases), bot.corpus.disclaimer)
    for row in found:
        table.add_row(row.name, f"{row.share:.3f}", str(row.n))
    console = Console()
    console.print(table)
    for name, value in times(*timed).quantiles().items():
        console.print(f"{name}: {value:.1f} ms")
    for row in found if misses else ():
        console.print(f"\n[bold]{row.name}[/bold]")
        for asked in row.against:
            console.print(f"{asked.case.id} {asked.reply.kind}: {asked.case.turns[0].question}", markup=False)
