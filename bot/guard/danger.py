"""Danger by its likeness: exemplars of messages in need and of harmless ones that sound alike."""

import functools
import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from bot.exemplars import ExemplarClassifier
from bot.guard.normalise import variants
from bot.guard.patterns import worded
from bot.ports import Encoder, Encoding
from bot.segmentation import sentence_spans
from bot.vectors import vectors_of

SAFE = "safe"
SUICIDAL = ("explicit", "veiled", "imminent", "thirdparty")
DANGERS = (*SUICIDAL, "harm", "acute")
DISTRESS = "distress"

_FLOOR = 1e-3
_CACHED = 64
_MOST_SENTENCES = 30
_MAX_WORDS = 40

_SIGNS = {
    "of a study or a work": r"\b(?:article|trial|study|studies|text|page|paper|research|book|novel|song|lyrics|film"
    r"|movie|series|show|game|character|episode|class|essay|chapter|measured?|ideation|mortality|rates?|cover|mentions?"
    r"|mentioned)\b",
    "past": r"\b(?:years? ago|long (?:ago|before)|back in|in (?:19|20)\d\d|used to|when i was|decades?|recovered"
    r"|better now|survived)\b",
    "first person": r"\b(?:i|im|i'm|i've|ive|i'd|id|me|my|myself|mine)\b",
    "negation": r"\b(?:not|don't|dont|never|no|can't|cant|won't|wont|nothing|nobody|anymore)\b",
    "joke": r"(?:\blol\b|\blmao\b|\bhaha\w*|😂|🤣|:\)|\bjok(?:e|ing)\b|\bkidding\b)",
    "of a thing": r"\b(?:phone|laptop|wifi|battery|car|printer|deadline|essay|exam|boss|slides|traffic|queue|homework"
    r"|coffee|plants?|cells?|neurons?|synaps\w+|circuits?|dog|cat|subscription|app|tab|page)\b",
    "death or hurt": r"\b(?:die|dead|death|dying|kill\w*|suicid\w*|end it|hurt|harm|cut\w*|overdos\w*|goodbye"
    r"|wake up|burden|alive|live|living|without me|anymore|disappear|pills|rope|bridge)\b",
}
_PATTERNS = {name: re.compile(pattern) for name, pattern in _SIGNS.items()}


@dataclass(frozen=True, slots=True)
class Exemplar:
    """A message written beforehand. `sign` is `+`, or `-` for a near miss of the label."""

    label: str
    sign: str
    author: str
    message: str

    @property
    def kind(self) -> str:
        return self.label if self.sign == "+" else SAFE


@functools.cache
def exemplars() -> tuple[Exemplar, ...]:
    """Every line of exemplars.tsv: label, sign, author, message."""
    text = files("bot.guard").joinpath("exemplars.tsv").read_text(encoding="utf-8")
    return tuple(Exemplar(*line.split("\t", 3)) for line in text.splitlines())


class DangerReader:
    """Reads in a message what speaks for danger and against it. Fitted when the index is opened."""

    def __init__(
        self,
        examples: Sequence[Exemplar],
        harmless: Collection[str],
        encoder: Encoder,
        encodings: Mapping[str, Encoding],
    ) -> None:
        """harmless: questions and small talk of ordinary visitors. encodings: by text; what is missing is encoded."""
        texts = [*(exemplar.message for exemplar in examples), *harmless]
        vectors = vectors_of(texts, encoder, encodings)
        kinds = [*(exemplar.kind for exemplar in examples), *([SAFE] * len(harmless))]
        self._classifier = ExemplarClassifier(kinds, vectors, vectors)
        self._encoder = encoder
        self._read = functools.lru_cache(maxsize=_CACHED)(self._probabilities)

    def kinds(self, message: str) -> dict[str, float]:
        """Each kind's highest probability in the whole message or one of its sentences: the point may be buried."""
        found = self._read(message)
        return {kind: max(each[kind] for each in found) for kind in found[0]}

    def features(self, message: str) -> dict[str, float]:
        """By name: the kinds' probabilities, in log; what the wording says; signs that speak for or against."""
        found = self._read(message)
        plain = variants(message)[0]
        signs = {name: float(pattern.search(plain) is not None) for name, pattern in _PATTERNS.items()}
        wording = worded(message)
        harm = signs["death or hurt"]
        return {
            **{f"log {kind}": math.log(max(p.get(kind, 0.0) for p in found) + _FLOOR) for kind in (*DANGERS, DISTRESS)},
            "log suicidal": math.log(max(sum(p.get(kind, 0.0) for kind in SUICIDAL) for p in found) + _FLOOR),
            "log suicidal, whole": math.log(sum(found[0].get(kind, 0.0) for kind in SUICIDAL) + _FLOOR),
            "log safe": math.log(min(p[SAFE] for p in found) + _FLOOR),
            "log safe, whole": math.log(found[0][SAFE] + _FLOOR),
            "worded suicidal": float(wording in SUICIDAL),
            "worded otherwise": float(wording is not None and wording not in SUICIDAL),
            "question": float("?" in message),
            "words": min(len(plain.split()), _MAX_WORDS) / _MAX_WORDS,
            **signs,
            "death, first person": harm * signs["first person"],
            "death, of a study": harm * signs["of a study or a work"],
            "death, past": harm * signs["past"],
            "death, of a thing": harm * signs["of a thing"],
        }

    def _probabilities(self, message: str) -> list[dict[str, float]]:
        """Of the whole message first, then of its parts."""
        vectors = [self._encoder.encode_query(part).vector for part in _parts(message)]
        return [self._classifier.probabilities(vector, vector) for vector in vectors]


def _parts(message: str) -> list[str]:
    """The message as it may be meant, then its sentences."""
    text = " ".join(message.split())
    sentences = [text[start:end] for start, end in sentence_spans(text, "en")][:_MOST_SENTENCES]
    disguised = [variant for variant in variants(text)[1:] if variant != text.lower()][:3]
    return [text, *(sentences if len(sentences) > 1 else []), *disguised]
