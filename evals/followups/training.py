"""The project's own follow-up messages, for fitting; no case is among them."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from evals.cases import DATA

FILE = DATA / "train" / "followups.jsonl"

Text = Annotated[str, Field(min_length=1)]


class FollowUp(BaseModel):
    """A message after earlier questions of the same visitor."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    earlier: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Oldest first."""
    message: Text
    standalone: Text
    """A person's rewrite; the message itself where it stands alone."""
    relation: Text
    evidence: tuple[str, ...] = ()
    """Verbatim sentences, each of which answers it; empty where the corpus does not."""
    author: Text


def load_follow_ups(path: Path = FILE) -> list[FollowUp]:
    """All of them. Raises pydantic's ValidationError for a line that is none."""
    return [FollowUp.model_validate_json(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
