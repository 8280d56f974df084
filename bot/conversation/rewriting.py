"""The standalone question: a message with what it leaves unsaid put in, in words of the conversation."""

import re
from collections.abc import Collection, Mapping, Sequence

from bot.conversation.grammar import PEOPLE, PERSONAL, PLURAL, POSSESSIVE, SINGULAR, Token, bare, tokens
from bot.conversation.salience import Candidate, candidates
from bot.logistic import Logistic

CHOSEN = 0.4
"""Probability from which on a word is put in. Between .30 and .45 the content-word F1 on public conversations differs
by .03 at most."""

MAX_PHRASES = 3

_PRONOUNS = SINGULAR | PLURAL | PERSONAL
_OF_SEVERAL = frozenset("one ones both".split())
_LINKS = frozenset("of the a an and in for to on".split())
"""Words that may stand inside a phrase between two chosen ones."""

_MAX_LINKS = 2


class Rewriter:
    """Message and history → standalone question. English only."""

    def __init__(self, salience: Logistic, ranks: Mapping[str, int], topics: Collection[str] | None = None) -> None:
        """salience: which words are unsaid. ranks: of common English words, 0.., the most frequent first. topics: stems
        of what the pages say, None where that is not known: relatives and doctors whom they do not speak of are a
        visitor's story, and not what a later question asks about.
        """
        self._salience = salience
        self._ranks = ranks
        self._topics = topics

    def rewrite(self, message: str, questions: Sequence[str], shown: Sequence[str]) -> str:
        """questions: earlier ones as understood, oldest first. shown: sentences cited last.

        Nothing but whole words of `questions` is put in; without any worth it, `message` as it is.
        """
        phrases = self.unsaid(message, questions, shown)
        return _placed(message, phrases) if phrases else message

    def unsaid(self, message: str, questions: Sequence[str], shown: Sequence[str]) -> list[str]:
        """Phrases of `questions` that `message` most likely leaves out, the likeliest first."""
        scored = [
            (self._salience.probability(candidate.features), candidate)
            for candidate in candidates(message, questions, shown, self._ranks)
            if self._topics is None or candidate.word not in PEOPLE or candidate.term in self._topics
        ]
        chosen = [(probability, candidate) for probability, candidate in scored if probability >= CHOSEN]
        return _phrases(chosen, questions)[:MAX_PHRASES]


def _phrases(chosen: Sequence[tuple[float, Candidate]], questions: Sequence[str]) -> list[str]:
    """Chosen words that stand together in one question become one phrase, cut from it."""
    by_question: dict[int, dict[int, float]] = {}
    for probability, candidate in chosen:
        by_question.setdefault(candidate.question, {})[candidate.token] = probability
    found: list[tuple[float, str]] = []
    for q, picked in by_question.items():
        said = tokens(questions[q])
        for run in _runs(sorted(picked), said, questions[q]):
            text = bare(questions[q][said[run[0]].start : said[run[-1]].end])
            found.append((max(picked[n] for n in run), text))
    return [text for _, text in sorted(found, key=lambda pair: -pair[0])]


def _runs(picked: Sequence[int], said: Sequence[Token], question: str) -> list[list[int]]:
    runs: list[list[int]] = []
    for n in picked:
        if runs and _linked(runs[-1][-1], n, said, question):
            runs[-1].append(n)
        else:
            runs.append([n])
    return runs


def _linked(a: int, b: int, said: Sequence[Token], question: str) -> bool:
    between = said[a + 1 : b]
    gap = question[said[a].end : said[b].start]
    return (
        len(between) <= _MAX_LINKS
        and all(token.text.lower() in _LINKS for token in between)
        and not re.search(r"[,.;:?!()]", gap)
    )


def _placed(message: str, phrases: Sequence[str]) -> str:
    """The first pronoun gives way to the first phrase; the others follow in brackets."""
    said = tokens(message)
    pronoun = next((token for token in said if _stands_for(token, said, message)), None)
    if pronoun is None:
        return _appended(message, phrases)
    first = f"{phrases[0]}'s" if pronoun.text.lower() in POSSESSIVE else phrases[0]
    replaced = message[: pronoun.start] + first + message[pronoun.end :]
    return _appended(replaced, phrases[1:])


def _stands_for(token: Token, said: Sequence[Token], message: str) -> bool:
    """Whether the word is a pronoun by itself: `that?` is; `that trial`, `which one` and `both of them` are not."""
    lower = token.text.lower()
    if lower not in _PRONOUNS:
        return False
    place = said.index(token)
    before, after = said[place - 1] if place else None, said[place + 1] if place + 1 < len(said) else None
    if lower in _OF_SEVERAL and (
        (after and after.text.lower() == "of") or (before and before.role in {"wh", "determiner"})
    ):
        return False
    if lower not in {"this", "that", "these", "those", "one"}:
        return True
    return after is None or after.role in {"auxiliary", "preposition"} or not message[token.end : after.start].isspace()


def _appended(message: str, phrases: Sequence[str]) -> str:
    if not phrases:
        return message
    body = message.rstrip("?!. ")
    return f"{body} ({', '.join(phrases)}){message[len(body) :].strip()}"
