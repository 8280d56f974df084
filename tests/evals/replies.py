"""Replies of the contract, for systems that tests play."""

from collections.abc import Callable, Sequence

from bot.values import Corpus, Sentence
from bot.web.schema import ReplyBody
from evals.cases import Asked, Case
from evals.systems import Answered


def reply(
    corpus: Corpus,
    kind: str = "answer",
    said: Sequence[tuple[str, Sequence[Sentence]]] = (),
    *,
    confidence: float = 0.5,
    disclaimer: str | None = "as due",
    conversation_id: str = "c",
) -> ReplyBody:
    """said: each sentence with the corpus's sentences it cites."""
    cited = list(dict.fromkeys(s.id for _, sentences in said for s in sentences))
    number = {sentence_id: n for n, sentence_id in enumerate(cited, start=1)}
    citations = [
        {
            "n": number[i],
            "document_id": corpus.sentences[i].document_id,
            "document_title": "",
            "section": "",
            "quote": corpus.sentences[i].text,
            "context": "",
            "start": corpus.sentences[i].start,
            "end": corpus.sentences[i].end,
            "url": "",
        }
        for i in cited
    ]
    sentences = [{"text": text, "citations": [number[s.id] for s in found], "support": 1.0} for text, found in said]
    return ReplyBody.model_validate(
        {
            "conversation_id": conversation_id,
            "reply_id": "r",
            "kind": kind,
            "text": " ".join(text for text, _ in said) or "The pages do not say.",
            "sentences": sentences,
            "citations": citations,
            "disclaimer": corpus.disclaimer if disclaimer == "as due" else disclaimer,
            "notices": [],
            "standalone_question": "q",
            "suggestions": [],
            "related": [],
            "confidence": confidence,
            "answered_by": "test",
            "timings_ms": {},
        }
    )


class Played:
    """A system whose replies a function makes."""

    def __init__(self, name: str, answer: Callable[[str], ReplyBody]) -> None:
        self.name = name
        self._answer = answer

    def ask(self, message: str, conversation_id: str | None) -> Answered:
        return Answered(self._answer(message), 1.0)

    def search(self, question: str) -> list[str] | None:
        return [citation.quote for citation in self._answer(question).citations]


def question_case(identity: str, question: str, *evidence: str, style: str = "plain") -> Case:
    asked = Asked(question=question, answerable=bool(evidence), evidence=evidence)
    return Case(
        id=identity, turns=(asked,), style=style, suite="answerable" if evidence else "unanswerable", split="dev"
    )
