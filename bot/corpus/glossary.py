"""The glossary: words that visitors use, and the corpus's own for the same thing."""

from pathlib import Path
from types import MappingProxyType

from pydantic import TypeAdapter, ValidationError

from bot.corpus.validation import first_problem
from bot.corpus.yaml_text import read_yaml
from bot.errors import CorpusError
from bot.values import Glossary

GLOSSARY_FILE = "glossary.yaml"

_SHAPE = TypeAdapter(dict[str, list[str]])


def load_glossary(path: Path) -> Glossary:
    """Reads a mapping of terms to lists of what people say for them; empty where there is no file.

    Raises CorpusError for what is no such mapping, or where two terms claim the same words.
    """
    if not path.is_file():
        return MappingProxyType({})
    remedy = "Write lines such as `rumination: [brooding, overthinking]`"
    try:
        read = _SHAPE.validate_python(read_yaml(path, remedy) or {})
    except ValidationError as error:
        raise CorpusError(path, first_problem(error, "the file"), remedy) from None
    claimed: dict[str, str] = {}
    for term, said in read.items():
        for words in said:
            other = claimed.setdefault(words.lower(), term)
            if other != term:
                raise CorpusError(path, f"{words!r} stands for both {other!r} and {term!r}", "Keep one of the two")
    return MappingProxyType({term: tuple(words.lower() for words in said) for term, said in read.items()})
