"""What can be evaluated: this bot, another behind the same HTTP contract, and the peers kept for comparison."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import httpx
from pydantic import ValidationError

from bot.config import Settings
from bot.errors import ConfigError
from bot.values import Corpus, Reply
from bot.web.schema import ReplyBody
from bot.wiring import Bot
from evals.records import ErrorKind, Trace

TIMEOUT_SECONDS = 30.0
RESULTS = 10
"""Results of retrieval asked for."""

_OK = 200
_ATTEMPTS_OF_429 = 5


@dataclass(frozen=True, slots=True)
class Answered:
    """A reply with how long it took."""

    reply: ReplyBody
    latency_ms: float
    trace: Trace | None = None


class NoReplyError(Exception):
    """A system gave no reply that could be scored."""

    def __init__(self, kind: ErrorKind, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


class System(Protocol):
    """Something that answers. Used from several threads."""

    name: str

    def ask(self, message: str, conversation_id: str | None) -> Answered:
        """Raises NoReplyError."""
        ...

    def search(self, question: str) -> list[str] | None:
        """At most RESULTS texts, best first, none where it fails; None where it has no retrieval to be asked."""
        ...


class InProcess:
    """The bot itself, with its trace."""

    name = "footnote"

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def ask(self, message: str, conversation_id: str | None) -> Answered:
        started = time.perf_counter()
        try:
            reply = self._bot.ask(message, conversation_id)
        except Exception as error:  # whatever it is, the run goes on and counts it
            raise NoReplyError("crash", f"{type(error).__name__}: {error}") from error
        elapsed = (time.perf_counter() - started) * 1000
        return Answered(ReplyBody.of(reply), elapsed, _trace(reply, self._bot.corpus))

    def search(self, question: str) -> list[str]:
        return [found.citation.quote for found in self._bot.search(question, RESULTS)]


def _trace(reply: Reply, corpus: Corpus) -> Trace:
    return Trace(
        timings_ms={name: round(ms, 3) for name, ms in reply.trace.timings_ms},
        hits=[(corpus.sentences[hit.sentence_id].text, round(hit.score, 4)) for hit in reply.trace.hits],
        features={name: round(value, 4) for name, value in reply.trace.evidence},
    )


class OverHttp:
    """A bot behind the HTTP contract."""

    def __init__(self, url: str, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        """url: such as http://127.0.0.1:7860. Raises ConfigError when it is not an address."""
        self.name = url.rstrip("/")
        if not self.name.startswith(("http://", "https://")):
            raise ConfigError(f"--url {url!r} is no address. Give one such as http://127.0.0.1:7860.")
        self._deadline = timeout_seconds
        self._client = httpx.Client(base_url=self.name, timeout=timeout_seconds)
        self._has_search = True

    def ask(self, message: str, conversation_id: str | None) -> Answered:
        body = {"message": message, "conversation_id": conversation_id}
        content, elapsed = self._call("POST", "/api/v1/chat", json=body)
        try:
            reply = ReplyBody.model_validate_json(content)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            raise NoReplyError("malformed", f"not a reply of the contract: {place} {first['msg']}") from None
        return Answered(reply, elapsed)

    def search(self, question: str) -> list[str] | None:
        if not self._has_search:
            return None
        try:
            content, _ = self._call("GET", "/api/v1/search", params={"q": question, "k": RESULTS})
            return [result["quote"] for result in httpx.Response(_OK, content=content).json()["results"]]
        except (NoReplyError, ValueError, KeyError, TypeError) as error:
            if not (isinstance(error, NoReplyError) and error.detail.startswith("404")):
                return []
            self._has_search = False
            return None

    def _call(self, method: str, path: str, **given: object) -> tuple[bytes, float]:
        """The body of a 200, and how many milliseconds it took. A 429 is waited for, which does not count.

        In an attempt no wait for a part of the reply is longer than the deadline, and none begins after it.
        """
        for _ in range(_ATTEMPTS_OF_429):
            started = time.perf_counter()
            try:
                with self._client.stream(method, path, headers={"Accept": "application/json"}, **given) as response:  # type: ignore[arg-type]
                    content = self._read(response, started)
            except httpx.TimeoutException:
                raise NoReplyError("timeout", f"no reply within {self._deadline:g} s") from None
            except httpx.HTTPError as error:
                raise NoReplyError("connection", f"{type(error).__name__}: {error}") from None
            elapsed = (time.perf_counter() - started) * 1000
            if response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                break
            time.sleep(min(_seconds(response.headers.get("retry-after", "")), self._deadline))
        if response.status_code != _OK:
            raise NoReplyError("http", f"{response.status_code} {response.reason_phrase}")
        if not content.strip():
            raise NoReplyError("empty", "200 with an empty body")
        return content, elapsed

    def _read(self, response: httpx.Response, started: float) -> bytes:
        parts = []
        for part in response.iter_bytes():
            parts.append(part)
            if time.perf_counter() - started > self._deadline:
                raise httpx.ReadTimeout("dripping")
        return b"".join(parts)


