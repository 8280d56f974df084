"""What the chat page sends when a visitor does something. Nothing else comes to Gradio's queue."""

import json
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from bot.web.schema import MAX_BODY

EVENTS = 5
"""What a visitor can do on the page: ask, choose an example or a suggestion, start anew, forget."""


def _encodable(text: str) -> str:
    """Half a surrogate pair cannot be sent back."""
    return text.encode("utf-8", "replace").decode("utf-8")


Text = Annotated[str, AfterValidator(_encodable)]
Question = Annotated[Text, Field(max_length=MAX_BODY)]
"""As much as the API reads: an over-long one is answered in words."""


class _Piece(BaseModel):
    type: Literal["text"]
    text: Text


class _Option(BaseModel):
    value: Text


class _Message(BaseModel):
    role: Literal["user", "assistant"]
    content: list[_Piece]
    options: list[_Option] | None = None


class _Example(BaseModel):
    text: Question


class _Chosen(BaseModel):
    index: int = 0
    value: Question | _Example = ""


class Join(BaseModel):
    """An event with what the page shows: the text in the box, the messages, and nothing for what the server keeps."""

    data: tuple[Question, list[_Message], None]
    fn_index: int = Field(ge=0, lt=EVENTS)
    session_hash: str = Field(pattern=r"\A[a-z0-9]{1,32}\z")
    trigger_id: int | None = Field(None, ge=0, lt=1000)
    event_data: _Chosen = _Chosen()


def normalised(body: bytes) -> bytes:
    """The body of a Join with the known fields alone. Raises ValidationError for one of another shape, ValueError or
    RecursionError for what is no JSON.
    """
    return json.dumps(Join.model_validate(json.loads(body)).model_dump()).encode()
