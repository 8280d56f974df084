"""Minimal edits by rule: each makes a statement false, or at least unsupported."""

import random
import re
from collections.abc import Callable, Mapping

from bot.faithfulness.lexicon import load_lexicon
from evals.faithfulness.wording import Source, capital, inflected, partners_of, replaced, uncapital, words_in

Edit = Callable[[Source, str, random.Random], str | None]
"""The statement changed, or None where this edit does not apply."""


def _number(source: Source, text: str, rng: random.Random) -> str | None:
    found = [word for word in words_in(text) if word.number is not None and re.fullmatch(r"[\d,.]+|[a-z]+", word.text)]
    if not found:
        return None
    word = rng.choice(found)
    value = word.number or 0.0
    held = {other.number for other in words_in(source.paragraph)}
    others = [n for n in held if n is not None and n != value and 0.2 < (n + 1) / (value + 1) < 5]
    near = [value + d for d in (-20, -10, -5, -3, -2, -1, 1, 2, 3, 5, 10, 20, value) if value + d > 1]
    fresh = [n for n in near if n not in held]
    pool = others if others and rng.random() < 0.4 else fresh
    return replaced(text, word, _as_written(rng.choice(pool), word.text)) if pool else None


def _as_written(value: float, like: str) -> str:
    spoken = {n: word for word, n in load_lexicon().number_words.items() if word not in ("twice", "thrice", "dozen")}
    return spoken[int(value)] if like.isalpha() and value in spoken else f"{value:g}"


def _name(source: Source, text: str, rng: random.Random) -> str | None:
    return _swap_name(source.elsewhere, source.paragraph, text, rng)


def _attribution(source: Source, text: str, rng: random.Random) -> str | None:
    """A name of the same paragraph, outside the sentence."""
    return _swap_name(source.paragraph, source.text, text, rng)


def _swap_name(pool: str, excluded: str, text: str, rng: random.Random) -> str | None:
    mine = _names(text)
    taken = excluded.lower()
    others = [name for name in _names(pool) if name.lower() not in taken and name.lower() not in text.lower()]
    if not mine or not others:
        return None
    return text.replace(rng.choice(mine), rng.choice(others), 1)


def _names(text: str) -> list[str]:
    found = re.findall(r"(?<![.!?] )(?<!^)(?<![\w-])[A-Z][\w'-]+(?: [A-Z][\w'-]+)*", text)
    return [name for name in found if len(name) > 2 and name.split()[0] not in _OPENERS]


_OPENERS = frozenset(["According", "As", "At", "By", "For", "From", "In", "It", "On", "The", "This", "When", "While"])


_AUXILIARY = re.compile(
    r"\b(is|are|was|were|can|could|will|would|has|have|had|may|might|should|must|does|do|did)\b(?! not\b)"
)


def _negation(_: Source, text: str, rng: random.Random) -> str | None:
    if re.search(r"\bnot\b", text):
        return re.sub(r"\b(?:do|does|did) not |\bnot ", "", text, count=1)
    for written in ("never", "rarely", "hardly", "no longer"):
        if f" {written} " in text:
            return text.replace(f" {written} ", " ", 1)
    match = _AUXILIARY.search(text)
    if match is None:
        return None
    cue = rng.choice(["not", "not", "not", "never", "rarely", "no longer"])
    return f"{text[: match.end()]} {cue}{text[match.end() :]}"


def _opposite(_: Source, text: str, rng: random.Random) -> str | None:
    opposites = partners_of("antonyms")
    hits = [(word, opposites[word.text]) for word in words_in(text) if word.text in opposites]
    hits += [(word, [other]) for word in words_in(text) for other in inflected(word, opposites)]
    if not hits:
        return None
    word, others = rng.choice(hits)
    return replaced(text, word, rng.choice(others))


_CERTAIN = {
    "may": "does", "might": "does", "could": "does", "can": "always", "possibly": "certainly", "probably": "certainly",
    "suggests": "proves", "suggest": "prove", "suggested": "proved", "indicates": "proves", "indicate": "prove",
    "appears": "is known", "seems": "is known", "some": "all", "many": "all", "most": "all", "often": "always",
    "usually": "always", "sometimes": "always", "generally": "always", "typically": "always", "likely": "certain",
    "largely": "entirely", "mostly": "entirely", "partly": "entirely", "several": "all", "nearly": "fully",
    "believed": "proven", "thought": "proven", "potential": "proven", "approximately": "exactly",
    "estimated": "confirmed",
    "tend": "always have", "tends": "always has",
}  # fmt: skip
_BOOSTS = ("always ", "completely ", "permanently ", "in every case ", "without exception ")


