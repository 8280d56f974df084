"""What one turn of a run leaves behind: everything that scores are computed from."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import CorpusError
from bot.web.schema import ReplyBody
from evals.cases import Asked, Guarded

FILE = "records.jsonl"
RUN = "run.json"

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
    """What was run: two runs compare only where these agree."""

    system: str
    """Name, or address."""
    corpus: str
    """SHA-256 over the documents' digests."""
    cases: str
    """SHA-256 over the cases."""
    turns: int
    """Records that a whole run has."""
    seed: int
    version: int = 1


def write_records(records: Iterable[Record], path: Path) -> None:
    """One JSON object a line, put in place whole."""
    lines = [record.model_dump_json(by_alias=True) for record in records]
    beside = path.with_suffix(".tmp")
    beside.write_text("\n".join(lines) + "\n", encoding="utf-8")
    os.replace(beside, path)


def read_run(folder: Path) -> tuple[Run, list[Record]]:
    """A finished run. Raises CorpusError when it is not one."""
    try:
        run = Run.model_validate_json((folder / RUN).read_text(encoding="utf-8"))
        lines = (folder / FILE).read_text(encoding="utf-8").splitlines()
        return run, [Record.model_validate_json(line) for line in lines if line.strip()]
    except FileNotFoundError:
        raise CorpusError(folder, "holds no finished run", "Make one: python -m evals run --out DIR") from None
    except (OSError, ValidationError) as error:
        problem = str(error).split("\n", maxsplit=1)[0]
        raise CorpusError(folder, f"holds a run that cannot be read ({problem})", "Run it again") from None


def append(path: Path, records: Iterable[Record]) -> None:
    """Adds records to a file that a killed run is resumed from."""
    with path.open("a", encoding="utf-8") as file:
        file.write("".join(record.model_dump_json(by_alias=True) + "\n" for record in records))


def read_partial(path: Path) -> list[Record]:
    """What a killed run had done; a line cut off by the kill is left out."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            found.append(Record.model_validate(json.loads(line)))
        except (json.JSONDecodeError, ValidationError):
            continue
    return found
