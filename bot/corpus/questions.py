"""The question bank: visitors' questions written beforehand, with the sentences that answer them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.corpus.validation import first_problem
from bot.errors import CorpusError
from bot.values import BankQuestion, Document, Sentence

QUESTIONS_FILE = "questions.jsonl"


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    question: str = Field(min_length=1, max_length=500)
    evidence: list[str]
    """Verbatim; empty for a question that the corpus does not answer."""
    style: str = ""
    author: str = ""
    related: list[str] = []
    """Verbatim; for a question that is not answered, what says where to turn instead."""


def load_questions(
    path: Path, documents: Mapping[str, Document], sentences: Sequence[Sentence]
) -> tuple[BankQuestion, ...]:
    """Reads a file with one JSON object a line; none where there is no file.

    Raises CorpusError, with the line, for what is no such object, a quote that no document holds, or a question
    that stands there twice.
    """
    if not path.is_file():
        return ()
    found: dict[str, BankQuestion] = {}
    places: dict[str, list[int]] = {}
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(path, f"cannot be read ({error})", "Check its permissions, and save it as UTF-8") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        entry = _parsed(path, number, line)
        if entry.question in found:
            raise CorpusError(path, f"asks {entry.question!r} twice", "Remove one of the two", number)
        for quote in (*entry.evidence, *entry.related):
            if quote not in places:
                places[quote] = _holding(path, number, quote, documents, sentences)
        ids, related = (
            tuple(dict.fromkeys(i for quote in quotes for i in places[quote]))
            for quotes in (entry.evidence, entry.related)
        )
        found[entry.question] = BankQuestion(entry.question, ids, entry.style, entry.author, related)
    return tuple(found.values())


def _parsed(path: Path, number: int, line: str) -> _Line:
    try:
        return _Line.model_validate(json.loads(line))
    except ValidationError as error:
        problem = first_problem(error, "the line")
    except ValueError as error:
        problem = f"is not JSON ({error})"
    remedy = 'Write {"question": "…", "evidence": ["verbatim quote"], "style": "…"}'
    raise CorpusError(path, problem, remedy, number)


def _holding(
    path: Path, number: int, quote: str, documents: Mapping[str, Document], sentences: Sequence[Sentence]
) -> list[int]:
    """Ids of the sentences that the quote lies in, or holds, wherever it stands."""
    found = []
    for document in documents.values() if quote.strip() else ():
        start = document.text.find(quote)
        while start >= 0:
            end = start + len(quote)
            found += [s.id for s in sentences if s.document_id == document.id and s.start < end and start < s.end]
            start = document.text.find(quote, end)
    if not found:
        raise CorpusError(path, f"quotes {quote!r}, which no sentence holds", "Copy the quote from a document", number)
    return found
