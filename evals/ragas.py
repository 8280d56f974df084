"""Records in the form that ragas reads: its `SingleTurnSample`, a line each."""

import json
from collections.abc import Sequence
from pathlib import Path

from evals.records import Record


def ragas_lines(records: Sequence[Record]) -> list[str]:
    """One sample a single turn with a reply, as JSON.

    `retrieved_contexts` are the quotes, then what else retrieval alone found; `reference` is the evidence joined.
    """
    lines = []
    for record in records:
        if record.reply is None or record.turn > 0 or record.guard is not None:
            continue
        quotes = [citation.quote for citation in record.reply.citations]
        sample = {
            "user_input": record.expected.question,
            "response": record.reply.text,
            "retrieved_contexts": list(dict.fromkeys([*quotes, *(record.results or ())])),
            "reference_contexts": list(record.expected.evidence),
            "reference": " ".join(record.expected.evidence),
        }
        lines.append(json.dumps(sample, ensure_ascii=False))
    return lines


def write_ragas(records: Sequence[Record], path: Path) -> int:
    """How many samples were written."""
    lines = ragas_lines(records)
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return len(lines)
