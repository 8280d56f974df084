"""Fits `bot/conversation/followups.json`: is a message small talk, a request about the last answer, or does it lean on
what was said before; and which words of that are unsaid?

The first two on the exemplars, each author's read by a classifier that lacks them. The others on public conversations
with a person's rewrite of every message, and on the project's own follow-up messages (evals/data/train); every second
CAsT topic is left for `evals external --task rewriting`.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.conversation.following import LOOKS_BACK
from bot.conversation.kinds import REQUESTS, SMALL_TALK, MessageKinds, exemplars, said_in, topics_of
from bot.conversation.leaning import leaning_features
from bot.conversation.salience import candidates
from bot.logistic import Logistic
from bot.terms import english_ranks, terms
from bot.values import Corpus
from evals.external.rewriting import fitted_on
from evals.followups.training import FollowUp, load_follow_ups
from evals.messages.examples import FOLDS as AUTHOR_FOLDS
from evals.messages.examples import examples_for
from evals.messages.held_out import read_held_out
from evals.metrics.classification import auroc

TARGET = Path("bot/conversation/followups.json")

FOLDS = 6
PENALTY = {"salience": 20.0, "follows": 2.0, "smalltalk": 1.0, "about_answer": 1.0}
"""Inverse of scikit-learn's C, the penalty on squared weights."""

OWN_WEIGHT = 2.0
"""Of a follow-up of the project's own beside a public one: those lean on replies that the bot gives."""

OTHERS_WEIGHT = 0.1
"""Of a message written for the guard or the bank beside one written for this."""

HALF = 0.5
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Told:
    """A message after others, with a person's rewrite."""

    group: str
    """Conversation, or author."""
    questions: tuple[str, ...]
    """Earlier ones as a person rewrote them, oldest first; at least one."""
    message: str
    standalone: str
    own: bool = False

    @property
    def leans(self) -> bool:
        return self.message.strip() != self.standalone.strip()


Read = tuple[str, str, dict[str, float], float]
"""(author, kind, features, weight) of a message."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What one model is fitted to."""

    features: Sequence[Mapping[str, float]]
    labels: npt.NDArray[np.bool_]
    groups: npt.NDArray[Any]
    weights: npt.NDArray[np.float64]


def fit_followups(data: Path, corpus: Corpus, target: Path = TARGET) -> dict[str, Any]:
    """Writes the models to `target`; returns figures, cross-validated by conversation and by author.

    Raises ConfigError where `fit-messages` was not run on the same messages.
    """
    told = [*_public(data), *map(_own, load_follow_ups())]
    rows = {"salience": _salience(told), "follows": _follows(told), **_kinds(corpus)}
    made: dict[str, Any] = {"made_by": "python -m evals fit-followups"}
    for name, found in rows.items():
        model = fitted(found, PENALTY[name])
        made[name] = {"intercept": model.intercept, "weights": model.weights}
    target.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return {name: report(found, PENALTY[name]) for name, found in rows.items()}


def _public(data: Path) -> Iterator[Told]:
    for topic in fitted_on(data):
        before: list[str] = []
        for message, rewrite in topic.turns:
            if before and rewrite.strip():
                yield Told(f"{topic.data} {topic.id}", tuple(before[-LOOKS_BACK:]), message, rewrite)
            before.append(rewrite.strip() or message)


def _own(item: FollowUp) -> Told:
    return Told(item.author, item.earlier, item.message, item.standalone, own=True)


def _salience(told: Sequence[Told]) -> Rows:
    """A row a candidate word: is it in the rewrite?"""
    ranks = english_ranks()
    features, labels, of = [], [], []
    for item in told:
        wanted = set(terms(item.standalone, "en"))
        for candidate in candidates(item.message, item.questions, (), ranks):
            features.append(candidate.features)
            labels.append(candidate.term in wanted)
            of.append(item)
    return _rows(features, labels, of, balanced=False)


def _follows(told: Sequence[Told]) -> Rows:
    """A row a message: did a person rewrite it?"""
    features = [leaning_features(item.message, item.questions) for item in told]
    return _rows(features, [item.leans for item in told], told, balanced=True)


