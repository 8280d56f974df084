"""What goes over HTTP, as CONTRACT version 1 has it."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, Field

from bot.guard.texts import language_said
from bot.values import MAX_COMMENT, MAX_MESSAGE, Conversation, Corpus, Rating, Reply, ReplyKind, ReplySentence
from bot.web.render import understood_as
from bot.wiring import Found


class ChatRequest(BaseModel):
    """What a visitor sends."""

    model_config = ConfigDict(extra="ignore")

    message: str = Field(description=f"1..{MAX_MESSAGE} characters after trimming")
    conversation_id: str | None = None


class FeedbackRequest(BaseModel):
    """What a visitor thinks of a reply."""

    model_config = ConfigDict(extra="ignore")

    reply_id: str
    rating: Rating
    comment: str | None = Field(None, description=f"up to {MAX_COMMENT} characters after trimming")


class CitationBody(BaseModel):
    """A place in the corpus; `quote` is `document.text[start:end]`."""

    model_config = ConfigDict(from_attributes=True)

    n: int
    document_id: str
    document_title: str
    section: str
    quote: str
    context: str
    start: int
    end: int
    url: str


class SentenceBody(BaseModel):
    """A sentence with the numbers of its citations."""

    text: str
    citations: list[int]
    support: float
    language: str | None = Field(None, description="of what the bot says of itself; null: that of the pages")

    @classmethod
    def of(cls, sentence: ReplySentence) -> SentenceBody:
        language = None if sentence.citations else language_said(sentence.text)
        return cls(text=sentence.text, citations=list(sentence.citations), support=sentence.support, language=language)


class NoticeBody(BaseModel):
    """A short notice."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    text: str


class ReplyBody(BaseModel):
    """A whole reply."""

    conversation_id: str
    reply_id: str
    kind: ReplyKind
    text: str
    sentences: list[SentenceBody]
    citations: list[CitationBody]
    disclaimer: str | None
    notices: list[NoticeBody]
    standalone_question: str
    understood: str | None = Field(None, description="`standalone_question` where it says more than the message")
    suggestions: list[str]
    related: list[CitationBody]
    confidence: float
    answered_by: str
    timings_ms: dict[str, float]

    @classmethod
    def of(cls, reply: Reply) -> ReplyBody:
        timings = {name: round(ms, 2) for name, ms in reply.trace.timings_ms}
        timings["total"] = round(sum(ms for _, ms in reply.trace.timings_ms), 2)
        return cls(
            conversation_id=reply.conversation_id,
            reply_id=reply.reply_id,
            kind=reply.kind,
            text=reply.text,
            sentences=[SentenceBody.of(sentence) for sentence in reply.sentences],
            citations=[CitationBody.model_validate(citation) for citation in reply.citations],
            disclaimer=reply.disclaimer,
            notices=[NoticeBody.model_validate(notice) for notice in reply.notices],
            standalone_question=reply.standalone_question,
            understood=understood_as(reply),
            suggestions=list(reply.suggestions),
            related=[CitationBody.model_validate(citation) for citation in reply.related],
            confidence=round(reply.confidence, 4),
            answered_by=reply.answered_by,
            timings_ms=timings,
        )


class TurnBody(BaseModel):
    """A message with its reply."""

    at: datetime
    message: str
    reply: ReplyBody


class ConversationBody(BaseModel):
    """What was said, oldest first."""

    conversation_id: str
    turns: list[TurnBody]

    @classmethod
    def of(cls, conversation: Conversation) -> ConversationBody:
        turns = [
            TurnBody(at=datetime.fromtimestamp(e.at, UTC), message=e.reply.message, reply=ReplyBody.of(e.reply))
            for e in conversation.exchanges
        ]
        return cls(conversation_id=conversation.id, turns=turns)


class ResultBody(CitationBody):
    """A search result: a citation with its place in the ranking."""

    score: float
    rank: int

    @classmethod
    def of(cls, found: Found) -> ResultBody:
        place = CitationBody.model_validate(found.citation).model_dump() | {"n": found.rank}
        return cls(**place, score=round(found.score, 4), rank=found.rank)


class SearchBody(BaseModel):
    """Search results, best first."""

    query: str
    results: list[ResultBody]


class ConfigBody(BaseModel):
    """What a page needs to show; no secrets."""

    title: str
    publisher: str
    language: str
    greeting: str
    examples: list[str]
    disclaimer: str | None
    limits: dict[str, int]

    @classmethod
    def of(cls, corpus: Corpus) -> ConfigBody:
        first = next(iter(corpus.documents.values()))
        return cls(
            title=corpus.name(),
            publisher=first.publisher,
            language=first.language,
            greeting=GREETING,
            examples=list(corpus.questions()[:MAX_EXAMPLES]),
            disclaimer=corpus.disclaimer,
            limits={"message_characters": MAX_MESSAGE, "body_bytes": MAX_BODY},
        )


MAX_BODY = 16 * 1024
"""Largest request body the API reads, in bytes."""

MAX_PAGE_BODY = 1024 * 1024
"""The same of the chat page, which sends the messages shown so far along with each question, 3 to 6 kB a turn."""

MAX_EXAMPLES = 4

GREETING = (
    "I am an automatic guide to these pages. I answer only with what they say, and show you the sentence"
    " each answer rests on."
)
