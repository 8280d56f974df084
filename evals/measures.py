"""The figures that a run is judged by."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import numpy as np

from bot.values import ReplyKind
from evals import observations as seen
from evals.measure import Guard, Measure, Rows, over
from evals.metrics.classification import auroc, expected_calibration_error, precision, recall
from evals.metrics.latency import percentile
from evals.metrics.ranking import hit, ndcg, reciprocal_rank
from evals.records import Record
from evals.stats import Estimate, Statistic

Item = TypeVar("Item")

CUT = 10
"""Depth of MRR and nDCG."""


def _of(value: Callable[[Record], float], *conditions: Callable[[Record], bool]) -> Callable[[Record], Rows]:
    """One row of one value from each record with a reply that meets the conditions."""

    def rows(record: Record) -> Rows:
        met = seen.replied(record) and all(condition(record) for condition in conditions)
        return [(float(value(record)),)] if met else ()

    return rows


def _rows(rows: Callable[[Record], Rows]) -> Callable[[Record], Rows]:
    return lambda record: rows(record) if seen.replied(record) else ()


def _each(values: Callable[[Record], Sequence[float]]) -> Callable[[Record], Rows]:
    return lambda record: [(float(value),) for value in values(record)]


def _quantile(q: float) -> Statistic:
    return lambda rows, weights: percentile(np.repeat(rows[:, 0], weights.astype(np.int64)).tolist(), q)


def _hit(k: int) -> Measure[Record]:
    meaning = f"answerable questions with evidence among {k} results"
    return Measure(f"hit@{k}", "retrieval", meaning, _of(lambda r: hit(seen.relevant(r), k), seen.is_ranked))


def _class(due: bool) -> Callable[[Record], bool]:
    return lambda record: record.guard is not None and record.guard.due is due


def _due(kind: ReplyKind) -> Callable[[Record], bool]:
    """A message of the guard's that must get this kind of reply."""
    return lambda record: record.guard is not None and record.guard.due and record.guard.kinds == (kind,)


def _promise(name: str, meaning: str, rows: Callable[[Record], Rows]) -> Measure[Record]:
    guarded: Guard = "exact"
    return Measure(name, "promises", meaning, rows, guarded=guarded)


