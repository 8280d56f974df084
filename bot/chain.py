"""The order of the stages. This is the whole way from a message to a reply."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from langchain_core.runnables import Runnable, RunnableBranch, RunnableLambda

from bot.values import Cited, Draft, Evidence, Hits, Query, Reply, Trace, Turn


@dataclass(frozen=True, slots=True)
class Stages:
    """One callable a stage; none knows another."""

    screen: Callable[[Turn], Turn]
    takes_over: Callable[[Turn], bool]
    take_over: Callable[[Turn], Reply]
    read: Callable[[Turn], Query]
    review: Callable[[Query], Query]
    retrieve: Callable[[Query], Hits]
    gate: Callable[[Hits], Evidence]
    answer: Callable[[Evidence], Draft]
    cite: Callable[[Draft], Cited]
    seal: Callable[[Cited], Reply]
    keep: Callable[[Reply], Reply]


def build_chain(stages: Stages) -> Runnable[Turn, Reply]:
    """A LangChain Runnable: invoke, ainvoke, batch, stream, callbacks and tracing work as usual."""
    answering = (
        _stage("read", stages.read)
        | _stage("review", stages.review)
        | _stage("retrieve", stages.retrieve)
        | _stage("gate", stages.gate)
        | _stage("answer", stages.answer)
        | _stage("cite", stages.cite)
        | _stage("seal", stages.seal)
    )
    either = RunnableBranch((stages.takes_over, _stage("take_over", stages.take_over)), answering)
    return _stage("screen", stages.screen) | either | _stage("keep", stages.keep)


def _stage(name: str, run: Callable[[Any], Any]) -> Runnable[Any, Any]:
    def timed(value: Any) -> Any:
        started = time.perf_counter()
        result = run(value)
        elapsed = (time.perf_counter() - started) * 1000
        return replace(result, trace=_joined(getattr(value, "trace", Trace()), result.trace, name, elapsed))

    return RunnableLambda(timed, name=name)


def _joined(before: Trace, added: Trace, name: str, elapsed_ms: float) -> Trace:
    return Trace(
        timings_ms=(*before.timings_ms, (name, elapsed_ms)),
        hits=added.hits or before.hits,
        evidence=added.evidence or before.evidence,
        understanding=added.understanding or before.understanding,
        decision=added.decision or before.decision,
    )