def _certainty(_: Source, text: str, rng: random.Random) -> str | None:
    """A hedge made certain; a plain statement made absolute."""
    hits = [word for word in words_in(text) if word.text in _CERTAIN]
    if hits:
        word = rng.choice(hits)
        if word.text in ("may", "might", "could") and rng.random() < 0.5:
            return text[: word.start] + text[word.end :].lstrip()
        return replaced(text, word, _CERTAIN[word.text])
    match = _AUXILIARY.search(text)
    return f"{text[: match.end()]} {rng.choice(_BOOSTS)}{text[match.end() :].lstrip()}" if match else None


def _direction(_: Source, text: str, rng: random.Random) -> str | None:
    """Two names exchanged, or the two sides of a verb that acts on something."""
    names = list(dict.fromkeys(_names(" " + text)))
    verbs = [word for word in words_in(text) if word.stem in load_lexicon().causal and not word.is_name]
    if verbs:
        verb = rng.choice(verbs)
        before, after = text[: verb.start].rstrip(), text[verb.end :].strip().rstrip(".")
        cut = re.split(r"[,;—]| (?:that|which|who|when|while|by|in|at|to|from|for|and) ", after)[0].strip()
        lead = re.split(r"[,;—] ", before)[-1]
        if 1 <= len(cut.split()) <= 8 and 1 <= len(lead.split()) <= 8:
            rest = after[len(cut) :]
            start = before[: len(before) - len(lead)]
            return f"{start}{capital(cut)} {text[verb.start : verb.end]} {uncapital(lead)}{rest}."
    if len(names) > 1:
        a, b = rng.sample(names, 2)
        return text.replace(a, "\0").replace(b, a).replace("\0", b)
    return None


_TIME_UNITS = ("minute", "hour", "day", "week", "month", "year", "decade", "century")


def _time(source: Source, text: str, rng: random.Random) -> str | None:
    hits = [
        w
        for w in words_in(text)
        if w.text.rstrip("s") in _TIME_UNITS or w.text in ("before", "after", "during", "until", "since")
    ]
    if not hits:
        return _number(source, text, rng) if re.search(r"\b1\d\d\d\b|\b20\d\d\b", text) else None
    word = rng.choice(hits)
    if word.text in ("before", "after", "during", "until", "since"):
        return replaced(
            text, word, rng.choice([w for w in ("before", "after", "long before", "long after") if w != word.text])
        )
    held = source.paragraph.lower()
    plural = "s" if word.text.endswith("s") else ""
    units = [unit for unit in _TIME_UNITS if unit != word.text.rstrip("s") and unit not in held]
    return replaced(text, word, rng.choice(units) + plural) if units else None


def _added(source: Source, text: str, rng: random.Random) -> str | None:
    """A clause taken from elsewhere."""
    pieces = re.findall(
        r"(?:,|;| —| and| which| because| while| in| for| with| by| to) ([a-z][^.;:()]{15,80})(?=[,.;])",
        source.elsewhere,
    )
    if not pieces:
        return None
    link = rng.choice([", ", ", which ", " and ", " with ", ", mainly because of "])
    piece = rng.choice(pieces).split(",")[0]
    return f"{text.rstrip('.')}{link}{piece}."


def _substitution(source: Source, text: str, rng: random.Random) -> str | None:
    """A word exchanged for another of the same ending from elsewhere."""
    mine = [w for w in words_in(text) if w.is_content and not w.is_name and w.number is None and len(w.text) > 4]
    held = {w.stem for w in words_in(source.paragraph)} | {w.stem for w in words_in(text)}
    others = [
        w
        for w in words_in(source.elsewhere)
        if w.is_content and not w.is_name and w.number is None and w.stem not in held
    ]
    fits = [(a, b) for a in mine for b in others if a.text[-2:] == b.text[-2:] and len(b.text) > 4]
    if not fits:
        return None
    word, other = rng.choice(fits)
    return replaced(text, word, other.text)


def _scope(_: Source, text: str, rng: random.Random) -> str | None:
    wider = {
        "some": "all",
        "many": "all",
        "most": "all",
        "several": "all",
        "few": "most",
        "both": "neither of the",
        "all": "some",
        "every": "hardly any",
        "only": "not only",
        "first": "last",
        "one": "every",
        "each": "no",
        "any": "every",
    }
    hits = [word for word in words_in(text) if word.text in wider]
    if not hits:
        return None
    word = rng.choice(hits)
    return replaced(text, word, wider[word.text])


EDITS: Mapping[str, Edit] = {
    "number": _number,
    "name": _name,
    "attribution": _attribution,
    "negation": _negation,
    "opposite": _opposite,
    "certainty": _certainty,
    "direction": _direction,
    "time": _time,
    "added": _added,
    "substitution": _substitution,
    "scope": _scope,
}
