"""Scores the bot on cases, and its retrieval beside peers."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.values import Corpus, Reply
from bot.wiring import Bot
from evals.cases import Case
from evals.stats import Estimate, auroc, estimate

Retrieve = Callable[[str], Sequence[str]]
"""Question → texts, best first."""

RANKS = (1, 3, 5)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case with what the bot said to it."""

    case: Case
    reply: Reply

    @property
    def is_right(self) -> bool:
        """Answered with the evidence cited and what was asked for in the text; or silent where it must be."""
        if not self.case.answerable:
            return self.reply.kind != "answer"
        quotes = {citation.quote for citation in self.reply.citations}
        said = self.reply.text.lower()
        includes = all(any(part.lower() in said for part in entry.split("|")) for entry in self.case.must_include)
        return self.reply.kind == "answer" and bool(quotes & set(self.case.evidence)) and includes

    @property
    def is_sound(self) -> bool:
        """Every promise that holds for any reply: support for each sentence, and the disclaimer."""
        supported = all(sentence.citations for sentence in self.reply.sentences)
        return (self.reply.kind != "answer" or supported) and self.reply.disclaimer is not None


def ask_all(bot: Bot, cases: Sequence[Case]) -> list[Outcome]:
    """Each case in a conversation of its own."""
    return [Outcome(case, bot.ask(case.question)) for case in cases]


def answer_figures(outcomes: Sequence[Outcome], corpus: Corpus) -> dict[str, Estimate]:
    """What visitors notice. All in 0..1; higher is better."""
    answerable = [o for o in outcomes if o.case.answerable]
    others = [o for o in outcomes if not o.case.answerable]
    verbatim = [
        corpus.documents[c.document_id].text[c.start : c.end] == c.quote for o in outcomes for c in o.reply.citations
    ]
    figures = {
        "answered when answerable": [o.reply.kind == "answer" for o in answerable],
        "answered right": [o.is_right for o in answerable],
        "silent when not answerable": [o.reply.kind != "answer" for o in others],
        "quotes verbatim": verbatim,
        "supported, with disclaimer": [o.is_sound for o in outcomes],
    }
    return {name: estimate([float(value) for value in values]) for name, values in figures.items() if values}


def answerability_auroc(outcomes: Sequence[Outcome]) -> float:
    """How well `confidence` parts answerable questions from others."""
    return auroc(
        [o.reply.confidence for o in outcomes if o.case.answerable],
        [o.reply.confidence for o in outcomes if not o.case.answerable],
    )


def hit_rates(retrieve: Retrieve, cases: Sequence[Case]) -> dict[int, Estimate]:
    """Share of answerable cases of which one of the first k texts holds a whole evidence sentence."""
    ranks = [_first_rank(retrieve(case.question), case.evidence) for case in cases if case.answerable]
    return {k: estimate([float(rank <= k) for rank in ranks]) for k in RANKS}


def _first_rank(texts: Sequence[str], evidence: Sequence[str]) -> float:
    for rank, text in enumerate(texts, start=1):
        flat = " ".join(text.split())
        if any(quote in flat for quote in evidence):
            return rank
    return float("inf")


def record(outcome: Outcome) -> dict[str, Any]:
    """An outcome as JSON, for reading what went wrong."""
    reply = outcome.reply
    return {
        "id": outcome.case.id,
        "style": outcome.case.style,
        "question": outcome.case.question,
        "right": outcome.is_right,
        "kind": reply.kind,
        "confidence": round(reply.confidence, 4),
        "text": reply.text,
        "quotes": [citation.quote for citation in reply.citations],
        "evidence": list(outcome.case.evidence),
        "features": dict(reply.trace.evidence),
    }


def write_records(outcomes: Sequence[Outcome], path: Path) -> None:
    """One JSON object a line, in the order of the cases."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(record(outcome), ensure_ascii=False) for outcome in outcomes)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
