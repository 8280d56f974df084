"""The YAML block at the head of a document."""

import re
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from bot.corpus.validation import in_words
from bot.corpus.yaml_text import parse_yaml
from bot.errors import CorpusError

_FENCED = re.compile(r"\A---[ \t]*\n(?P<yaml>.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]+)*")


class FrontMatter(BaseModel):
    """What a document says of itself. Unknown keys are refused: they are mostly misspelt ones."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    title: str
    author: str
    publisher: str
    language: str
    url: str | None = None
    published: str | None = None
    disclaimer: str | None = None
    """First words of the disclaimer passage, or `none`."""

    @field_validator("title", "author", "publisher", "language", "disclaimer")
    @classmethod
    def _not_empty(cls, value: str | None) -> str | None:
        if value is not None and not value.strip():
            raise ValueError("must not be empty")
        return value

    @field_validator("language")
    @classmethod
    def _language_tag(cls, value: str) -> str:
        if not _LANGUAGE.fullmatch(value.lower()):
            raise ValueError("must be a tag such as en or de-CH")
        return value.lower()

    @field_validator("published", mode="before")
    @classmethod
    def _date_as_text(cls, value: object) -> object:
        return value if value is None else str(value)

    @field_validator("url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value


def read_front_matter(path: Path, source: str) -> tuple[FrontMatter, str]:
    """Splits `source` into its front matter and the body below. Raises CorpusError."""
    found = _FENCED.match(source)
    if found is None:
        remedy = "Begin the file with a YAML block between two lines of ---; see README.md"
        raise CorpusError(path, "has no front matter", remedy, line=1)
    fields = parse_yaml(path, found["yaml"], "Correct that line, or put its value in quotes", above=1)
    if not isinstance(fields, dict):
        raise CorpusError(path, "has front matter without `key: value` lines", "Give title, author, …", line=1)
    try:
        return FrontMatter.model_validate(fields), source[found.end() :]
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0])
        problem = f"has front matter whose {key!r} is wrong ({in_words(first)})"
        raise CorpusError(path, problem, "Correct that line", _line_of(found["yaml"], key)) from None


def _line_of(text: str, key: str) -> int:
    for number, line in enumerate(text.split("\n"), start=2):
        if line.startswith(f"{key}:"):
            return number
    return 1
