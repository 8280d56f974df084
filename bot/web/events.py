"""A reply as server-sent events."""

import json
from collections.abc import Iterator

from bot.web.schema import ReplyBody

Event = dict[str, str]
"""With the keys `event` and `data`, as sse-starlette takes them."""


def events(reply: ReplyBody) -> Iterator[Event]:
    """start; each sentence after its new citations; disclaimer, notice, suggestions; done."""
    yield _event("start", {"conversation_id": reply.conversation_id, "reply_id": reply.reply_id, "kind": reply.kind})
    waiting = {citation.n: citation for citation in reply.citations}
    for sentence in reply.sentences:
        for n in sentence.citations:
            if n in waiting:
                yield _event("citation", waiting.pop(n).model_dump())
        yield _event("sentence", sentence.model_dump())
    if reply.disclaimer is not None:
        yield _event("disclaimer", {"text": reply.disclaimer})
    for notice in reply.notices:
        yield _event("notice", notice.model_dump())
    yield _event("suggestions", {"suggestions": reply.suggestions})
    yield _event("done", reply.model_dump())


def _event(name: str, data: object) -> Event:
    return {"event": name, "data": json.dumps(data, ensure_ascii=False)}
