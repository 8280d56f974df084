"""Which words of what was said before a message leaves unsaid: a logistic model over words of the history.

After QuReTeC (Voskarides et al., 2020), which puts the same question to a fine-tuned BERT; here features that a person
can read stand in for it.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.conversation.grammar import Token, bare, cues, tokens
from bot.terms import terms

_ENDINGS = {
    "ing": re.compile(r"ing$"),
    "ed": re.compile(r"ed$"),
    "ly": re.compile(r"ly$"),
    "noun": re.compile(r"(?:tion|ment|ity|ness|ism|ance|ence)s?$"),
    "s": re.compile(r"[^s]s$"),
}
_MAX_LETTERS = 12
_RARE = 200_000
"""Rank given to a word that common English does not have."""

_LAST_TURNS = 3
_MOST_TURNS = 4

_BY_MESSAGE = ("singular", "plural", "personal", "none", "joining", "what_about", "bare", "single", "few")
_WITH_MESSAGE = (
    *("turn 1", "first", "share", "s", "named", "ing", "rarity", "left determiner", "right end", "shown"),
    *("to end", "noun"),
)
_BY_PLACE = ("turn 1", "first", "share")
_WITH_PLACE = ("named", "rarity", "ing", "ed", "left determiner", "left preposition", "right end", "s", "noun")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A content word of the history, where it was said last."""

    term: str
    """Its stem."""
    word: str
    """As it stands there, in lower case, without a genitive."""
    question: int
    """Which of the questions, 0.. oldest first."""
    token: int
    """Which of that question's words."""
    features: Mapping[str, float]
    """By name; what is missing is 0."""


def candidates(
    message: str, questions: Sequence[str], shown: Sequence[str], ranks: Mapping[str, int]
) -> list[Candidate]:
    """The content words of `questions` that `message` lacks, each once.

    questions: earlier ones as understood, oldest first. shown: sentences cited last.
    ranks: of common English words, 0.., the most frequent first.
    """
    stated = set(terms(message, "en"))
    cited = {term for text in shown for term in terms(text, "en")}
    found: dict[str, tuple[str, int, int, dict[str, float]]] = {}
    asked: dict[str, set[int]] = {}
    for q, question in enumerate(questions):
        said = tokens(question)
        for n, token in enumerate(said):
            stem = next(iter(terms(token.text, "en")), None) if token.role == "content" else None
            if stem is not None and stem not in stated:
                found[stem] = (bare(token.text.lower()), q, n, _of_word(question, said, n, ranks))
                asked.setdefault(stem, set()).add(q)
    around = cues(message)
    made = []
    for stem, (word, q, n, own) in found.items():
        features = own | _of_history(asked[stem], len(questions)) | {"shown": float(stem in cited)}
        made.append(Candidate(stem, word, q, n, _crossed(features, around)))
    return made


def _of_word(question: str, said: Sequence[Token], n: int, ranks: Mapping[str, int]) -> dict[str, float]:
    token = said[n]
    lower = token.text.lower()
    left = _role_beside(question[said[n - 1].end : token.start], said[n - 1]) if n else "start"
    after = said[n + 1] if n + 1 < len(said) else None
    right = _role_beside(question[token.end : after.start], after) if after else "end"
    return {
        f"left {left}": 1.0,
        f"right {right}": 1.0,
        "to start": n / len(said),
        "to end": (len(said) - n) / len(said),
        "rarity": math.log(ranks.get(lower, _RARE) + 1) / math.log(_RARE + 1),
        "letters": min(len(lower), _MAX_LETTERS) / _MAX_LETTERS,
        "named": float(n > 0 and token.text[0].isupper()),
        "acronym": float(len(lower) > 1 and token.text.isupper()),
        "beside name": float(n > 1 and said[n - 1].text[0].isupper()),
        "after auxiliary": float(any(other.role == "auxiliary" for other in said[max(0, n - 3) : n])),
        **{name: float(pattern.search(lower) is not None) for name, pattern in _ENDINGS.items()},
    }


def _role_beside(gap: str, token: Token) -> str:
    return "punctuation" if any(char in ",.;:?!" for char in gap) else token.role


def _of_history(asked: set[int], count: int) -> dict[str, float]:
    back = count - max(asked)
    return {
        f"turn {back}" if back <= _LAST_TURNS else "turn earlier": 1.0,
        "first": float(0 in asked),
        "share": len(asked) / count,
        "times": min(len(asked), _MOST_TURNS) / _MOST_TURNS,
        "only one": float(count == 1),
    }


def _crossed(features: dict[str, float], around: Mapping[str, float]) -> dict[str, float]:
    crossed = dict(features)
    for cue in _BY_MESSAGE:
        crossed[f"message {cue}"] = around[cue]
        crossed |= {f"message {cue} × {name}": around[cue] * features.get(name, 0.0) for name in _WITH_MESSAGE}
    for place in _BY_PLACE:
        crossed |= {f"{place} × {name}": features.get(place, 0.0) * features.get(name, 0.0) for name in _WITH_PLACE}
    return {name: value for name, value in crossed.items() if value}
