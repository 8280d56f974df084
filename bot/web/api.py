"""The HTTP application."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from importlib.resources import files
from typing import Annotated

from fastapi import APIRouter, FastAPI, Header, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from fastapi.staticfiles import StaticFiles
from sse_starlette import EventSourceResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import Lifespan

from bot.config import Settings
from bot.errors import HistoryError
from bot.guard.crisis import emergency
from bot.values import Reply
from bot.web.events import Event, events
from bot.web.headers import Headers
from bot.web.limits import Limits
from bot.web.metrics import Measured, Metrics
from bot.web.origins import Origins
from bot.web.peers import Peers
from bot.web.problems import Unexpected, add_handlers, not_ready
from bot.web.rates import Paced, Rates, client_of, too_many
from bot.web.schema import ChatRequest, ConfigBody, ConversationBody, FeedbackRequest, ReplyBody, ResultBody, SearchBody
from bot.web.source import source_page
from bot.web.widget import widget_routes
from bot.wiring import Bot

_PING_SECONDS = 15
_STREAM = "text/event-stream"
_SOURCE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_MAX_K = 50
_NO_CONVERSATION = "There is no such conversation; it may have been deleted or have passed its time. Start a new one."
_NO_REPLY = (
    "There is no such reply; its conversation may have been deleted, have passed its time or never been kept."
    " Ask again and rate the new reply."
)

router = APIRouter()


def create_app(
    bot: Bot | None = None, settings: Settings | None = None, lifespan: Lifespan[FastAPI] | None = None
) -> FastAPI:
    """The application; `app.state.bot` may be set later, until when it answers 503.

    settings: read from the environment when None.
    """
    settings = settings or Settings.read()
    app = FastAPI(
        title="Footnote", version="1", docs_url=None, redoc_url=None, redirect_slashes=False, lifespan=lifespan
    )
    app.state.bot = bot
    app.state.rates = Rates(settings.limit)
    app.state.metrics = Metrics(lambda: app.state.bot is not None, lambda: _keeps_history(app.state.bot))
    add_handlers(app)
    app.include_router(router)
    app.router.routes.extend(widget_routes(settings.origins))
    app.mount("/ui", StaticFiles(directory=str(files("bot.web") / "static")), name="ui")
    _dress(app, settings)
    return app


def _keeps_history(bot: Bot | None) -> bool:
    return bot is not None and bot.history.problem is None


def _dress(app: FastAPI, settings: Settings) -> None:
    """What a request passes on its way in, innermost first."""
    app.add_middleware(Limits)
    app.add_middleware(Paced, rates=app.state.rates)
    app.add_middleware(Unexpected)
    app.add_middleware(Origins, allowed=settings.origins)
    app.add_middleware(Peers, trusted=settings.proxies)
    app.add_middleware(Measured, metrics=app.state.metrics)
    app.add_middleware(Headers, shared=bool(settings.origins))


def _bot(request: Request) -> Bot:
    bot = request.app.state.bot
    if bot is None:
        raise not_ready()
    assert isinstance(bot, Bot)
    return bot


@router.post(
    "/api/v1/chat",
    response_model=ReplyBody,
    responses={200: {"content": {_STREAM: {"schema": {"type": "string"}}}}},
)
async def chat(request: Request, body: ChatRequest, accept: Annotated[str, Header()] = "") -> Response:
    """Answers a message: whole as JSON, or as events with `Accept: text/event-stream`."""
    reply = await _reply(request, body)
    whole = ReplyBody.of(request.app.state.metrics.replied(reply))
    await _forget_unheard(request, body, reply)
    if _STREAM in accept:
        return EventSourceResponse(_stream(whole), ping=_PING_SECONDS)
    return JSONResponse(whole.model_dump())


async def _reply(request: Request, body: ChatRequest) -> Reply:
    """People in danger get help lines, however often they ask, and before the index is open."""
    wait = request.app.state.rates.message(client_of(request.scope), body.conversation_id)
    bot = request.app.state.bot
    helping = emergency(body.message, body.conversation_id) if bot is None else None
    if wait and bot is not None:
        helping = await run_in_threadpool(bot.help_lines, body.message, body.conversation_id)
    if helping is not None:
        return helping
    if wait:
        raise HTTPException(429, too_many(wait), {"Retry-After": str(wait)})
    return await run_in_threadpool(_bot(request).ask, body.message, body.conversation_id)


async def _forget_unheard(request: Request, body: ChatRequest, reply: Reply) -> None:
    """Whoever is gone before the first reply never learns the id by which to delete what was kept of it."""
    bot = request.app.state.bot
    if bot is None or reply.conversation_id == body.conversation_id or not await request.is_disconnected():
        return
    with contextlib.suppress(HistoryError):
        await run_in_threadpool(bot.history.forget, reply.conversation_id)


async def _stream(reply: ReplyBody) -> AsyncIterator[Event]:
    for event in events(reply):
        yield event
        await asyncio.sleep(0)


@router.get("/api/v1/search")
async def search(request: Request, q: str, k: Annotated[int, Query(ge=1, le=_MAX_K)] = 5) -> SearchBody:
    """Retrieval alone, best first; scores in 0..1."""
    found = await run_in_threadpool(_bot(request).search, q, k)
    return SearchBody(query=" ".join(q.split()), results=[ResultBody.of(result) for result in found])


@router.get("/api/v1/conversations/{conversation_id}")
async def read_conversation(request: Request, response: Response, conversation_id: str) -> ConversationBody:
    """What was said. Whoever holds the id may read it."""
    response.headers["Cache-Control"] = "no-store"
    conversation = await run_in_threadpool(_bot(request).history.read, conversation_id)
    if conversation is None:
        raise HTTPException(404, _NO_CONVERSATION)
    return ConversationBody.of(conversation)


@router.delete("/api/v1/conversations/{conversation_id}", status_code=204)
async def forget_conversation(request: Request, conversation_id: str) -> None:
    """Deletes it for good."""
    if not await run_in_threadpool(_bot(request).history.forget, conversation_id):
        raise HTTPException(404, _NO_CONVERSATION)


@router.post("/api/v1/feedback", status_code=204)
async def feedback(request: Request, body: FeedbackRequest) -> None:
    """Rates a reply; the latest rating counts."""
    if not await run_in_threadpool(_bot(request).rate, body.reply_id, body.rating, body.comment):
        raise HTTPException(404, _NO_REPLY)
    request.app.state.metrics.rated(body.rating)


@router.get("/api/v1/config")
async def config(request: Request) -> ConfigBody:
    """What a page needs to show."""
    return ConfigBody.of(_bot(request).corpus)


@router.get("/source/{document_id}", response_class=HTMLResponse)
async def source(request: Request, document_id: str) -> HTMLResponse:
    """The document as a readable page; `#sSTART-END` marks that sentence."""
    page = source_page(_bot(request).corpus, document_id)
    if page is None:
        raise HTTPException(404, "There is no such document.")
    return HTMLResponse(page, headers={"Content-Security-Policy": _SOURCE_POLICY})


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process lives."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(request: Request) -> dict[str, str | int]:
    """The index is open and the models are warm; 503 until then. `history`: whether conversations are kept."""
    bot = _bot(request)
    problem = await run_in_threadpool(bot.history.check)
    return {
        "status": "ready",
        "sentences": len(bot.corpus.sentences),
        "history": "kept" if problem is None else "unavailable",
    }


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(request: Request, accept: Annotated[str, Header()] = "") -> Response:
    """What is counted of the server, for Prometheus."""
    text, content_type = request.app.state.metrics.exposed(accept)
    return Response(text, headers={"Content-Type": content_type, "Cache-Control": "no-store"})
