"""The commands of `python -m evals` that read public data, or time the bot."""

import functools
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median_high
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.config import Settings
from bot.errors import ConfigError

if TYPE_CHECKING:
    from bot.wiring import Bot
    from evals.external.rewriting import Understand
    from evals.external.score import Score

DataDir = Annotated[Path, typer.Option("--data", help="Folder with the public data.")]
TASKS = ("retrieval", "rewriting", "multiturn", "faithfulness", "similarity")


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    for command in (external, bench, bench_corpora, widget_size):
        app.command(command.__name__.replace("_", "-"))(command)
    app.command("fit-answerability")(fit_answerability)
    app.command("fit-encoder")(fit_encoder)
    app.command("fit-entailment")(fit_entailment)
    app.command("fit-faithfulness")(fit_faithfulness)
    app.command("fit-followups")(fit_followups)


def external(
    data: DataDir,
    task: Annotated[list[str] | None, typer.Option(help=f"Of {', '.join(TASKS)}; all if not given.")] = None,
    articles: Annotated[int, typer.Option(min=1, help="Articles of each data set.")] = 20,
    questions: Annotated[int, typer.Option(min=1, help="Questions of each article.")] = 40,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """The bot's parts on public data, beside simpler ones in the same run."""
    wanted = task or list(TASKS)
    unknown = [name for name in wanted if name not in TASKS]
    if unknown:
        raise ConfigError(f"--task {unknown[0]!r} is not known. Name one of: {', '.join(TASKS)}.")
    _print(_scores(data, wanted, articles, questions), as_json=as_json)


def bench_corpora(
    data: DataDir,
    articles: Annotated[int | None, typer.Option(min=1, help="Articles of each data set; all if not given.")] = None,
    questions: Annotated[int, typer.Option(min=1, help="Questions of each article.")] = 60,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Retrieval, answers and silence on other people's documents, one index each, beside simpler systems.

    On articles that the embedding model's adapter was not fitted on, but footnote's confidence was: beside the others'
    its AUROC flatters. Held out, it is among the figures of fit-answerability.
    """
    from bot.corpus import load_corpus
    from evals.external.retrieval import Limits, retrieval_scores
    from evals.opening import data_folder, open_encoder

    settings = Settings.read()
    encoder = open_encoder(settings, load_corpus(settings.corpus_dir))
    _print(retrieval_scores(data_folder(data), encoder, Limits(articles, questions)), as_json=as_json)


def _print(scores: "Iterator[Score]", *, as_json: bool) -> None:
    from evals.printing import print_scores, scores_json

    if as_json:
        typer.echo(json.dumps(scores_json(scores), indent=1))
    else:
        print_scores(Console(), scores)


def _scores(data: Path, wanted: list[str], articles: int, questions: int) -> "Iterator[Score]":
    from bot.wiring import open_entailment
    from evals.opening import data_folder, open_bot, open_encoder

    folder, settings = data_folder(data), Settings.read()
    bot = open_bot(settings)
    encoder = open_encoder(settings, bot.corpus)
    if "retrieval" in wanted:
        from evals.external.retrieval import Limits, retrieval_scores

        yield from retrieval_scores(folder, encoder, Limits(articles, questions))
    if "rewriting" in wanted:
        from evals.external.rewriting import rewriting_scores

        yield from rewriting_scores(folder, _understand(bot))
    if "multiturn" in wanted:
        from evals.external.multiturn import multiturn_scores

        yield from multiturn_scores(folder, encoder)
    if "faithfulness" in wanted:
        from evals.external.faithfulness import faithfulness_scores

        yield from faithfulness_scores(folder, encoder, open_entailment(settings, bot.corpus))
    if "similarity" in wanted:
        from evals.external.similarity import similarity_scores

        yield from similarity_scores(folder, encoder)


def _understand(bot: "Bot") -> "Understand":
    """The bot's `standalone_question` for each message of one conversation."""

    def understand(messages: Sequence[str]) -> list[str]:
        found: list[str] = []
        conversation_id = None
        for message in messages:
            reply = bot.ask(message, conversation_id)
            conversation_id = reply.conversation_id
            found.append(reply.standalone_question)
        return found

    return understand


def widget_size(
    peers: Annotated[bool, typer.Option("--peers", help="Also of other embeds, downloaded with npm.")] = False,
) -> None:
    """What a visitor's browser loads for the widget, gzipped."""
    from tempfile import TemporaryDirectory

    from evals.sizes import own_size, peer_sizes

    table = Table("", "with the page", "in all", title="kB, gzipped")
    own = own_size()
    with TemporaryDirectory() as folder:
        for size in (own, *(peer_sizes(Path(folder)) if peers else ())):
            table.add_row(size.name, f"{size.at_once / 1000:.1f}", f"{size.in_all / 1000:.1f}")
    Console().print(table)


def bench(
    cases: Annotated[Path | None, typer.Option("--cases", help="JSONL file of cases to ask.")] = None,
    corpus: Annotated[Path | None, typer.Option("--corpus", help="Folder with the documents.")] = None,
    starts: Annotated[int, typer.Option(help="Cold starts of each system.")] = 3,
) -> None:
    """Cold start, latency and memory, beside the tutorial pipeline in the same run."""
    from bot.corpus import load_corpus
    from bot.wiring import build_index
    from evals.bench import bench as measure
    from evals.cases import load_cases, load_suite
    from evals.peers.tutorial import TutorialPipeline

    settings = Settings.read(corpus_dir=corpus)
    loaded = load_corpus(settings.corpus_dir)
    build_index(settings, loaded)
    TutorialPipeline(settings.corpus_dir, settings.var_dir)
    asked = load_cases(cases, loaded) if cases else load_suite("answerable", "dev", loaded)
    figures = measure(settings, [case.turns[0].question for case in asked], starts)
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


def fit_answerability(data: DataDir) -> None:
    """Fits bot/retrieval/answerability.json on public data and the question bank; prints cross-validated figures."""
    from bot.corpus import load_corpus
    from evals.fit import fit_answerability as fit
    from evals.opening import data_folder, open_encoder

    settings = Settings.read()
    corpus = load_corpus(settings.corpus_dir)
    if not corpus.bank:
        raise ConfigError(f"{settings.corpus_dir} has no questions.jsonl. Name a corpus with one: FOOTNOTE_CORPUS_DIR.")
    typer.echo(json.dumps(fit(data_folder(data), open_encoder(settings, corpus), corpus), indent=1))


def fit_encoder(
    data: DataDir,
    source: Annotated[list[str] | None, typer.Option(help="Sources to fit on, whole; if none, a part of each.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where to write the adapter; if not given, into the bot.")] = None,
) -> None:
    """Fits bot/models/adapter.npz on public data, in three quarters of an hour; the index is built anew with it."""
    from evals.encoder.fit import TARGET
    from evals.encoder.fit import fit_encoder as fit
    from evals.opening import data_folder
    from evals.public import SOURCES, fitted_on

    folder = data_folder(data)
    unknown = [name for name in source or () if name not in SOURCES]
    if unknown:
        raise ConfigError(f"--source {unknown[0]!r} is not known. Name one of: {', '.join(SOURCES)}.")
    if source:
        articles = [article for name in source for article in SOURCES[name](folder)]
    else:
        articles = [article for name in SOURCES for article in fitted_on(name, folder)]
    typer.echo(json.dumps(fit(articles, out or TARGET), indent=1))


def fit_entailment(data: DataDir) -> None:
    """Fits bot/models/entailment.npz on texts and claims written for it, and on public data; takes about an hour."""
    from evals.entailment.fit import fit_entailment as fit
    from evals.opening import data_folder

    typer.echo(json.dumps(fit(data_folder(data), functools.partial(typer.echo, err=True)), indent=1))


def fit_faithfulness(data: DataDir) -> None:
    """Fits bot/faithfulness/support.json on public data, after fit-entailment; prints cross-validated figures."""
    from bot.corpus import load_corpus
    from bot.wiring import open_entailment
    from evals.faithfulness.fit import fit_faithfulness as fit
    from evals.opening import data_folder, open_encoder

    settings = Settings.read()
    corpus = load_corpus(settings.corpus_dir)
    encoder, entailment = open_encoder(settings, corpus), open_entailment(settings, corpus)
    typer.echo(json.dumps(fit(data_folder(data), encoder, entailment), indent=1))


def fit_followups(data: DataDir) -> None:
    """Fits bot/conversation/followups.json on public conversations and the project's own, after fit-messages."""
    from bot.corpus import load_corpus
    from evals.followups.fit import fit_followups as fit
    from evals.opening import data_folder

    typer.echo(json.dumps(fit(data_folder(data), load_corpus(Settings.read().corpus_dir)), indent=1))
