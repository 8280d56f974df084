"""Reading YAML, so that whatever is wrong with it is a CorpusError with the line."""

from pathlib import Path
from typing import Any

import yaml

from bot.errors import CorpusError


class _Loader(yaml.SafeLoader):
    def construct_object(self, node: Any, deep: bool = False) -> Any:
        """Says of a value that cannot be, such as the 30th of February, where it stands."""
        try:
            return super().construct_object(node, deep)
        except ValueError as error:
            raise yaml.MarkedYAMLError(problem=str(error), problem_mark=node.start_mark) from None


def read_yaml(path: Path, remedy: str) -> Any:
    """What the file says. Raises CorpusError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(path, f"cannot be read ({error})", remedy) from None
    return parse_yaml(path, text, remedy)


def parse_yaml(path: Path, text: str, remedy: str, above: int = 0) -> Any:
    """What a text of the file says. above: lines of the file before it. Raises CorpusError."""
    try:
        return _Loader(text).get_single_data()
    except yaml.MarkedYAMLError as error:
        problem = ", ".join(part for part in (error.context, error.problem) if part)
        line = error.problem_mark.line if error.problem_mark is not None else 0
    except yaml.reader.ReaderError as error:
        problem = f"{error.reason}: {error.character!r}"
        line = text.count("\n", 0, error.position)
    problem = f"cannot be read, for it is not valid YAML ({' '.join(problem.split())})"
    raise CorpusError(path, problem, remedy, above + line + 1)
