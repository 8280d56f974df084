"""Follow-up questions with a person's rewrite: the question as the bot understands it, beside the raw message."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.terms import terms
from evals.external.score import Score
from evals.stats import estimate

_CAST_2019 = "trec_cast/2019_data_evaluation_evaluation_topics_v1.0.json"
_CAST_2019_RESOLVED = "trec_cast/2019_data_evaluation_evaluation_topics_annotated_resolved_v1.0.tsv"
_CAST_2020 = "trec_cast/2020_2020_manual_evaluation_topics_v1.0.json"
_IKAT = ("trec_ikat/2023_test_topics.json", "trec_ikat/2023_train_topics.json")


@dataclass(frozen=True, slots=True)
class Topic:
    """A conversation: messages, each with its rewrite."""

    data: str
    id: str
    turns: tuple[tuple[str, str], ...]
    """(message, rewrite)."""
    responses: tuple[str, ...] = ()
    """What was replied to each message; empty where the data do not say."""


Understand = Callable[[Sequence[str]], list[str]]
"""The messages of a conversation → each as understood."""


def read_topics(data: Path) -> Iterator[Topic]:
    """CAsT 2019 and 2020 (Dalton et al.), iKAT 2023 (Aliannejadi et al.)."""
    resolved = dict(
        line.split("\t", 1)
        for line in (data / _CAST_2019_RESOLVED).read_text(encoding="utf-8").splitlines()
        if "\t" in line
    )
    for topic in _json(data / _CAST_2019):
        turns = [(t["raw_utterance"], resolved.get(f"{topic['number']}_{t['number']}", "")) for t in topic["turn"]]
        yield Topic("CAsT 2019", str(topic["number"]), tuple(turns))
    for topic in _json(data / _CAST_2020):
        turns = [(t["raw_utterance"], t["manual_rewritten_utterance"]) for t in topic["turn"]]
        yield Topic("CAsT 2020", str(topic["number"]), tuple(turns))
    for path in _IKAT:
        for topic in _json(data / path):
            turns = [(t["utterance"], t["resolved_utterance"]) for t in topic["turns"]]
            responses = tuple(t.get("response", "") for t in topic["turns"])
            yield Topic("iKAT 2023", f"{path}-{topic['number']}", tuple(turns), responses)


def fitted_on(data: Path) -> list[Topic]:
    """What follow-ups are fitted on: iKAT's training topics, and every second topic of CAsT."""
    topics = list(read_topics(data))
    return [topic for topic in topics if topic not in set_aside(topics)]


def set_aside(topics: Sequence[Topic]) -> list[Topic]:
    """The test topics of iKAT, and the others of CAsT: on these, follow-ups are measured."""
    cast = [topic for topic in topics if topic.data.startswith("CAsT")]
    return [*cast[1::2], *(topic for topic in topics if topic.id.startswith(_IKAT[0]))]


def _json(path: Path) -> list[dict]:  # type: ignore[type-arg]
    return list(json.loads(path.read_text(encoding="utf-8")))


def rewriting_scores(data: Path, understand: Understand) -> Iterator[Score]:
    """Content-word F1 with the rewrite, over turns after the first that were rewritten; on topics not fitted to."""
    systems: dict[str, Understand] = {
        "footnote": understand,
        "last message": list,
        "last two messages": lambda said: [" ".join(said[max(0, n - 1) : n + 1]) for n in range(len(said))],
        "whole history": lambda said: [" ".join(said[: n + 1]) for n in range(len(said))],
    }
    topics = set_aside(list(read_topics(data)))
    for name in dict.fromkeys(topic.data for topic in topics):
        for system, rewrite in systems.items():
            rows, clusters = [], []
            for topic in (topic for topic in topics if topic.data == name):
                understood = rewrite([message for message, _ in topic.turns])
                for said, (message, wanted) in list(zip(understood, topic.turns, strict=True))[1:]:
                    if wanted.strip() and wanted.strip() != message.strip():
                        rows.append((content_f1(said, wanted),))
                        clusters.append(topic.id)
            yield Score("rewriting", name, system, "content-word F1", estimate(rows, clusters))


def content_f1(text: str, reference: str) -> float:
    """F1 of the stems of content words, each counted once, 0..1; both without any: 1."""
    mine, theirs = Counter(set(terms(text, "en"))), Counter(set(terms(reference, "en")))
    if not mine or not theirs:
        return float(mine == theirs)
    return 2 * (mine & theirs).total() / (mine.total() + theirs.total())
