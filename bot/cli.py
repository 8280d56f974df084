"""python -m bot COMMAND. Exit codes: 0 done, 2 usage, 3 corpus or configuration, 1 else."""

import json
import logging
import re
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.config import Settings
from bot.errors import FootnoteError, HistoryError, MessageError
from bot.progress import progress_bar
from bot.values import Feedback, Reply

app = typer.Typer(
    help="A website chatbot that answers only from the site's own pages.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

CorpusDir = Annotated[Path | None, typer.Option("--corpus", help="Folder with the documents.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]

_FAILED = 1
_USAGE = 2
_CONFIGURATION = 3

_CELL = 120
"""Characters of a text in a table; the whole is in the JSON."""


@app.command()
def ask(question: str, corpus: CorpusDir = None, as_json: AsJson = False) -> None:
    """Answers one question."""
    from bot.wiring import Bot

    with progress_bar() as progress:
        bot = Bot.open(Settings.read(corpus_dir=corpus), progress)
    _show(bot.ask(question), as_json)


@app.command()
def chat(corpus: CorpusDir = None, as_json: AsJson = False) -> None:
    """Answers questions until an empty line or the end of input."""
    from bot.wiring import Bot

    with progress_bar() as progress:
        bot = Bot.open(Settings.read(corpus_dir=corpus), progress)
    conversation_id: str | None = None
    while question := _next_line():
        try:
            reply = bot.ask(question, conversation_id)
        except MessageError as error:
            Console(stderr=True).print(str(error), style="red", highlight=False)
            continue
        conversation_id = reply.conversation_id
        _show(reply, as_json)


@app.command()
def ingest(corpus: CorpusDir = None, as_json: AsJson = False) -> None:
    """Builds the index of the corpus, or finds it built."""
    from bot.corpus import load_corpus
    from bot.wiring import build_index

    settings = Settings.read(corpus_dir=corpus)
    loaded = load_corpus(settings.corpus_dir)
    with progress_bar() as progress:
        folder = build_index(settings, loaded, progress)
    counts = {"documents": len(loaded.documents), "passages": len(loaded.passages), "sentences": len(loaded.sentences)}
    if as_json:
        typer.echo(json.dumps({"index": str(folder), **counts}))
    else:
        typer.echo(f"{folder}: " + ", ".join(f"{count} {name}" for name, count in counts.items()))


@app.command()
def serve(
    corpus: CorpusDir = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Serves the chat page and the API."""
    settings = Settings.read(corpus_dir=corpus, host=host, port=port)
    from bot.web.serve import serve as run

    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    with progress_bar() as progress:
        run(settings, progress)


@app.command()
def feedback(as_json: AsJson = False) -> None:
    """Shows what visitors thought of replies, newest first; as JSON, one a line."""
    from bot.wiring import read_feedback

    found = read_feedback(Settings.read())
    if not found:
        typer.echo("No reply has been rated yet.", err=as_json)
    elif as_json:
        for one in found:
            typer.echo(json.dumps({**asdict(one), "at": _time_of(one).isoformat()}))
    else:
        _show_table(found)


@app.command()
def widget(url: Annotated[str, typer.Option(help="Where the bot is served.")] = "https://bot.example") -> None:
    """Prints what a site needs to have the chat on its pages."""
    from bot.web.widget import embed_code

    if not re.fullmatch(r"https?://[^/?#]+/?", url):
        raise typer.BadParameter("must be scheme and host, such as https://bot.example", param_hint="--url")
    typer.echo(embed_code(url.rstrip("/")), nl=False)


def main() -> NoReturn:
    """Runs the command line; every expected error becomes one line on stderr and its exit code."""
    try:
        app()
    except MessageError as error:
        _fail(str(error), _USAGE)
    except HistoryError as error:
        _fail(f"The database of conversations cannot be read: {error}. See FOOTNOTE_DATABASE_URL.", _FAILED)
    except FootnoteError as error:
        _fail(str(error), _CONFIGURATION)
    sys.exit(0)


def _fail(why: str, code: int) -> NoReturn:
    typer.echo(" ".join(why.split()), err=True)
    sys.exit(code)


def _next_line() -> str | None:
    try:
        return input("> " if sys.stdin.isatty() else "").strip() or None
    except (EOFError, KeyboardInterrupt):
        return None


def _show(reply: Reply, as_json: bool) -> None:
    if as_json:
        from bot.web.schema import ReplyBody

        typer.echo(ReplyBody.of(reply).model_dump_json(indent=2))
        return
    from bot.web.render import understood_as

    console = Console(highlight=False)
    if understood := understood_as(reply):
        console.print(Text(f"Understood as: {understood}", style="dim"))
    console.print(Text(reply.text))
    for notice in reply.notices:
        console.print(Text(notice.text, style="italic"))
    places = reply.citations or reply.related
    if places:
        console.print(Text("\nSources" if reply.citations else "\nRelated", style="bold"))
    for place in places:
        console.print(Text(f"[{place.n}] {place.document_title} › {place.section}", style="cyan"))
        console.print(Text(f"    “{place.quote}”"))
    if reply.disclaimer:
        console.print(Text(f"\n{reply.disclaimer}", style="dim"))
    if reply.suggestions:
        console.print(Text("\nYou could ask", style="bold"))
        for suggestion in reply.suggestions:
            console.print(Text(f"  {suggestion}"))


def _show_table(found: tuple[Feedback, ...]) -> None:
    table = Table("Time (UTC)", "Rating", "Comment", "Question", "Reply")
    for one in found:
        texts = (one.comment or "", one.question, f"{one.kind}: {one.text}")
        table.add_row(f"{_time_of(one):%Y-%m-%d %H:%M}", one.rating, *(_cell(text) for text in texts))
    Console(highlight=False).print(table)


def _time_of(feedback: Feedback) -> datetime:
    return datetime.fromtimestamp(feedback.at, UTC)


def _cell(text: str) -> Text:
    line = " ".join(text.split())
    return Text(line if len(line) <= _CELL else f"{line[: _CELL - 1]}…")
