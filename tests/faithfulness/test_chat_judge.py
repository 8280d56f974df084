"""A chat model as judge, through LangChain and a local server that answers well, badly, slowly, and not at all."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from langchain_openai import ChatOpenAI

from bot.errors import ConfigError
from bot.models.chat_judge import ChatJudge, open_chat_judge, parse_verdict

SENTENCES = [("The harbour holds 240 boats.", ["It holds 240 boats."]), ("It opened in 1950.", ["It opened in 1908."])]
VERDICT = '[{"support": 95, "reason": ""}, {"support": 3, "reason": "number differs"}]'

Reply = Callable[[dict[str, Any]], tuple[int, str]]
"""Request → (status, what the model says)."""


@pytest.fixture
def judge_of() -> Iterator[Callable[[Reply], ChatJudge]]:
    servers = []

    def start(respond: Reply) -> ChatJudge:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["content-length"])))
                status, said = respond(request)
                message = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": said}}
                body = json.dumps(
                    {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [message]}
                ).encode()
                with contextlib.suppress(BrokenPipeError):  # who waited no longer
                    self.send_response(status)
                    self.send_header("content-type", "application/json")
                    self.send_header("content-length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                """Silent."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/v1"
        return ChatJudge(ChatOpenAI(model="m", base_url=address, api_key="k", timeout=0.5, max_retries=0), "m")  # type: ignore[arg-type]

    yield start
    for server in servers:
        server.shutdown()


def test_a_verdict_is_read(judge_of: Callable[[Reply], ChatJudge]) -> None:
    seen: list[dict[str, Any]] = []

    def well(request: dict[str, Any]) -> tuple[int, str]:
        seen.append(request)
        return 200, f"Here you are:\n```json\n{VERDICT}\n```"

    verdict = judge_of(well).judge(SENTENCES)
    assert verdict is not None
    assert [(s.text, s.support, s.reason) for s in verdict.sentences] == [
        ("The harbour holds 240 boats.", 0.95, ""),
        ("It opened in 1950.", 0.03, "number differs"),
    ]
    assert verdict.support == pytest.approx(0.1 * 0.49 + 0.9 * 0.03, abs=1e-4)
    assert [message["role"] for message in seen[0]["messages"]] == ["system", "user"]
    material = json.loads(seen[0]["messages"][1]["content"])
    assert material["passages"] == {"1": "It holds 240 boats.", "2": "It opened in 1908."}


@pytest.mark.parametrize(
    "said",
    [
        "",
        "I cannot judge that.",
        "[1, 2]",
        '[{"support": 95}]',
        VERDICT.replace("95", '"high"'),
        VERDICT.replace("95", "950"),
        "[{]",
    ],
)
def test_what_is_no_verdict_is_not_taken_for_one(judge_of: Callable[[Reply], ChatJudge], said: str) -> None:
    assert judge_of(lambda request: (200, said)).judge(SENTENCES) is None


def test_a_model_that_fails_or_stalls_gives_no_verdict(judge_of: Callable[[Reply], ChatJudge]) -> None:
    def slowly(request: dict[str, Any]) -> tuple[int, str]:
        threading.Event().wait(1.0)
        return 200, VERDICT

    assert judge_of(lambda request: (500, "boom")).judge(SENTENCES) is None
    assert judge_of(lambda request: (401, "no")).judge(SENTENCES) is None
    assert judge_of(slowly).judge(SENTENCES) is None


def test_an_unknown_reason_is_dropped() -> None:
    verdict = parse_verdict('[{"support": 10, "reason": "bad vibes"}]', ["A."])
    assert verdict is not None
    assert verdict.sentences[0].reason == ""


def test_a_model_that_cannot_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    for name in ("openai:gpt-x", "nobody:model", "nonsense"):
        with pytest.raises(ConfigError, match="cannot be opened"):
            open_chat_judge(name)
