"""Asks a system every case, in parallel; can be killed at any time and goes on where it was."""

import hashlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import bot
from bot.errors import ConfigError
from bot.reading import unquoted
from bot.values import Corpus
from bot.web.schema import ReplyBody
from evals.cases import Case
from evals.metrics.citations import Supports, citation_precision, citation_recall
from evals.metrics.compliance import verbatim
from evals.records import (
    PARTIAL,
    Checked,
    Record,
    Run,
    TurnError,
    append,
    describe_partial,
    finish_run,
    read_partial,
    write_records,
)
from evals.systems import Answered, NoReplyError, System

Judge = Callable[[Sequence[tuple[str, Sequence[str]]]], tuple[float | None, list[float]]]
"""(sentence, its quotes) of an answer → probability of support of the answer, and of each sentence."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What replies are held against."""

    corpus: Corpus
    judge: Judge
    supports: Supports


def run_cases(
    system: System,
    cases: Sequence[Case],
    bench: Bench,
    out: Path,
    *,
    seed: int,
    workers: int,
    tick: Callable[[], None],
    say: Callable[[str], None] = lambda _: None,
) -> list[Record]:
    """One record a turn, in the order of the cases; written to `out`, with what was run.

    A case whose records stand in a killed run's leavings there is not asked again, unless the bot has been changed.
    tick: called once a case. say: told when leavings are not used. Raises ConfigError when they are of another run.
    """
    out.mkdir(parents=True, exist_ok=True)
    run = describe(system, cases, bench.corpus, seed)
    done = {(record.case, record.turn): record for record in _resumed(out, run, say)}
    kept = {case.id for case in cases if all((case.id, n) in done for n in range(len(case.turns)))}
    records = [record for record in done.values() if record.case in kept]
    describe_partial(out, run)
    write_records(records, out / PARTIAL)
    for _ in kept:
        tick()
    records += _asked(system, [case for case in cases if case.id not in kept], bench, out / PARTIAL, workers, tick)
    order = {case.id: n for n, case in enumerate(cases)}
    records.sort(key=lambda record: (order[record.case], record.turn))
    finish_run(out, records)
    return records


def _asked(
    system: System, cases: Sequence[Case], bench: Bench, partial: Path, workers: int, tick: Callable[[], None]
) -> list[Record]:
    """In the order they are done, which is also when they are added to `partial`, whatever becomes of the others."""
    adding = threading.Lock()

    def ask(case: Case) -> list[Record]:
        found = ask_case(system, case, bench)
        with adding:
            append(partial, found)
        return found

    records: list[Record] = []
    pool = ThreadPoolExecutor(workers)
    try:
        for future in as_completed([pool.submit(ask, case) for case in cases]):
            records += future.result()
            tick()
    finally:
        pool.shutdown(cancel_futures=True)
    return records


def describe(system: System, cases: Sequence[Case], corpus: Corpus, seed: int) -> Run:
    """What identifies a run."""
    documents = "".join(document.digest for document in corpus.documents.values())
    lines = "".join(case.model_dump_json() for case in cases)
    return Run(
        system=system.name,
        corpus=hashlib.sha256(documents.encode()).hexdigest(),
        cases=hashlib.sha256(lines.encode()).hexdigest(),
        turns=sum(len(case.turns) for case in cases),
        seed=seed,
        sources=_sources(Path(bot.__file__).parent),
    )


def _sources(package: Path) -> str:
    """SHA-256 over its files: code, and what was fitted or written for it."""
    found = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        if path.is_file() and path.parent.name != "__pycache__":
            found.update(f"{path.relative_to(package)} {path.stat().st_size}\n".encode() + path.read_bytes())
    return found.hexdigest()


def _resumed(out: Path, run: Run, say: Callable[[str], None]) -> list[Record]:
    """Records that a killed run of the same kind left; none when the last one was finished."""
    before, left = read_partial(out) or (run, [])
    if not left:
        return []
    if before.model_copy(update={"sources": run.sources}) != run:
        raise ConfigError(f"{out} holds an unfinished run of another system or other cases. Name another --out.")
    if before.sources != run.sources:
        say(f"The bot has been changed since the unfinished run in {out}: all is asked anew.")
        return []
    return left


def ask_case(system: System, case: Case, bench: Bench) -> list[Record]:
    """All turns of a case, in a conversation of its own. A turn without reply does not end it."""
    records = []
    conversation_id = None
    for n, turn in enumerate(case.turns):
        answered: Answered | None = None
        error = None
        try:
            answered = system.ask(turn.question, conversation_id)
            conversation_id = answered.reply.conversation_id
        except NoReplyError as caught:
            error = TurnError(kind=caught.kind, detail=caught.detail)
        afresh = _afresh(system, turn.question) if n and answered is not None else None
        is_ranked = len(case.turns) == 1 and bool(turn.evidence) and answered is not None
        records.append(
            Record(
                case=case.id,
                turn=n,
                suite=case.suite,
                split=case.split,
                style=case.style,
                expected=turn,
                guard=case.guard if n == len(case.turns) - 1 else None,
                reply=answered.reply if answered else None,
                afresh=afresh,
                results=system.search(turn.question) if is_ranked else None,
                trace=answered.trace if answered else None,
                error=error,
                latency_ms=round(answered.latency_ms, 3) if answered else 0.0,
                checked=check(answered.reply, bench) if answered else Checked(),
            )
        )
    return records


def _afresh(system: System, message: str) -> ReplyBody | None:
    """The reply to a message without the conversation it was sent in."""
    try:
        return system.ask(message, None).reply
    except NoReplyError:
        return None


def check(reply: ReplyBody, bench: Bench) -> Checked:
    """What a reply says, held against the corpus and the scorer."""
    quotes = {citation.n: citation.quote for citation in reply.citations}
    documents = bench.corpus.documents
    authors = {c.n: documents[c.document_id].author for c in reply.citations if c.document_id in documents}
    cited = [
        (
            unquoted(s.text, authors.get(s.citations[0], "") if s.citations else ""),
            [quotes[n] for n in s.citations if n in quotes],
        )
        for s in reply.sentences
    ]
    texts = [documents[c.document_id].text if c.document_id in documents else None for c in reply.citations]
    support, by_sentence = bench.judge(cited) if reply.kind == "answer" else (None, [])
    answers = cited if reply.kind == "answer" else []
    return Checked(
        verbatim=[
            bool(verbatim(c.quote, c.start, c.end, text)) for c, text in zip(reply.citations, texts, strict=True)
        ],
        disclaimer=bench.corpus.disclaimer,
        support=support,
        sentence_support=by_sentence,
        citation_recall=[citation_recall(text, found, bench.supports) for text, found in answers],
        citation_precision=[v for text, found in answers for v in citation_precision(text, found, bench.supports)],
    )
