"""What pydantic found wrong, in words for an error of the corpus."""

from pydantic import ValidationError
from pydantic_core import ErrorDetails


def first_problem(error: ValidationError, whole: str) -> str:
    """`place: what is wrong` of the first problem. whole: what to call the place when it is all of what was read."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"]) or whole
    return f"{place}: {in_words(first)}"


def in_words(problem: ErrorDetails) -> str:
    """What is wrong; of a value such as `no`, which YAML does not read as text, that it wants quotes."""
    said, value = problem["msg"].lower(), problem["input"]
    if problem["type"] == "string_type" and not isinstance(value, dict | list | None):
        return f"{said}, not {value}: put it in quotes"
    return said
