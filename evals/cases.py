"""Evaluation cases, checked against the corpus as they are read."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import CorpusError
from bot.values import Corpus

DEFAULT = Path(__file__).parent / "data" / "first_light.jsonl"


class Case(BaseModel):
    """A question with what a right answer rests on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    question: Annotated[str, Field(min_length=1)]
    answerable: bool
    evidence: tuple[str, ...]
    """Verbatim sentences; each answers the question, or a part of it."""
    must_include: tuple[str, ...] = ()
    """Each lists alternatives parted by `|`, of which one must stand in a right answer."""
    style: str


def load_cases(path: Path, corpus: Corpus) -> list[Case]:
    """The cases of a JSONL file. Raises CorpusError with the line of the first that cannot be used."""
    cases: list[Case] = []
    seen: set[str] = set()
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        try:
            case = Case.model_validate(json.loads(line))
        except (json.JSONDecodeError, ValidationError) as error:
            problem = str(error).split("\n")[0]
            raise CorpusError(path, f"is not a case ({problem})", "See evals/data/README.md", number) from None
        _check(case, corpus, seen, path, number)
        seen.add(case.id)
        cases.append(case)
    if not cases:
        raise CorpusError(path, "holds no case", "Add lines as evals/data/README.md describes")
    return cases


def _lines(path: Path) -> Sequence[str]:
    try:
        return path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(path, f"cannot be read ({error})", "Give a JSONL file in UTF-8") from None


def _check(case: Case, corpus: Corpus, seen: set[str], path: Path, number: int) -> None:
    if case.id in seen:
        raise CorpusError(path, f"has the id {case.id!r} twice", "Give each case its own", number)
    if case.answerable != bool(case.evidence):
        raise CorpusError(path, "is answerable without evidence, or the reverse", "Mend one of the two", number)
    texts = [document.text for document in corpus.documents.values()]
    for quote in case.evidence:
        if not any(quote in text for text in texts):
            raise CorpusError(path, f"quotes {quote[:60]!r}, which is not in the corpus", "Copy it exactly", number)
