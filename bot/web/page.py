"""The chat page, which arrives after the API: importing Gradio takes seconds."""

import asyncio
import contextlib
from typing import Any

from fastapi import FastAPI

from bot.web.fence import NOTHING, Fence, is_open
from bot.web.metrics import Metrics
from bot.web.problems import problem
from bot.web.rates import Rates
from bot.wiring import Bot

_WAIT_SECONDS = 120


class LatePage:
    """An ASGI application whose requests wait until `build` has made the page."""

    def __init__(self) -> None:
        self._built = asyncio.Event()
        self._fence: Fence | None = None
        self._lifespan = contextlib.AsyncExitStack()

    def build(self, bot: Bot, rates: Rates, metrics: Metrics, loop: asyncio.AbstractEventLoop) -> None:
        """Imports Gradio and makes the page. For a thread other than the loop's."""
        from bot.web.ui import create_page

        app = create_page(bot, rates, metrics)
        asyncio.run_coroutine_threadsafe(self._start(app), loop).result()

    async def _start(self, app: FastAPI) -> None:
        # A mounted application gets no lifespan of its own, and Gradio's starts its queue there.
        await self._lifespan.enter_async_context(app.router.lifespan_context(app))
        self._fence = Fence(app)
        self._built.set()

    async def close(self) -> None:
        """Ends what the page has running."""
        await self._lifespan.aclose()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if not is_open(scope):
            await problem(404, NOTHING)(scope, receive, send)
            return
        try:
            await asyncio.wait_for(self._built.wait(), _WAIT_SECONDS)
        except TimeoutError:
            await problem(503, "The page is not ready. Try again in a minute.", {"Retry-After": "60"})(
                scope, receive, send
            )
            return
        assert self._fence is not None
        await self._fence(scope, receive, send)
