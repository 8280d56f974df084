"""A natural-language-inference cross-encoder as a judge of faithfulness, through sentence-transformers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.errors import ConfigError
from bot.verdicts import AnswerSupport, SentenceSupport, answer_support

_ENTAILMENT = "entail"


class NliJudge:
    """Probability that the passages, joined, entail the sentence."""

    def __init__(self, model: Any, entailment: int, name: str) -> None:
        """model: a sentence-transformers CrossEncoder with a score a label. entailment: position of that label."""
        self._model = model
        self._entailment = entailment
        self.name = name

    def judge(self, sentences: Sequence[tuple[str, Sequence[str]]]) -> AnswerSupport | None:
        if not sentences:
            return AnswerSupport(0.0, ())
        pairs = [(" ".join(passages), text) for text, passages in sentences]
        scores = self._model.predict(pairs, apply_softmax=True)[:, self._entailment]
        found = tuple(SentenceSupport(text, float(s), "") for (text, _), s in zip(sentences, scores, strict=True))
        return AnswerSupport(answer_support([sentence.support for sentence in found]), found)


def open_nli_judge(folder: Path) -> NliJudge:
    """folder: holds a cross-encoder with an entailment label. Raises ConfigError."""
    from sentence_transformers import CrossEncoder

    if not folder.is_dir():
        raise ConfigError(f"{folder} is no folder. Name one that holds an NLI cross-encoder.")
    try:
        model = CrossEncoder(str(folder), local_files_only=True)
    except (OSError, ValueError) as error:
        raise ConfigError(f"{folder} holds no cross-encoder: {str(error).splitlines()[0]}") from None
    labels = model.config.id2label
    places = [int(i) for i, label in labels.items() if str(label).lower().startswith(_ENTAILMENT)]
    if not places:
        raise ConfigError(f"{folder}: none of its labels ({', '.join(map(str, labels.values()))}) is entailment.")
    return NliJudge(model, places[0], folder.name)
