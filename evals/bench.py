"""Cold start and latency over HTTP, beside the tutorial pipeline, both served in the same run."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np

from bot.config import Settings

_READY_SECONDS = 180
_POLL_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of one system."""

    cold_start_s: list[float]
    """From starting the process to the first 200 of /readyz."""
    latency_ms: list[float]
    """Of POST /api/v1/chat, one client."""
    resident_mb: float
    """Resident memory after the questions."""

    def quantile(self, q: float) -> float:
        return float(np.quantile(self.latency_ms, q))


def bench(settings: Settings, questions: Sequence[str], starts: int) -> dict[str, Figures]:
    """Both systems, in turn. The index and the peer's vectors must have been built before.

    questions: each is asked once of either, after one that warms it up.
    """
    commands = {"footnote": _footnote, "tutorial": _tutorial}
    cold: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(starts):
        for name, command in commands.items():
            with _served(*command(settings)) as (_, _, seconds):
                cold[name].append(seconds)
    latencies: dict[str, list[float]] = {name: [] for name in commands}
    with (
        httpx.Client(timeout=60) as client,
        _served(*_footnote(settings)) as ours,
        _served(*_tutorial(settings)) as theirs,
    ):
        servers = {"footnote": ours, "tutorial": theirs}
        time.sleep(10)  # until the chat page has been imported beside
        for number, question in enumerate([questions[0], *questions]):
            for name, (port, _, _) in servers.items():
                elapsed = _ask(client, port, question)
                if number:
                    latencies[name].append(elapsed)
        memory = {name: _resident_mb(pid) for name, (_, pid, _) in servers.items()}
    return {name: Figures(cold[name], latencies[name], memory[name]) for name in commands}


def _footnote(settings: Settings) -> tuple[list[str], int]:
    port = free_port()
    given = ["--corpus", str(settings.corpus_dir), "--port", str(port)]
    return [sys.executable, "-m", "bot", "serve", *given], port


def _tutorial(settings: Settings) -> tuple[list[str], int]:
    port = free_port()
    given = ["--corpus", str(settings.corpus_dir), "--var", str(settings.var_dir), "--port", str(port)]
    return [sys.executable, "-m", "evals.peers.tutorial", *given], port


@contextlib.contextmanager
def _served(command: list[str], port: int) -> Iterator[tuple[int, int, float]]:
    """Port, process id and seconds until ready. Raises RuntimeError when it does not get ready."""
    kept = tempfile.mkdtemp()
    environment = {
        **os.environ,
        "HF_HUB_OFFLINE": "1",
        "FOOTNOTE_DATABASE_URL": f"sqlite:///{kept}/conversations.sqlite3",
        "FOOTNOTE_RATE_LIMIT": "off",
    }
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    try:
        while not _is_ready(port):
            if process.poll() is not None or time.perf_counter() - started > _READY_SECONDS:
                raise RuntimeError(f"not ready: {' '.join(command)}")
            time.sleep(_POLL_SECONDS)
        yield port, process.pid, time.perf_counter() - started
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(kept)


def _is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=1).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def _ask(client: httpx.Client, port: int, question: str) -> float:
    started = time.perf_counter()
    client.post(f"http://127.0.0.1:{port}/api/v1/chat", json={"message": question}).raise_for_status()
    return (time.perf_counter() - started) * 1000


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
