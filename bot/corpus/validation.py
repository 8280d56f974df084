"""What pydantic found wrong, in words for an error of the corpus."""

from pydantic import ValidationError


def first_problem(error: ValidationError, whole: str) -> str:
    """`place: what is wrong` of the first problem. whole: what to call the place when it is all of what was read."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"]) or whole
    return f"{place}: {first['msg'].lower()}"
