"""Nothing of what visitors send, and no secret of a setting, is left where it does not belong."""

import json
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot import Bot, Settings
from evals.bench import free_port
from tests.conftest import ROOT
from tests.web.server import Served, join

ADDRESS = "203.0.113.77"
KEY = "sk-canary-5ba9"
SAID = re.compile(r"canary\d+x", re.IGNORECASE)
"""Every message, id, header and query below is one, with a number of its own."""


def canary() -> str:
    return f"canary{secrets.randbelow(10**12):012}x"


@dataclass
class Left:
    """What a run left behind."""

    answers: list[str]
    log: str
    files: dict[str, bytes]
    """Of VAR_DIR and of the folder for temporary files."""


def environment(settings: Settings, folder: Path, port: int) -> dict[str, str]:
    temporary = folder / "tmp"
    temporary.mkdir()
    return {
        **os.environ,
        "FOOTNOTE_CORPUS_DIR": str(settings.corpus_dir),
        "FOOTNOTE_VAR_DIR": str(settings.var_dir),
        "FOOTNOTE_DATABASE_URL": f"sqlite:///{folder}/{KEY}/conversations.sqlite3",
        "FOOTNOTE_PORT": str(port),
        "FOOTNOTE_LOG_LEVEL": "DEBUG",
        "FOOTNOTE_RATE_LIMIT": "off",
        "FOOTNOTE_TRUSTED_PROXIES": "127.0.0.1",
        "FOOTNOTE_MODEL": f"openai:{KEY}",
        "OPENAI_API_KEY": KEY,
        "TMPDIR": str(temporary),
        "PYTHONUNBUFFERED": "1",
    }


@pytest.fixture(scope="module")
def left(bot: Bot, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Left:
    folder = tmp_path_factory.mktemp("secrets")
    port = free_port()
    log = folder / "log"
    with log.open("wb") as writing:
        process = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=ROOT,
            env=environment(settings, folder, port),
            stdout=writing,
            stderr=subprocess.STDOUT,
        )
        try:
            served = Served(port)
            served.client.headers.update({"X-Forwarded-For": ADDRESS, "User-Agent": canary(), "Referer": canary()})
            answers = list(visits(served, folder))
        finally:
            process.terminate()
            process.wait(20)
    places = [
        path
        for place in (settings.var_dir, settings.var_dir / "index", folder / "tmp")
        for path in place.rglob("*")
        if path.is_file()
    ]
    return Left(answers, log.read_text(encoding="utf-8"), {str(path): path.read_bytes() for path in places})


def visits(served: Served, folder: Path) -> Iterator[str]:
    """Talks, provokes errors, takes the database away, talks on. What is answered with an error, or by a call that
    has no business with messages.
    """
    wait_until_ready(served)
    for _ in range(2):
        yield from talk(served)
        yield from provoke(served)
        database = folder / KEY
        if database.is_dir():
            for path in database.iterdir():
                path.unlink()
            database.rmdir()
            database.write_bytes(b"no folder")


def wait_until_ready(served: Served) -> None:
    for _ in range(600):
        try:
            if served.client.get("/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)


def talk(served: Served) -> Iterator[str]:
    for accept in ("application/json", "text/event-stream"):
        for question in (f"What is {canary()}?", f"{canary()} I want to kill myself", f"Does {canary()} help?"):
            body = {"message": question, "conversation_id": canary()}
            assert served.client.post("/api/v1/chat", json=body, headers={"Accept": accept}).status_code == 200
    shown = served.visit(f"What is {canary()}?")["chat"]
    for event in ("ask", "example", "suggestion", "clear", "forget"):
        assert served.visit(f"{canary()} again", shown, event)["success"]
    assert served.client.get("/api/v1/search", params={"q": canary()}).status_code == 200
    for place in ("/readyz", "/metrics", "/api/v1/config", "/gradio_api/app_id", "/openapi.json"):
        yield served.client.get(place).text


def provoke(served: Served) -> Iterator[str]:
    as_json = {"Content-Type": "application/json"}
    for path in (
        f"/{canary()}",
        f"/source/{canary()}",
        f"/api/v1/{canary()}",
        f"/ui/{canary()}",
        f"/assets/{canary()}.js",
    ):
        yield served.client.get(path).text
    for content in (
        f'{{"message": "{canary()}',
        f'["{canary()}"]',
        f'{{"message": {{"{canary()}": 1}}}}',
        canary() * 2_000,
    ):
        for place in ("/api/v1/chat", "/gradio_api/queue/join"):
            yield served.client.post(place, content=content, headers=as_json).text
    yield served.client.post("/api/v1/chat", json={"message": canary() * 200}).text
    yield served.client.post("/api/v1/chat", content=canary(), headers={"Content-Type": canary()}).text
    yield served.client.post("/gradio_api/upload", files={"files": (canary(), canary().encode())}).text
    yield served.client.get("/api/v1/search", params={"q": canary(), "k": canary()}).text
    yield served.client.get("/api/v1/config", headers={"Origin": f"https://{canary()}.test"}).text
    yield served.client.get(f"/api/v1/conversations/{canary()}").text
    yield served.client.get("/gradio_api/queue/data", params={"session_hash": canary()}).text
    broken = {**join(canary()), "data": [canary(), [{"role": canary()}], None]}
    yield served.post_to_queue(broken).text
    yield served.raw(f"{canary()} / HTTP/1.1\r\nHost: a\r\n\r\n".encode()).decode()
    yield served.raw(f"GET / HTTP/1.1\r\nHost: {canary()} x\r\n\r\n".encode()).decode()


def test_there_was_something_to_hide(left: Left) -> None:
    assert len(left.answers) > 50
    assert "ready at" in left.log
    assert "Conversations are not kept" in left.log
    assert any("index" in path for path in left.files)


def test_no_message_is_in_the_log_at_any_level(left: Left) -> None:
    assert SAID.findall(left.log) == []
    assert ADDRESS not in left.log
    assert "Traceback" not in left.log


def test_errors_say_nothing_of_what_was_sent(left: Left) -> None:
    assert [answer for answer in left.answers if SAID.search(answer) or ADDRESS in answer] == []


def test_no_message_is_in_a_file_but_the_database(left: Left) -> None:
    assert [path for path, held in left.files.items() if re.search(rb"canary\d+x", held, re.IGNORECASE)] == []


def test_no_secret_of_a_setting_is_told(left: Left) -> None:
    assert KEY not in left.log
    assert [answer for answer in left.answers if KEY in answer] == []
    assert [path for path, held in left.files.items() if KEY.encode() in held] == []


@pytest.mark.parametrize(
    "address",
    [
        f"nosuch://user:{KEY}@host/name",
        f"mysql+nosuch://user:{KEY}@host/name",
        f"//user:{KEY}@host",
        f"postgresql://user:{KEY}@more:{KEY}@host/name",
    ],
)
def test_a_database_that_cannot_be_is_refused_without_its_password(settings: Settings, address: str) -> None:
    known = {**os.environ, "FOOTNOTE_VAR_DIR": str(settings.var_dir), "FOOTNOTE_CORPUS_DIR": str(settings.corpus_dir)}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "What is LTP?"],
        cwd=ROOT,
        env={**known, "FOOTNOTE_DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "FOOTNOTE_DATABASE_URL" in done.stderr
    assert KEY not in done.stdout + done.stderr


def test_the_configuration_tells_no_setting(left: Left) -> None:
    configs = [json.loads(answer) for answer in left.answers if '"greeting"' in answer]
    assert configs
    assert configs[0].keys() == {"title", "publisher", "language", "greeting", "examples", "disclaimer", "limits"}
