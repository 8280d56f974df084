"""A reply as HTML for the chat page. Every text is escaped; there is no blank line in it, because the
chat component reads Markdown around HTML blocks.
"""

from html import escape

from bot.text import words
from bot.values import Citation, Reply, ReplySentence

_ASKING = ("answer", "not_covered")


def reply_html(reply: Reply, sentences_shown: int | None = None) -> str:
    """The answer with its numbered notes beside it.

    sentences_shown: how many sentences have arrived, while streaming; None when the reply is whole.
    """
    whole = sentences_shown is None
    sentences = reply.sentences[:sentences_shown]
    used = {n for sentence in sentences for n in sentence.citations}
    notes = [_note(reply.reply_id, citation) for citation in reply.citations if citation.n in used]
    aside = _aside("Sources", notes)
    if whole and reply.related:
        related = [_note(reply.reply_id, citation, opened=place == 0) for place, citation in enumerate(reply.related)]
        aside = _aside("Related", related)
    notices = "".join(f'<p class="fn-notice">{escape(notice.text)}</p>' for notice in reply.notices) if whole else ""
    small = f'<p class="fn-disclaimer">{escape(reply.disclaimer)}</p>' if reply.disclaimer else ""
    copy = _copy_button(reply) if whole else ""
    text = " ".join(_sentence(reply.reply_id, sentence) for sentence in sentences)
    understood = understood_as(reply)
    heading = f'<p class="fn-understood">Understood as: {escape(understood)}</p>' if understood else ""
    return (
        f'<div class="fn-reply" data-kind="{reply.kind}">'
        f'<div class="fn-answer">{heading}<p>{text}</p>{notices}{small}{copy}</div>{aside}</div>'
    )


def understood_as(reply: Reply) -> str | None:
    """The question as it was understood, where it has words that the visitor did not say; else None."""
    understanding = reply.trace.understanding
    if reply.kind not in _ASKING or (understanding is not None and understanding.relation == "about_answer"):
        return None
    said = words(reply.message)
    added = [word for word in words(reply.standalone_question) if word not in said]
    return reply.standalone_question if said and added else None


def _sentence(reply_id: str, sentence: ReplySentence) -> str:
    marks = "".join(
        f'<sup><a class="fn-ref" href="#{_note_id(reply_id, n)}" aria-label="Source {n}">{n}</a></sup>'
        for n in sentence.citations
    )
    return f'<span class="fn-sentence">{escape(sentence.text)}{marks}</span>'


def _aside(label: str, notes: list[str]) -> str:
    if not notes:
        return ""
    return f'<aside class="fn-notes" aria-label="{label}"><p class="fn-label">{label}</p>{"".join(notes)}</aside>'


def _note(reply_id: str, citation: Citation, *, opened: bool = False) -> str:
    return (
        f'<details class="fn-note" id="{_note_id(reply_id, citation.n)}"{" open" if opened else ""}>'
        f'<summary><span class="fn-number">{citation.n}</span> {escape(citation.section)}</summary>'
        f"<blockquote>{_marked(citation)}</blockquote>"
        f'<a class="fn-source" href="{escape(citation.url)}" target="_blank" rel="noopener">Read it in the source</a>'
        "</details>"
    )


def _note_id(reply_id: str, n: int) -> str:
    return f"note-{reply_id}-{n}"


def _marked(citation: Citation) -> str:
    """The paragraph with the quoted sentence marked."""
    before, quote, after = citation.context.partition(citation.quote)
    return f"{escape(before)}<mark>{escape(quote)}</mark>{escape(after)}"


def _copy_button(reply: Reply) -> str:
    """The text beside it, not in an attribute: the component lets no `data-` through."""
    plain = f'<span class="fn-plain">{escape(plain_text(reply))}</span>'
    return f'<button type="button" class="fn-copy">Copy with sources</button>{plain}'


def plain_text(reply: Reply) -> str:
    """The reply for a clipboard, on one line: text, notices, quotes with their places, disclaimer."""
    notes = [f"[{c.n}] “{c.quote}” ({c.document_title}, {c.section})" for c in reply.citations]
    return " — ".join(
        part for part in (reply.text, *(notice.text for notice in reply.notices), *notes, reply.disclaimer) if part
    )
