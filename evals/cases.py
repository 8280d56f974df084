"""Evaluation cases, checked against the corpus as they are read."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar, cast, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.errors import ConfigError, CorpusError
from bot.values import Corpus, ReplyKind

DATA = Path(__file__).parent / "data"
SPLITS = ("dev", "test")
SUITES = ("answerable", "unanswerable", "conversations", "guard")
"""What a bot is asked; a file each, in either split."""
FAITHFULNESS = "faithfulness"
"""What the scorer is asked; a file in either split."""

Split = Literal["dev", "test", "both"]

Text = Annotated[str, Field(min_length=1)]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Role = Literal["question", "follow_up", "about_answer", "small_talk"]


class Asked(_Line):
    """One message, with what a right reply to it rests on."""

    question: Text
    standalone: str | None = None
    """The message rewritten to stand on its own; None where it is not said."""
    answerable: bool | None = None
    """Whether the corpus answers it; None where the guard decides."""
    evidence: tuple[str, ...] = ()
    """Verbatim sentences; each answers the question, or a part of it."""
    must_include: tuple[str, ...] = ()
    """Each lists alternatives parted by `|`, of which one must stand in a right answer."""
    role: Role | None = None
    """Of a conversation's turn; None where its rewrite tells whether it stands alone."""

    @property
    def stands_as(self) -> Role:
        """A question that stands alone, a follow-up, a request about the last answer, or small talk."""
        if self.role is not None:
            return self.role
        return "question" if self.standalone in {None, self.question} else "follow_up"


class Guarded(_Line):
    """What the guard must do with a message."""

    label: Text = Field(alias="class")
    due: bool
    """False for a near miss: it must not be treated as of that class."""
    kinds: Annotated[tuple[ReplyKind, ...], Field(min_length=1)]
    """Kinds of reply, one of which is right."""
    notice: bool = False
    """Whether a notice must be added as well."""


class Case(_Line):
    """A question, a conversation or a message to the guard."""

    id: Text
    turns: Annotated[tuple[Asked, ...], Field(min_length=1)]
    guard: Guarded | None = None
    style: Text
    author: str = ""
    suite: str = "given"
    split: str = "given"


class _CaseLine(Asked):
    """A line of a file of cases: `question` or `turns`."""

    id: Text
    question: str = ""
    turns: tuple[Asked, ...] = ()
    guard: Guarded | None = None
    style: Text
    author: str = ""

    @model_validator(mode="after")
    def _has_one_form(self) -> Self:
        if bool(self.question) == bool(self.turns):
            raise ValueError("give either question or turns")
        if self.turns and (self.evidence or self.must_include or self.answerable is not None):
            raise ValueError("evidence, must_include and answerable belong to each of the turns")
        if self.guard is None and any(turn.answerable is None for turn in self.asked()):
            raise ValueError("answerable is missing")
        return self

    def asked(self) -> tuple[Asked, ...]:
        if self.turns:
            return self.turns
        return (Asked(**{name: getattr(self, name) for name in Asked.model_fields}),)


class JudgedSentence(_Line):
    """A sentence of an answer with a person's verdict."""

    text: Text
    supported: bool
    change: str | None = None
    """What is wrong with it, in a word; None when nothing is."""


class FaithfulnessItem(_Line):
    """An answer to be judged against passages."""

    id: Text
    passages: Annotated[tuple[str, ...], Field(min_length=1)]
    answer: str
    sentences: tuple[JudgedSentence, ...] = ()
    """The answer's sentences with people's verdicts; empty where nobody judged."""
    style: str = ""
    author: str = ""
    split: str = "given"


AnyLine = TypeVar("AnyLine", bound=BaseModel)


def split_named(name: str) -> Split:
    """Raises ConfigError for none."""
    for split in get_args(Split):
        if name == split:
            return cast(Split, split)
    raise ConfigError(f"--split {name!r} is not known. Name dev, test or both.")


def load_suite(suite: str, split: Split, corpus: Corpus) -> list[Case]:
    """The project's cases. suite: one of SUITES, or `all`. Raises CorpusError."""
    if suite not in (*SUITES, "all"):
        raise CorpusError(DATA, f"has no suite {suite!r}", f"Name one of: all, {', '.join(SUITES)}")
    names = SUITES if suite == "all" else (suite,)
    return [
        case.model_copy(update={"suite": name, "split": part})
        for part in (SPLITS if split == "both" else (split,))
        for name in names
        for case in load_cases(DATA / part / f"{name}.jsonl", corpus)
    ]


def load_cases(path: Path, corpus: Corpus) -> list[Case]:
    """The cases of a JSONL file. Raises CorpusError with the line of the first that cannot be used."""
    texts = [document.text for document in corpus.documents.values()]
    cases = []
    for number, line in _parsed(path, _CaseLine):
        turns = line.asked()
        for turn in turns:
            _check_turn(turn, texts, path, number)
        cases.append(Case(id=line.id, turns=turns, guard=line.guard, style=line.style, author=line.author))
    return cases


def load_faithfulness(path: Path) -> list[FaithfulnessItem]:
    """The items of a JSONL file. Raises CorpusError with the line of the first that cannot be used."""
    items = []
    for number, item in _parsed(path, FaithfulnessItem):
        missing = next((s.text for s in item.sentences if s.text not in item.answer), None)
        if missing is not None:
            raise CorpusError(path, f"judges {missing[:60]!r}, which is not in its answer", "Copy it exactly", number)
        items.append(item)
    return items


def _parsed(path: Path, model: type[AnyLine]) -> Iterator[tuple[int, AnyLine]]:
    """(line number, value) of every line that is not blank; ids are unique."""
    seen: set[str] = set()
    for number, text in enumerate(_lines(path), start=1):
        if not text.strip():
            continue
        try:
            line = model.model_validate(json.loads(text))
        except json.JSONDecodeError as error:
            raise CorpusError(path, f"is not JSON ({error.msg})", "Write one object a line", number) from None
        except ValidationError as error:
            raise CorpusError(path, _problem(error), "See evals/data/README.md", number) from None
        identity = str(getattr(line, "id", number))
        if identity in seen:
            raise CorpusError(path, f"has the id {identity!r} twice", "Give each case its own", number)
        seen.add(identity)
        yield number, line
    if not seen:
        raise CorpusError(path, "holds no case", "Add lines as evals/data/README.md describes")


def _problem(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"is not a case: {where + ': ' if where else ''}{first['msg']}"


def _lines(path: Path) -> Sequence[str]:
    try:
        return path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(path, f"cannot be read ({error})", "Give a JSONL file in UTF-8") from None


def _check_turn(turn: Asked, texts: Sequence[str], path: Path, number: int) -> None:
    if turn.answerable is not None and turn.answerable != bool(turn.evidence):
        raise CorpusError(path, "is answerable without evidence, or the reverse", "Mend one of the two", number)
    for quote in turn.evidence:
        if not any(quote in text for text in texts):
            raise CorpusError(path, f"quotes {quote[:60]!r}, which is not in the corpus", "Copy it exactly", number)
