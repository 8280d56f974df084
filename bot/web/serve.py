"""One process: API, chat page and source pages."""

import asyncio
import contextlib
import functools
import logging
import socket
import threading
from collections.abc import AsyncIterator, Callable

import uvicorn
from fastapi import FastAPI

from bot.config import Settings
from bot.errors import ConfigError
from bot.ports import Progress
from bot.web.api import create_app
from bot.web.logs import keep_private
from bot.web.page import LatePage
from bot.wiring import Bot

_STOP_SECONDS = 5

_log = logging.getLogger(__name__)


def serve(settings: Settings, progress: Progress) -> None:
    """Serves until it is told to stop.

    The port answers at once; the index is opened, or built, beside. Raises ConfigError when the
    port is taken, what `Bot.open` raises, and what keeps the chat page from being built.
    """
    _check_port(settings)
    keep_private(settings.log_level)
    opening = _Opening(settings, progress)
    app = create_app(settings=settings, lifespan=opening.lifespan)
    # Not a mount: that would also take the API's unknown paths and methods.
    app.router.default = opening.page
    server = uvicorn.Server(server_config(app, settings.host, settings.port))
    opening.on_failure = functools.partial(setattr, server, "should_exit", True)
    server.run()
    if opening.failure is not None:
        raise opening.failure


def server_config(app: FastAPI, host: str, port: int) -> uvicorn.Config:
    """How the application is served."""
    return uvicorn.Config(
        app,
        host,
        port,
        # Unlike httptools, it refuses a request whose head has no end: at 64 KiB.
        http="h11",
        ws="none",
        # Whom to believe is for bot/web/peers.py to say.
        proxy_headers=False,
        log_config=None,
        # Addresses and message texts stay out of logs: an access line holds the query of a search.
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_STOP_SECONDS,
    )


class _Opening:
    """Opens the bot in a thread of its own while the server already answers, then the page."""

    def __init__(self, settings: Settings, progress: Progress) -> None:
        self.page = LatePage()
        self.failure: Exception | None = None
        self.on_failure: Callable[[], None] = lambda: None
        self._settings = settings
        self._progress = progress

    @contextlib.asynccontextmanager
    async def lifespan(self, app: FastAPI) -> AsyncIterator[None]:
        """For the application's whole life."""
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._open, args=(app, loop), name="open", daemon=True).start()
        yield
        await self.page.close()

    def _open(self, app: FastAPI, loop: asyncio.AbstractEventLoop) -> None:
        try:
            bot = Bot.open(self._settings, self._progress)
            bot.warm()
            app.state.bot = bot
            _log.info("ready at http://%s:%s", self._settings.host, self._settings.port)
            self.page.build(bot, app.state.rates, app.state.metrics, loop)
        except Exception as error:  # whatever it is, a server without a bot or its page must end and say so
            self.failure = error
            self.on_failure()


def _check_port(settings: Settings) -> None:
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            place = f"FOOTNOTE_HOST={settings.host!r}, FOOTNOTE_PORT={settings.port}"
            raise ConfigError(f"{place}: cannot listen there ({error.strerror}). Choose another port.") from None
