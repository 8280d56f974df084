"""How well a judge of faithfulness agrees with people: labelled answers, scored, and the figures of that."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ValidationError

from bot.errors import CorpusError
from bot.verdicts import SUPPORTED, Judge
from evals.cases import FaithfulnessItem
from evals.measure import Measure, Rows, over
from evals.metrics.classification import auroc, balanced_accuracy, cohen_kappa, expected_calibration_error
from evals.records import put_in_place
from evals.stats import Estimate, estimate, mean

FILE = "judged.jsonl"


class JudgedSentence(BaseModel):
    """A sentence with what the judge and people say."""

    text: str
    support: float
    reason: str
    expected: bool
    change: str | None = None


class Judged(BaseModel):
    """An answer with what the judge and people say."""

    id: str
    split: str
    author: str
    judge: str = ""
    """Its name; empty in files from before it was kept."""
    passages: list[str]
    support: float | None
    """None: the judge could not judge."""
    sentences: list[JudgedSentence] = []

    @property
    def expected(self) -> bool:
        """Whether people found every sentence supported."""
        return all(sentence.expected for sentence in self.sentences)


def judge_items(judge: Judge, items: Sequence[FaithfulnessItem], tick: Callable[[], None]) -> list[Judged]:
    """Each item's sentences as people cut them, judged against its passages."""
    found = []
    for item in items:
        verdict = judge.judge([(sentence.text, item.passages) for sentence in item.sentences])
        scored = verdict.sentences if verdict is not None else ()
        sentences = [
            JudgedSentence(
                text=given.text,
                support=scored[i].support if scored else 0.0,
                reason=scored[i].reason if scored else "",
                expected=given.supported,
                change=given.change,
            )
            for i, given in enumerate(item.sentences)
        ]
        support = verdict.support if verdict is not None else None
        found.append(
            Judged(
                id=item.id, split=item.split, author=item.author, judge=judge.name, passages=list(item.passages),
                support=support, sentences=sentences,
            )
        )  # fmt: skip
        tick()
    return found


def write_judged(judged: Sequence[Judged], path: Path) -> None:
    """One JSON object a line, put in place whole."""
    put_in_place(path, "".join(item.model_dump_json() + "\n" for item in judged))


def read_judged(path: Path) -> list[Judged]:
    """What was written; empty where no judge was run. Raises CorpusError when it cannot be read."""
    if not path.exists():
        return []
    try:
        # Not splitlines: a text may hold U+2028.
        return [Judged.model_validate_json(line) for line in path.read_bytes().split(b"\n") if line]
    except (OSError, ValidationError) as error:
        raise CorpusError(path, f"cannot be read ({str(error).splitlines()[0]})", "Run it again") from None


def _answers(value: Callable[[Judged], float]) -> Callable[[Judged], Rows]:
    """(supported, value) of each answer that could be judged."""
    return lambda item: [(float(item.expected), value(item))] if item.support is not None else []


def _sentences(value: Callable[[JudgedSentence], float]) -> Callable[[Judged], Rows]:
    return lambda item: [(float(s.expected), value(s)) for s in item.sentences] if item.support is not None else []


def _support(item: Judged) -> float:
    return item.support or 0.0


def _words(item: Judged) -> float:
    return float(sum(len(sentence.text.split()) for sentence in item.sentences))


JUDGE_MEASURES: tuple[Measure[Judged], ...] = (
    Measure("answer AUROC", "judge", "faithful answers above answers with a false sentence, by support", _answers(_support), over(auroc)),
    Measure("sentence balanced accuracy", "judge", "mean of the shares of right and of false sentences recognised", _sentences(lambda s: float(s.support >= SUPPORTED)), over(balanced_accuracy)),
    Measure("sentence AUROC", "judge", "right sentences above false ones, by support", _sentences(lambda s: s.support), over(auroc)),
    Measure("sentence agreement", "judge", "Cohen's kappa with people", _sentences(lambda s: float(s.support >= SUPPORTED)), over(cohen_kappa)),
    Measure("sentence calibration error", "judge", "expected calibration error of support, ten bins", _sentences(lambda s: s.support), over(expected_calibration_error), higher_is_better=False),
    Measure("could judge", "judge", "answers that got a verdict", lambda item: [(float(item.support is not None),)], mean, guarded="exact"),
    Measure("length alone, AUROC", "judge", "control: shorter answers above longer ones", _answers(lambda item: -_words(item)), over(auroc), guarded="none"),
)  # fmt: skip


def found_by_change(judged: Sequence[Judged]) -> dict[str, Estimate]:
    """By what is wrong with a false sentence, the share that the judge flags; `none`: of right ones, the share let pass.

    Sentences that could not be judged are left out; those of an answer are resampled together.
    """
    groups: dict[str, list[tuple[str, bool]]] = {}
    for item in judged:
        for sentence in item.sentences if item.support is not None else ():
            said = sentence.support >= SUPPORTED
            groups.setdefault(sentence.change or "none", []).append((item.id, said == sentence.expected))
    return {
        change: estimate([(float(found),) for _, found in rows], [item for item, _ in rows])
        for change, rows in sorted(groups.items())
    }


def reliability(judged: Sequence[Judged]) -> tuple[np.ndarray, np.ndarray]:
    """(truth, support) of every sentence that could be judged."""
    pairs = [(float(s.expected), s.support) for item in judged if item.support is not None for s in item.sentences]
    table = np.asarray(pairs, dtype=np.float64).reshape(-1, 2)
    return table[:, 0], table[:, 1]
