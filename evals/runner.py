"""Asks a system every case, in parallel; can be killed at any time and goes on where it was."""

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ConfigError
from bot.reading import unquoted
from bot.values import Corpus
from bot.web.schema import ReplyBody
from evals.cases import Case
from evals.metrics.citations import Supports, citation_precision, citation_recall
from evals.metrics.compliance import verbatim
from evals.records import FILE, RUN, Checked, Record, Run, TurnError, append, read_partial, write_records
from evals.systems import Answered, NoReplyError, System

PARTIAL = "records.partial.jsonl"

Judge = Callable[[Sequence[tuple[str, Sequence[str]]]], tuple[float | None, list[float]]]
"""(sentence, its quotes) of an answer → probability of support of the answer, and of each sentence."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What replies are held against."""

    corpus: Corpus
    judge: Judge
    supports: Supports


def run_cases(
    system: System, cases: Sequence[Case], bench: Bench, out: Path, *, seed: int, workers: int, tick: Callable[[], None]
) -> list[Record]:
    """One record a turn, in the order of the cases; written to `out`, with what was run.

    A case whose records stand in a killed run's leavings there is not asked again.
    tick: called once a case. Raises ConfigError when the leavings are of another run.
    """
    run = describe(system, cases, bench.corpus, seed)
    partial = out / PARTIAL
    done = _resumed(out, run)
    known = {(record.case, record.turn) for record in done}
    left = [case for case in cases if not all((case.id, n) in known for n in range(len(case.turns)))]
    kept = {case.id for case in cases} - {case.id for case in left}
    records = [record for record in done if record.case in kept]
    for _ in kept:
        tick()
    with ThreadPoolExecutor(workers) as pool:
        for future in as_completed([pool.submit(ask_case, system, case, bench) for case in left]):
            found = future.result()
            append(partial, found)
            records.extend(found)
            tick()
    order = {case.id: n for n, case in enumerate(cases)}
    records.sort(key=lambda record: (order[record.case], record.turn))
    write_records(records, out / FILE)
    partial.unlink(missing_ok=True)
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
    )


def _resumed(out: Path, run: Run) -> list[Record]:
    """Records that a killed run of the same kind left; none when the last one was finished."""
    out.mkdir(parents=True, exist_ok=True)
    described = out / RUN
    left = read_partial(out / PARTIAL)
    if left and (not described.exists() or Run.model_validate_json(described.read_text()) != run):
        raise ConfigError(f"{out} holds an unfinished run of another system or other cases. Name another --out.")
    beside = described.with_suffix(".tmp")
    beside.write_text(json.dumps(run.model_dump(), indent=1) + "\n", encoding="utf-8")
    os.replace(beside, described)
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
