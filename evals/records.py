"""What one turn of a run leaves behind: everything that scores are computed from."""

import contextlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import CorpusError
from bot.web.schema import ReplyBody
from evals.cases import Asked, Guarded

FILE, RUN = "records.jsonl", "run.json"
"""Of a finished run."""
PARTIAL, PARTIAL_RUN = "records.partial.jsonl", "run.partial.json"
"""Of one that is being made, or was killed."""

ErrorKind = Literal["http", "malformed", "empty", "timeout", "connection", "crash"]


class TurnError(BaseModel):
    """Why there is no reply to score. Apart from a wrong answer."""

    kind: ErrorKind
    detail: str


class Trace(BaseModel):
    """What happened on the way, where the system tells it."""

    timings_ms: dict[str, float] = {}
    hits: list[tuple[str, float]] = []
    """(sentence, score), best first."""
    features: dict[str, float] = {}
    """Behind `confidence`."""


class Checked(BaseModel):
    """What can be checked of a reply only beside the corpus and the scorer."""

    verbatim: list[bool] = []
    """Of each citation: whether the quote is the document's own text at its offsets."""
    disclaimer: str | None = None
    """What the corpus says it must be."""
    support: float | None = None
    """Probability that the answer is supported by its quotes, 0..1; None without sentences."""
    sentence_support: list[float] = []
    citation_recall: list[float] = []
    """Of each sentence (ALCE)."""
    citation_precision: list[float] = []
    """Of each citation of each sentence (ALCE)."""


class Record(BaseModel):
    """A turn of a case, with the reply and all that was observed."""

    model_config = ConfigDict(extra="forbid")

    case: str
    turn: int
    """From 0."""
    suite: str
    split: str
    style: str
    expected: Asked
    guard: Guarded | None = None
    reply: ReplyBody | None = None
    """None exactly where there is an error."""
    afresh: ReplyBody | None = None
    """To a later turn of a conversation: the reply to the same message in a conversation of its own."""
    results: list[str] | None = None
    """Texts that retrieval alone found for a question that stands alone, best first; None where not asked."""
    trace: Trace | None = None
    error: TurnError | None = None
    latency_ms: float
    checked: Checked = Checked()

    @property
    def id(self) -> str:
        """Of the case: the turns of a conversation share it."""
        return self.case


class Run(BaseModel):
    """What was run."""

    system: str
    """Name, or address."""
    corpus: str
    """SHA-256 over the documents' digests."""
    cases: str
    """SHA-256 over the cases."""
    turns: int
    """Records that a whole run has."""
    seed: int
    sources: str = ""
    """SHA-256 over the files of the package `bot`; empty in runs from before it was kept."""
    version: int = 1


def write_records(records: Iterable[Record], path: Path) -> None:
    """One JSON object a line, put in place whole."""
    put_in_place(path, _text(records))


def put_in_place(path: Path, text: str) -> None:
    """Writes a file whole: whoever is killed on the way leaves the one before."""
    beside = path.with_suffix(".tmp")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)


def describe_partial(folder: Path, run: Run) -> None:
    """Says what the run is that is being made there."""
    put_in_place(folder / PARTIAL_RUN, run.model_dump_json(indent=1) + "\n")


def finish_run(folder: Path, records: Sequence[Record]) -> None:
    """Puts the run being made in the place of the one before, of which no half can be taken for a run of its own."""
    write_records(records, folder / PARTIAL)
    (folder / RUN).unlink(missing_ok=True)
    os.replace(folder / PARTIAL, folder / FILE)
    os.replace(folder / PARTIAL_RUN, folder / RUN)


def read_run(folder: Path) -> tuple[Run, list[Record]]:
    """A finished run. Raises CorpusError when it is not one."""
    try:
        run = Run.model_validate_json((folder / RUN).read_bytes())
        records = [Record.model_validate_json(line) for line in _lines(folder / FILE)]
    except FileNotFoundError:
        raise CorpusError(folder, "holds no finished run", "Make one: python -m evals run --out DIR") from None
    except (OSError, ValidationError) as error:
        problem = str(error).split("\n", maxsplit=1)[0]
        raise CorpusError(folder, f"holds a run that cannot be read ({problem})", "Run it again") from None
    if len(records) != run.turns:
        raise CorpusError(folder, f"holds {len(records)} records of a run of {run.turns} turns", "Run it again")
    return run, records


def append(path: Path, records: Iterable[Record]) -> None:
    """Adds records to a file that a killed run is resumed from."""
    with path.open("a", encoding="utf-8") as file:
        file.write(_text(records))


def read_partial(folder: Path) -> tuple[Run, list[Record]] | None:
    """What a killed run was and had done, None where there is none; a line cut off by the kill is left out."""
    if not (folder / PARTIAL_RUN).exists() or not (folder / PARTIAL).exists():
        return None
    found = []
    for line in _lines(folder / PARTIAL):
        with contextlib.suppress(ValidationError):
            found.append(Record.model_validate_json(line))
    return Run.model_validate_json((folder / PARTIAL_RUN).read_bytes()), found


def _text(records: Iterable[Record]) -> str:
    return "".join(record.model_dump_json(by_alias=True) + "\n" for record in records)


def _lines(path: Path) -> list[bytes]:
    """Those that are not blank. Parted as bytes: a text may hold U+2028, and a kill may cut a character."""
    return [line for line in path.read_bytes().split(b"\n") if line.strip()]