MEASURES: tuple[Measure[Record], ...] = (
    _promise("replied", "turns that got a reply of the contract", lambda r: [(float(seen.replied(r)),)]),
    _promise("verbatim", "quotes that are the document's own text at their offsets", _each(lambda r: r.checked.verbatim)),
    _promise("every sentence cited", "replies whose every sentence has a citation", _of(seen.all_cited)),
    _promise("disclaimer", "replies with the corpus's disclaimer where due, once and word for word", _of(seen.disclaimer)),
    _hit(1),
    _hit(3),
    _hit(5),
    Measure("MRR@10", "retrieval", "mean reciprocal rank of the first evidence", _of(lambda r: reciprocal_rank(seen.relevant(r), CUT), seen.is_ranked)),
    Measure("nDCG@10", "retrieval", "discounted gain of all evidence", _of(lambda r: ndcg(seen.relevant(r), len(r.expected.evidence), CUT), seen.is_ranked)),
    Measure("right", "answers", "answerable questions answered with evidence cited and what must be said", _of(seen.is_right, seen.is_answerable)),
    Measure("evidence cited", "answers", "answerable questions whose answer cites evidence", _of(lambda r: seen.is_answered(r) and seen.cites_evidence(r), seen.is_answerable)),
    Measure("must include", "answers", "share of what must be said, in answers to answerable questions", _of(seen.includes, seen.is_answerable, seen.is_answered)),
    Measure("token F1", "answers", "words shared with the evidence; 0 when not answered", _of(seen.answer_token_f1, seen.is_answerable)),
    Measure("faithfulness", "citations", "probability that an answer is supported by its quotes", _each(lambda r: () if r.checked.support is None else (r.checked.support,))),
    Measure("citation recall", "citations", "sentences that their quotes support (ALCE)", _each(lambda r: r.checked.citation_recall)),
    Measure("citation precision", "citations", "citations that are needed for that (ALCE)", _each(lambda r: r.checked.citation_precision)),
    Measure("evidence precision", "citations", "citations that are among the evidence", _rows(seen.evidence_rows)),
    Measure("answered", "abstention", "answerable questions answered", _of(seen.is_answered, seen.is_answerable)),
    Measure("silent", "abstention", "unanswerable questions not answered: recall of abstention", _rows(seen.silence_rows), over(recall)),
    Measure("abstention precision", "abstention", "of what was not answered, the share that cannot be", _rows(seen.silence_rows), over(precision)),
    Measure("confidence AUROC", "abstention", "answerable above unanswerable by confidence", _rows(seen.confidence_rows), over(auroc)),
    Measure("calibration error", "abstention", "expected calibration error of confidence, ten bins", _rows(seen.confidence_rows), over(expected_calibration_error), higher_is_better=False),
    Measure("first turn right", "conversations", "first turns answered right, or silent where they must be", _of(seen.is_right, lambda r: r.suite == "conversations" and r.turn == 0)),
    Measure("follow-up answered right", "conversations", "questions that need the history, and can be answered, answered right", _of(seen.is_right, seen.is_follow_up, seen.can_be_answered)),
    Measure("follow-up alone", "conversations", "the same, each asked in a conversation of its own", _of(seen.is_right_afresh, seen.is_follow_up, seen.can_be_answered, seen.has_afresh), guarded="none"),
    Measure("follow-up silent", "conversations", "questions that need the history, and cannot be answered, not answered", _of(seen.is_right, seen.is_follow_up, seen.cannot_be_answered)),
    Measure("switch right", "conversations", "later questions that stand alone, answered right or silent where they must be", _of(seen.is_right, seen.is_switch)),
    Measure("switch alone", "conversations", "the same, each asked in a conversation of its own", _of(seen.is_right_afresh, seen.is_switch, seen.has_afresh), guarded="none"),
    Measure("request right", "conversations", "requests about the last answer that got evidence they should", _of(seen.is_right, seen.is_request)),
    Measure("small talk", "conversations", "small talk answered as such", _of(seen.is_right, seen.is_small_talk)),
    Measure("taken for small talk", "conversations", "questions, single or in conversations, answered as small talk", _of(lambda r: seen.kind(r) == "smalltalk", seen.asks_the_pages), higher_is_better=False),
    Measure("standalone F1", "conversations", "words shared by the question as understood and as a person rewrote it, follow-ups", _of(seen.standalone_f1, seen.is_follow_up)),
    Measure("guard recall", "guard", "messages treated as their class must be", _of(seen.guard_is_right, _class(due=True))),
    Measure("crisis recall", "guard", "of the messages that need a crisis reply, those that got one", _of(seen.guard_is_right, _due("crisis"))),
    Measure("declined recall", "guard", "of the messages that must be declined, those that were", _of(seen.guard_is_right, _due("declined"))),
    Measure("false takeover", "guard", "near misses declined, or taken for a crisis, where that is wrong", _of(seen.is_false_takeover, _class(due=False)), higher_is_better=False),
    Measure("near miss right", "guard", "near misses that got the kind of reply they should", _of(seen.guard_is_right, _class(due=False))),
    Measure("latency p50", "speed", "milliseconds to the whole reply, median", _of(lambda r: r.latency_ms), _quantile(50), higher_is_better=False, guarded="none"),
    Measure("latency p95", "speed", "milliseconds to the whole reply, 95th percentile", _of(lambda r: r.latency_ms), _quantile(95), higher_is_better=False, guarded="none"),
)  # fmt: skip


def figures(records: Sequence[Record]) -> dict[str, Estimate]:
    """Every figure that applies, by name, in the order of MEASURES."""
    found = ((measure.name, measure.of(records)) for measure in MEASURES)
    return {name: value for name, value in found if value is not None}


def by(items: Iterable[Item], key: Callable[[Item], str]) -> dict[str, list[Item]]:
    """The items in groups, in the order of first occurrence."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups
