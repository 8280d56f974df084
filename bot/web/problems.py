"""Errors as RFC 9457 problem documents. None repeats what a visitor sent."""

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors import HistoryError, MessageError

_log = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 5

_TITLES = {
    400: "Malformed request",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    413: "Too large",
    415: "Unsupported media type",
    422: "Unusable request",
    429: "Too many requests",
    500: "Something went wrong",
    503: "Not ready",
}


def problem(status: int, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """A problem document. detail: what was wrong and what to do."""
    body = {"type": "about:blank", "title": _TITLES.get(status, "Error"), "status": status, "detail": detail}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def not_ready() -> HTTPException:
    """What to raise until the index is open."""
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return HTTPException(503, f"The index is being opened. Try again in {RETRY_AFTER_SECONDS} s.", headers)


def add_handlers(app: FastAPI) -> None:
    """Maps every expected error of the application to a problem document."""
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(MessageError, _on_message)
    app.add_exception_handler(HistoryError, _on_history)
    app.add_exception_handler(HTTPException, _on_http)


async def _on_validation(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first: dict[str, Any] = error.errors()[0]
    if first["type"] == "json_invalid":
        return problem(400, "The body is not valid JSON. /openapi.json says what belongs in it.")
    field = ".".join(str(part) for part in first["loc"] if part not in ("body", "query")) or "body"
    return problem(422, f"{field}: {first['msg']}.")


async def _on_message(_: Request, error: Exception) -> JSONResponse:
    return problem(422, str(error))


async def _on_history(_: Request, error: Exception) -> JSONResponse:
    _log.warning("conversations cannot be reached: %s", error)
    detail = f"Conversations cannot be reached at the moment. Try again in {RETRY_AFTER_SECONDS} s."
    return problem(503, detail, {"Retry-After": str(RETRY_AFTER_SECONDS)})


async def _on_http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, str(error.detail), dict(error.headers or {}))


class Unexpected:
    """ASGI middleware: whatever else is raised becomes a problem document, and goes no further: the server below
    would write it to its log, with what the visitor wrote.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def sender(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, sender)
        except Exception as error:  # whatever it is
            if scope["type"] != "http":
                raise
            log_unexpected(_log, error)
            if not started:
                await problem(500, "The server could not answer this. Please try again.")(scope, receive, send)


def log_unexpected(log: logging.Logger, error: BaseException) -> None:
    """The type and place, not the message: it may hold what the visitor wrote."""
    log.error("unexpected %s at %s", type(error).__name__, place_of(error))


def place_of(error: BaseException) -> str:
    """File and line where it was raised; `?` when it was not."""
    trail = error.__traceback__
    while trail is not None and trail.tb_next is not None:
        trail = trail.tb_next
    return f"{trail.tb_frame.f_code.co_filename}:{trail.tb_lineno}" if trail is not None else "?"
