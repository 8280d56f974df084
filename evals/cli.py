"""python -m evals {run,bench,fit-answerability}."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import median_high
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from bot.config import Settings
from bot.errors import FootnoteError
from evals.cases import DEFAULT, load_cases
from evals.stats import Estimate, estimate

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

CorpusDir = Annotated[Path | None, typer.Option("--corpus", help="Folder with the documents.")]
CasesFile = Annotated[Path, typer.Option("--cases", help="JSONL file of cases.")]


@app.command()
def run(
    cases: CasesFile = DEFAULT,
    corpus: CorpusDir = None,
    out: Annotated[Path | None, typer.Option(help="Folder for one JSON record a case.")] = None,
) -> None:
    """Scores answers, and retrieval beside its peers, with 95 % intervals."""
    from bot.wiring import Bot
    from evals.peers.systems import retrievers
    from evals.run import answer_figures, answerability_auroc, ask_all, hit_rates, write_records

    settings = Settings.read(corpus_dir=corpus)
    bot = Bot.open(settings)
    loaded = load_cases(cases, bot.corpus)
    outcomes = ask_all(bot, loaded)
    console = Console()
    _print_retrieval(console, {name: hit_rates(r, loaded) for name, r in retrievers(bot, settings).items()})
    figures = answer_figures(outcomes, bot.corpus)
    _print_figures(console, "Answers", figures)
    console.print(f"answerable or not, AUROC of confidence: {answerability_auroc(outcomes):.2f}\n")
    styles = dict.fromkeys(case.style for case in loaded)
    by_style = {style: [float(o.is_right) for o in outcomes if o.case.style == style] for style in styles}
    _print_figures(console, "Right, by style", {style: estimate(values) for style, values in by_style.items()})
    if out is not None:
        write_records(outcomes, out / "records.jsonl")
        console.print(f"records: {out / 'records.jsonl'}")


@app.command()
def bench(
    cases: CasesFile = DEFAULT,
    corpus: CorpusDir = None,
    starts: Annotated[int, typer.Option(help="Cold starts of each system.")] = 3,
) -> None:
    """Cold start, latency and memory, beside the tutorial pipeline in the same run."""
    from bot.corpus import load_corpus
    from bot.wiring import build_index
    from evals.bench import bench as measure
    from evals.peers.tutorial import TutorialPipeline

    settings = Settings.read(corpus_dir=corpus)
    loaded = load_corpus(settings.corpus_dir)
    build_index(settings, loaded)
    TutorialPipeline(settings.corpus_dir, settings.var_dir)
    figures = measure(settings, [case.question for case in load_cases(cases, loaded)], starts)
    ours, theirs = figures["footnote"], figures["tutorial"]
    rows = {
        "cold start, median (s)": (median_high(ours.cold_start_s), median_high(theirs.cold_start_s)),
        "/api/v1/chat p50 (ms)": (ours.quantile(0.5), theirs.quantile(0.5)),
        "/api/v1/chat p95 (ms)": (ours.quantile(0.95), theirs.quantile(0.95)),
        "resident (MB)": (ours.resident_mb, theirs.resident_mb),
    }
    table = Table("", "footnote", "tutorial", "ratio", title=f"{len(ours.latency_ms)} questions, {starts} cold starts")
    for name, (a, b) in rows.items():
        table.add_row(name, f"{a:.1f}", f"{b:.1f}", f"{a / b:.2f}")
    Console().print(table)


@app.command("fit-answerability")
def fit(data: Annotated[Path, typer.Option(help="Folder with the public data.")]) -> None:
    """Fits bot/retrieval/answerability.json on public data; prints cross-validated figures."""
    from bot.corpus import load_corpus
    from bot.index.build import MODEL
    from bot.models.embeddings import OnnxEncoder
    from bot.wiring import build_index
    from evals.fit import fit_answerability

    settings = Settings.read()
    folder = build_index(settings, load_corpus(settings.corpus_dir))
    typer.echo(json.dumps(fit_answerability(data, OnnxEncoder(folder / MODEL)), indent=1))


def main() -> NoReturn:
    """Runs the command line; exit code 3 for a corpus, case or configuration error."""
    try:
        app()
    except FootnoteError as error:
        typer.echo(" ".join(str(error).split()), err=True)
        sys.exit(3)
    sys.exit(0)


def _print_retrieval(console: Console, rates: Mapping[str, Mapping[int, Estimate]]) -> None:
    first = next(iter(rates.values()))
    table = Table("retrieval", *(f"hit@{k}" for k in first), title=f"{first[1].n} answerable questions")
    for name, by_rank in rates.items():
        table.add_row(name, *(str(value) for value in by_rank.values()))
    console.print(table)


def _print_figures(console: Console, title: str, figures: Mapping[str, Estimate]) -> None:
    table = Table(title, "mean [95 %]", "n")
    for name, value in figures.items():
        table.add_row(name, str(value), str(value.n))
    console.print(table)