def _kinds(corpus: Corpus) -> dict[str, Rows]:
    """A row an exemplar, a follow-up and a banked question, which stands for those that most visitors ask; each as a
    model reads it that has none of its author's.
    """
    every = examples_for(corpus)
    held_out = read_held_out(every)
    topics = topics_of(corpus)
    own = {*(exemplar.message for exemplar in exemplars()), *(item.message for item in load_follow_ups())}
    read: list[Read] = []
    for fold in range(AUTHOR_FOLDS):
        others = [exemplar for exemplar in exemplars() if held_out.folds.get(exemplar.message) != fold]
        kinds = MessageKinds(lambda text: held_out.likened("talk", text)[0], topics, said_in(others))
        for example in every:
            if example.talk is not None and held_out.folds[example.text] == fold:
                weight = 1.0 if example.text in own else OTHERS_WEIGHT
                read.append((str(fold), example.talk, kinds.features(example.text), weight))
    return rows_by_kind(read, {"smalltalk": SMALL_TALK, "about_answer": REQUESTS})


def rows_by_kind(read: Sequence[Read], models: Mapping[str, Collection[str]]) -> dict[str, Rows]:
    """For each model the same rows, with whether their kind is one of its kinds. read: of one message each."""
    return {
        name: Rows(
            features=[features for _, _, features, _ in read],
            labels=np.asarray([kind in kinds for _, kind, _, _ in read]),
            groups=np.asarray([group for group, _, _, _ in read]),
            weights=np.asarray([weight for _, _, _, weight in read]),
        )
        for name, kinds in models.items()
    }


def _rows(
    features: Sequence[Mapping[str, float]], labels: Sequence[bool], of: Sequence[Told], *, balanced: bool
) -> Rows:
    """balanced: both labels weigh alike, among public messages and among the project's own."""
    truth = np.asarray(labels, dtype=bool)
    own = np.asarray([item.own for item in of], dtype=bool)
    weights = np.where(own, OWN_WEIGHT, 1.0)
    if balanced:
        for part in (own, ~own):
            for label in (truth, ~truth):
                count = int((part & label).sum())
                weights[part & label] *= part.sum() / (2 * count) if count else 1.0
    return Rows(features, truth, np.asarray([item.group for item in of]), weights)


def fitted(rows: Rows, penalty: float, chosen: npt.NDArray[Any] | None = None) -> Logistic:
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    picked = np.arange(len(rows.labels)) if chosen is None else chosen
    names = DictVectorizer()
    table = names.fit_transform([dict(rows.features[i]) for i in picked.tolist()])
    model = LogisticRegression(C=1 / penalty, max_iter=3000)
    model.fit(table, rows.labels[picked], sample_weight=rows.weights[picked])
    weights = {name: round(float(w), _DIGITS) for name, w in zip(names.feature_names_, model.coef_[0], strict=True)}
    return Logistic(weights, round(float(model.intercept_[0]), _DIGITS))


def report(rows: Rows, penalty: float, least: Sequence[float] = (HALF,)) -> dict[str, Any]:
    """Figures, cross-validated by group. least: probabilities from which on a row counts as found."""
    from sklearn.model_selection import GroupKFold

    found = np.zeros(len(rows.labels))
    for train, test in GroupKFold(min(FOLDS, len(set(rows.groups.tolist())))).split(rows.labels, groups=rows.groups):
        model = fitted(rows, penalty, train)
        found[test] = [model.probability(rows.features[i]) for i in test.tolist()]
    return {
        "n": len(rows.labels),
        "share": round(float(rows.labels.mean()), 3),
        "found": {str(p): round(float((found[rows.labels] >= p).mean()), 3) for p in least},
        "taken wrongly": {str(p): round(float((found[~rows.labels] >= p).mean()), 3) for p in least},
        "auroc": round(auroc(rows.labels.astype(np.float64), found, np.ones(len(found))), 3),
    }
