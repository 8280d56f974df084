"""The whole application on a free port, in a thread, and ways to speak to it as browsers and others do."""

import asyncio
import contextlib
import json
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator

import httpx
import uvicorn
from starlette.types import ASGIApp

from bot import Bot, Settings
from bot.web.api import create_app
from bot.web.page import LatePage
from bot.web.serve import server_config
from evals.bench import free_port

PAGE_EVENTS = {"ask": 0, "example": 1, "suggestion": 2, "clear": 3, "forget": 4}


class Served:
    """A running server. `url` has no slash at its end."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.client = httpx.Client(base_url=self.url, timeout=20)

    def raw(self, sent: bytes, wait: float = 10) -> bytes:
        """All that comes back for these bytes, until the server ends the connection or falls silent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as connection:
            connection.sendall(sent)
            received = b""
            with contextlib.suppress(TimeoutError, ConnectionResetError):
                while part := connection.recv(65536):
                    received += part
                    if _is_whole(received):
                        break
            return received

    def post_to_queue(self, body: object, headers: dict[str, str] | None = None) -> httpx.Response:
        content = body if isinstance(body, bytes) else encoded(body)
        known = {"Content-Type": "application/json"} | (headers or {})
        return self.client.post("/gradio_api/queue/join", content=content, headers=known)

    def visit(self, question: str, shown: list | None = None, event: str = "ask", session: str | None = None) -> dict:
        """What the page would show at last: {"box", "chat", "success"}."""
        session = session or secrets.token_hex(5)
        joined = self.post_to_queue(join(question, shown, event, session))
        assert joined.status_code == 200, joined.text
        return self.finished(session)

    def finished(self, session: str) -> dict:
        """The end of the one event that waits in the session."""
        with self.client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
            received = b""
            for part in stream.iter_raw():
                *lines, received = (received + part).split(b"\n")
                for line in lines:
                    message = json.loads(line.removeprefix(b"data: ")) if line else {}
                    if message.get("msg") == "process_completed":
                        data = message["output"].get("data") or [None, None, None]
                        return {"success": message["success"], "box": data[0], "chat": data[1], "raw": line.decode()}
        raise AssertionError("the stream ended before the event")


def join(question: str, shown: list | None = None, event: str = "ask", session: str = "test") -> dict:
    """What the page sends when a visitor does something."""
    sent = {"data": [question, shown or [], None], "fn_index": PAGE_EVENTS[event], "session_hash": session}
    chosen = {"event_data": {"index": 0, "value": question}} if event in ("example", "suggestion") else {}
    return {**sent, **chosen, "trigger_id": 6}


def encoded(body: object) -> bytes:
    """As browsers write JSON: in UTF-8, half surrogate pairs as escapes."""
    try:
        return json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(body).encode()


def text_of(shown: list) -> str:
    """The last message of a chat."""
    return shown[-1]["content"][0]["text"] if isinstance(shown[-1]["content"], list) else shown[-1]["content"]


def _is_whole(received: bytes) -> bool:
    head, _, body = received.partition(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return len(body) >= int(line.partition(b":")[2])
    return body.endswith(b"0\r\n\r\n")


@contextlib.contextmanager
def serving(
    bot: Bot, settings: Settings, around: Callable[[ASGIApp], ASGIApp] = lambda app: app, *, page: bool = True
) -> Iterator[Served]:
    """Serves until left. around: wraps the application; page: with the chat page, which takes seconds."""
    late = LatePage()
    app = create_app(bot, settings)
    app.router.default = late
    port = free_port()
    config = server_config(around(app), "127.0.0.1", port)
    config.lifespan = "off"
    server = uvicorn.Server(config)
    loops: list = []

    async def run() -> None:
        loops.append(asyncio.get_running_loop())
        await server.serve()
        await late.close()

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    if page:
        late.build(bot, app.state.rates, app.state.metrics, loops[0])
    served = Served(port)
    try:
        yield served
    finally:
        served.client.close()
        server.should_exit = True
        server.force_exit = True
        thread.join(10)
