"""Scores the bot, or another behind the same HTTP contract: `python -m evals COMMAND --help`."""

import functools
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from bot.config import Settings
from bot.errors import ConfigError, FootnoteError
from evals import cli_guard, cli_public
from evals.cases import SUITES, Split, load_cases, load_faithfulness, load_suite, split_named

if TYPE_CHECKING:
    from evals.judging import Judged
    from evals.records import Record

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
cli_public.register(app)
cli_guard.register(app)

CorpusDir = Annotated[Path | None, typer.Option("--corpus", help="Folder with the documents.")]
OutDir = Annotated[Path | None, typer.Option("--out", help="Folder of the run; var/evals/<system> if not given.")]
SplitName = Annotated[str, typer.Option("--split", help="dev, test or both.")]

_CONFIGURATION, _DROPPED = 3, 1


@app.command()
def run(
    suite: Annotated[str, typer.Option(help=f"all, or one of {', '.join(SUITES)}.")] = "all",
    split: SplitName = "both",
    cases: Annotated[Path | None, typer.Option("--cases", help="A JSONL file of cases instead.")] = None,
    url: Annotated[str | None, typer.Option("--url", help="A bot behind the HTTP contract instead.")] = None,
    system: Annotated[str, typer.Option(help="footnote, tutorial, bm25 or dense.")] = "footnote",
    corpus: CorpusDir = None,
    out: OutDir = None,
    workers: Annotated[int, typer.Option(min=1, max=32, help="Cases asked at once.")] = 4,
    seed: Annotated[int, typer.Option(help="Kept with the run.")] = 0,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds to wait for a reply over HTTP.")] = 30.0,
) -> None:
    """Asks every case and writes one record a turn, the report as HTML, JSON and JUnit XML, and prints the figures."""
    from bot.corpus import load_corpus
    from evals.judging import FILE as JUDGED
    from evals.opening import open_bench, open_bot
    from evals.printing import progress
    from evals.runner import run_cases
    from evals.systems import OverHttp, check_name, open_system

    settings = Settings.read(corpus_dir=corpus)
    part, over_http = split_named(split), OverHttp(url, timeout) if url else None
    check_name(system)
    loaded_corpus = load_corpus(settings.corpus_dir)
    loaded = load_cases(cases, loaded_corpus) if cases else load_suite(suite, part, loaded_corpus)
    bot = open_bot(settings)
    asked = over_http or open_system(system, settings, bot)
    folder = out or settings.var_dir / "evals" / _file_name(asked.name)
    say = functools.partial(typer.echo, err=True)
    with progress("asking", len(loaded)) as tick:
        bench = open_bench(settings, bot.corpus)
        records = run_cases(asked, loaded, bench, folder, seed=seed, workers=workers, tick=tick, say=say)
    (folder / JUDGED).unlink(missing_ok=True)  # of the run before
    is_whole = cases is None and suite == "all" and asked.name == "footnote"
    _finish(folder, records, _judged(settings, part) if is_whole else [])


def _finish(folder: Path, records: "Sequence[Record]", judged: "Sequence[Judged]") -> None:
    """Keeps what was judged, writes the report, prints the figures."""
    from evals.judging import FILE, write_judged
    from evals.printing import print_figures
    from evals.report.write import write_report

    if judged:
        write_judged(judged, folder / FILE)
    page = write_report(folder)
    console = Console()
    print_figures(console, records)
    errors = sum(record.error is not None for record in records)
    console.print(f"{len(records)} turns, {errors} without a reply, which no figure but “replied” counts. {page}")


@app.command()
def report(folder: Annotated[Path, typer.Argument(help="Folder of a run.")]) -> None:
    """Writes report.html, report.json and junit.xml of a run anew."""
    from evals.report.write import write_report

    typer.echo(str(write_report(folder)))


