"""One process: API, chat page and source pages."""

import asyncio
import contextlib
import logging
import socket
import threading
from collections.abc import AsyncIterator

import uvicorn
from fastapi import FastAPI

from bot.config import Settings
from bot.errors import ConfigError, FootnoteError
from bot.ports import Progress
from bot.web.api import create_app
from bot.web.page import LatePage
from bot.wiring import Bot

_STOP_SECONDS = 5
_WARMING = "Which question comes first?"

_log = logging.getLogger(__name__)


def serve(settings: Settings, progress: Progress) -> None:
    """Serves until it is told to stop.

    The port answers at once; the index is opened, or built, beside. Raises ConfigError when the
    port is taken, and what `Bot.open` raises.
    """
    _check_port(settings)
    page = LatePage()
    app = create_app()
    app.mount("/", page)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            settings.host,
            settings.port,
            log_level=settings.log_level.lower(),
            # Addresses and message texts stay out of logs: an access line holds the query of a search.
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_STOP_SECONDS,
        )
    )
    failures: list[FootnoteError] = []
    app.router.lifespan_context = _lifespan(settings, progress, page, server, failures)
    server.run()
    if failures:
        raise failures[0]


def _lifespan(
    settings: Settings, progress: Progress, page: LatePage, server: uvicorn.Server, failures: list[FootnoteError]
):  # type: ignore[no-untyped-def]
    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        def open_bot() -> None:
            try:
                bot = Bot.open(settings, progress)
                bot.ask(_WARMING)
            except FootnoteError as error:
                failures.append(error)
                server.should_exit = True
                return
            app.state.bot = bot
            _log.info("ready at http://%s:%s", settings.host, settings.port)
            page.build(bot, loop)

        loop = asyncio.get_running_loop()
        threading.Thread(target=open_bot, name="open", daemon=True).start()
        yield
        await page.close()

    return lifespan


def _check_port(settings: Settings) -> None:
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            place = f"FOOTNOTE_HOST={settings.host!r}, FOOTNOTE_PORT={settings.port}"
            raise ConfigError(f"{place}: cannot listen there ({error.strerror}). Choose another port.") from None
