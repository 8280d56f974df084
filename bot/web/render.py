"""A reply as HTML for the chat page. Every text is escaped; there is no blank line in it, because the
chat component reads Markdown around HTML blocks.
"""

import re
from html import escape

from bot.guard.texts import language_said
from bot.text import words
from bot.values import Citation, Reply, ReplySentence

_LINKS = re.compile(
    r"/source/[\w.-]*\w(?:#s\d+-\d+)?|\bfindahelpline\.com\b|\bclinicaltrials\.gov\b|(?<![\d.-])(?:988|911|1-800-\d{3}-\d{4})\b",
    re.ASCII,
)
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
    notices = "".join(f'<p class="fn-notice">{_linked(notice.text)}</p>' for notice in reply.notices) if whole else ""
    small = f'<p class="fn-disclaimer">{escape(reply.disclaimer)}</p>' if reply.disclaimer else ""
    copy = _copy_button(reply) if whole else ""
    parted = "</p><p>" if reply.kind == "crisis" else " "
    text = parted.join(_sentence(reply.reply_id, sentence, own=not sentence.citations) for sentence in sentences)
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


def _sentence(reply_id: str, sentence: ReplySentence, *, own: bool) -> str:
    """own: whether the bot says it of itself, and not the pages."""
    marks = "".join(
        f'<sup><a class="fn-ref" href="#{_note_id(reply_id, n)}" aria-label="Source {n}">{n}</a></sup>'
        for n in sentence.citations
    )
    said = _linked(sentence.text) if own else escape(sentence.text)
    spoken = f' lang="{language_said(sentence.text)}"' if own else ""
    return f'<span class="fn-sentence"{spoken}>{said}{marks}</span>'


def _linked(text: str) -> str:
    """Text of the bot's own, with places in the sources and lines of help to follow."""
    return _LINKS.sub(_link, escape(text))


def _link(match: re.Match[str]) -> str:
    said = match.group()
    if said.startswith("/source/"):
        return f'<a class="fn-source" href="{said}" target="_blank" rel="noopener">Read it in the source</a>'
    if said[0].isdigit():
        return f'<a class="fn-call" href="tel:{said.replace("-", "")}">{said}</a>'
    return f'<a class="fn-call" href="https://{said}" target="_blank" rel="noopener noreferrer">{said}</a>'


def _aside(label: str, notes: list[str]) -> str:
    if not notes:
        return ""
    # No landmark: every reply would add one of the same name.
    heading = f'<p class="fn-label">{label}</p>'
    return f'<aside class="fn-notes" role="note" aria-label="{label}">{heading}{"".join(notes)}</aside>'


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
    """The reply for a clipboard, on one line: text, notices, quotes with their places, disclaimer.

    Addresses are the page's own, beginning with a slash.
    """
    places = reply.citations or reply.related
    notes = [f"[{c.n}] “{c.quote}” ({c.document_title}, {c.section}) {c.url}" for c in places]
    return " — ".join(
        part for part in (reply.text, *(notice.text for notice in reply.notices), *notes, reply.disclaimer) if part
    )