@app.command()
def compare(a: Path, b: Path, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Run B against run A: every figure with a paired randomisation test, and which cases flipped."""
    from evals.comparison import compare_tables, differing, flips, read_whole_run
    from evals.printing import compared_json, print_compared, print_flips

    left, right = read_whole_run(a), read_whole_run(b)
    compared, flipped = compare_tables(left.tables(), right.tables()), flips(left.records, right.records)
    if not compared:
        raise ConfigError(f"{a} and {b} have no case in common. Compare runs of the same cases.")
    for what in differing(left.run, right.run):
        typer.echo(f"The {what} of {a} and {b} differ; only cases that both have are compared.", err=True)
    if as_json:
        typer.echo(json.dumps(compared_json(compared, flipped), ensure_ascii=False, indent=1))
        return
    console = Console()
    print_compared(console, compared, f"{left.run.system} (A) and {right.run.system} (B)")
    print_flips(console, flipped)


@app.command()
def gate(
    folder: Annotated[Path | None, typer.Argument(help="Folder of a run; var/evals/footnote if not given.")] = None,
    accept: Annotated[str, typer.Option("--accept", help="Make this run the baseline, for this reason.")] = "",
) -> None:
    """Fails with exit code 1 on a significant drop in a guarded figure, a broken promise, or a case not asked."""
    from evals.comparison import read_whole_run
    from evals.gate import BASELINE, judge_run, read_baseline
    from evals.gate import accept as record
    from evals.printing import print_verdict

    run = read_whole_run(folder or Settings.read().var_dir / "evals" / "footnote")
    if accept.strip():
        record(run, accept.strip())
        typer.echo(f"{BASELINE} is the baseline now: {accept.strip()}")
        return
    verdict = judge_run(run, read_baseline())
    print_verdict(Console(), verdict, run)
    if not verdict.passes:
        raise typer.Exit(_DROPPED)


@app.command()
def new(
    question: str,
    url: Annotated[
        str | None, typer.Option("--url", help="The running bot; the one of this process if not given.")
    ] = None,
    style: Annotated[str, typer.Option(help="Kind of question.")] = "plain",
    author: Annotated[str, typer.Option(help="Who asks.")] = "",
    corpus: CorpusDir = None,
) -> None:
    """Drafts a case from what the bot replies, as one line of JSON to be mended by hand."""
    from evals.drafting import draft
    from evals.opening import open_bot
    from evals.systems import InProcess, NoReplyError, OverHttp

    settings = Settings.read(corpus_dir=corpus)
    asked = OverHttp(url) if url else InProcess(open_bot(settings))
    try:
        reply = asked.ask(question, None).reply
    except NoReplyError as error:
        raise ConfigError(f"no reply to draft from: {error.detail}. Is the bot running?") from None
    typer.echo(json.dumps(draft(question, reply, style, author), ensure_ascii=False))


@app.command()
def faithfulness(
    cases: Annotated[Path, typer.Option("--cases", help='JSONL of {"id", "passages", "answer"}.')],
) -> None:
    """Scores answers against passages; one line of JSON each to standard output."""
    from bot.corpus import load_corpus
    from evals.opening import open_scorer

    items = load_faithfulness(cases)
    settings = Settings.read()
    scorer = open_scorer(settings, load_corpus(settings.corpus_dir))
    for item in items:
        scored = scorer.score(item.answer, item.passages)
        sentences = [{"text": s.text, "support": s.support, "reason": s.reason} for s in scored.sentences]
        line = {"id": item.id, "support": scored.support, "sentences": sentences}
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()


@app.command()
def judge(
    judge_name: Annotated[str, typer.Argument(help="footnote, llm:<init_chat_model name>, or nli:<folder>.")],
    folder: Annotated[Path, typer.Argument(help="Folder of the run whose report shall show it.")],
    split: SplitName = "both",
) -> None:
    """Has a judge score the labelled answers; prints how far it agrees with people, and adds it to the run's report."""
    from evals.judging import FILE, write_judged
    from evals.printing import print_judged
    from evals.report.write import write_report

    judged = _judged(Settings.read(), split_named(split), judge_name)
    folder.mkdir(parents=True, exist_ok=True)
    write_judged(judged, folder / FILE)
    print_judged(Console(), judged)
    typer.echo(str(write_report(folder)))


def _judged(settings: Settings, split: Split, name: str = "footnote") -> "Sequence[Judged]":
    from evals.judging import judge_items
    from evals.opening import labelled_items, open_judge
    from evals.printing import progress

    opened = open_judge(name, settings)
    items = labelled_items(split)
    with progress("judging", len(items)) as tick:
        return judge_items(opened, items, tick)


@app.command("export-ragas")
def export_ragas(
    folder: Annotated[Path, typer.Argument(help="Folder of a run.")],
    out: Annotated[Path, typer.Argument(help="JSONL file to write.")],
) -> None:
    """A run's single questions in ragas' format, for those who use it."""
    from evals.ragas import write_ragas
    from evals.records import read_run

    typer.echo(f"{write_ragas(read_run(folder)[1], out)} samples in {out}")


def _file_name(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-." else "_" for c in name)


def main() -> NoReturn:
    """Runs the command line; exit code 3 for a corpus, case or configuration error."""
    try:
        app()
    except FootnoteError as error:
        typer.echo(" ".join(str(error).split()), err=True)
        sys.exit(_CONFIGURATION)
    sys.exit(0)