def _seconds(retry_after: str) -> float:
    """What a Retry-After header asks for; 1 where it gives a date or nothing."""
    return float(retry_after) if retry_after.isdecimal() else 1.0


class Peer:
    """A retriever that answers every question with the best texts it finds: no abstention, no history."""

    def __init__(self, name: str, retrieve: Callable[[str, int], Sequence["Place"]], shown: int, model: str) -> None:
        """shown: texts in an answer."""
        self.name = name
        self._retrieve = retrieve
        self._shown = shown
        self._model = model
        self._lock = threading.Lock()

    def ask(self, message: str, conversation_id: str | None) -> Answered:  # noqa: ARG002 - it has no history
        started = time.perf_counter()
        with self._lock:
            places = self._retrieve(message, self._shown)
        reply = _plain_reply(message, places, self._model)
        return Answered(reply, (time.perf_counter() - started) * 1000)

    def search(self, question: str) -> list[str]:
        with self._lock:
            return [place.text for place in self._retrieve(question, RESULTS)]


@dataclass(frozen=True, slots=True)
class Place:
    """A text found, with where it stands; start and end 0 where that is not known."""

    text: str
    score: float
    """0..1; what a peer would take for its confidence."""
    document_id: str = ""
    start: int = 0
    end: int = 0


def _plain_reply(message: str, places: Sequence[Place], model: str) -> ReplyBody:
    citations = [
        {
            "n": n, "document_id": place.document_id, "document_title": "", "section": "", "quote": place.text,
            "context": place.text, "start": place.start, "end": place.end, "url": "",
        }
        for n, place in enumerate(places, start=1)
    ]  # fmt: skip
    sentences = [{"text": place.text, "citations": [n], "support": 1.0} for n, place in enumerate(places, start=1)]
    return ReplyBody.model_validate(
        {
            "conversation_id": "peer", "reply_id": "peer", "kind": "answer" if places else "not_covered",
            "text": " ".join(f"{place.text} [{n}]" for n, place in enumerate(places, start=1)),
            "sentences": sentences, "citations": citations, "disclaimer": None, "notices": [],
            "standalone_question": message, "suggestions": [], "related": [],
            "confidence": max(0.0, min(1.0, places[0].score)) if places else 0.0, "answered_by": model,
            "timings_ms": {},
        }
    )  # fmt: skip


NAMES = ("footnote", "tutorial", "bm25", "dense")


def check_name(name: str) -> None:
    """Raises ConfigError unless it is one of NAMES."""
    if name not in NAMES:
        raise ConfigError(f"--system {name!r} is not known. Name one of: {', '.join(NAMES)}; or give --url.")


def open_system(name: str, settings: Settings, bot: Bot) -> System:
    """One of NAMES. Raises ConfigError for another name."""
    check_name(name)
    if name == "footnote":
        return InProcess(bot)
    if name == "tutorial":
        from evals.peers.tutorial import TOP, TutorialPipeline

        pipeline = TutorialPipeline(settings.corpus_dir, settings.var_dir)
        return Peer(name, lambda q, k: [Place(t, s) for t, s in pipeline.scored(q, k)], TOP, name)
    from evals.peers.systems import sentence_places

    return Peer(name, sentence_places(name, bot, settings), 1, name)
