"""A case drafted from what the bot replied."""

from typing import Any

from bot.web.schema import ReplyBody


def draft(question: str, reply: ReplyBody, style: str, author: str) -> dict[str, Any]:
    """A line of a file of cases, as `evals/data/README.md` describes them.

    The evidence is what the bot cited, or for a question it did not answer nothing: whether that is right is
    for its author to say. must_include stays empty, as only a person knows what was asked for.
    """
    evidence = [citation.quote for citation in reply.citations] if reply.kind == "answer" else []
    return {
        "id": f"new-{reply.reply_id[:8]}",
        "question": question,
        "answerable": bool(evidence),
        "evidence": evidence,
        "must_include": [],
        "style": style,
        "author": author,
    }
