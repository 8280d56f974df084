"""Claims of the corpus that the bot must not make its own: shown as the author's words, with a notice."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.corpus.validation import first_problem
from bot.corpus.yaml_text import read_yaml
from bot.errors import CorpusError
from bot.values import Caution, Sentence

CAUTIONS_FILE = "cautions.yaml"
_REMEDY = 'Write entries such as `- quote: "words of a sentence"`, with `why` and `notice`'


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    quote: str = Field(min_length=1)
    why: str = Field(min_length=1)
    notice: str = ""
    about: str = ""


_SHAPE = TypeAdapter(list[_Entry])


def load_cautions(path: Path, sentences: Sequence[Sentence]) -> tuple[Caution, ...]:
    """Reads a list of entries; empty where there is no file.

    Raises CorpusError for what is no such list, a quote that stands in no sentence, or `about` without a notice.
    """
    if not path.is_file():
        return ()
    try:
        entries = _SHAPE.validate_python(read_yaml(path, _REMEDY) or [])
    except ValidationError as error:
        raise CorpusError(path, first_problem(error, "the file"), _REMEDY) from None
    found = []
    for number, entry in enumerate(entries, start=1):
        ids = tuple(sentence.id for sentence in sentences if entry.quote in sentence.text)
        if not ids:
            problem = f"entry {number} quotes {entry.quote[:60]!r}, which stands in no sentence"
            raise CorpusError(path, problem, "Copy words of one sentence exactly, or take the entry out")
        if entry.about and not entry.notice:
            problem = f"entry {number} is about {entry.about!r} and has no notice"
            raise CorpusError(path, problem, "Write as `notice` what is said to such questions, or take `about` out")
        found.append(Caution(entry.quote, ids, entry.why, entry.notice, entry.about))
    return tuple(found)
