"""How likely it is that passages support an answer, and why not."""

from collections.abc import Mapping, Sequence

from bot.faithfulness.alignment import Aligned, Passages, align
from bot.faithfulness.claims import clauses_of, sentences_of
from bot.faithfulness.lexicon import Lexicon, load_lexicon
from bot.faithfulness.model import NAMES, SupportModel, features, load_model
from bot.faithfulness.words import Parsed, parse
from bot.logistic import sigmoid
from bot.ports import Encoder, Entailment
from bot.segmentation import sentence_spans
from bot.text import straight_quotes
from bot.verdicts import SUPPORTED, AnswerSupport, Reason, SentenceSupport, answer_support

_NOTHING_CLOSE = 0.35
"""IDF-weighted share of words held, below which no sentence of the evidence is about the same."""


class FaithfulnessScorer:
    """Scores answers against passages; needs no language model. Safe to use from several threads."""

    def __init__(
        self, encoder: Encoder, entailment: Entailment, model: SupportModel | None = None, language: str = "en"
    ) -> None:
        """encoder: must give spans. Word lists, weights and what the cross-encoder was fitted to are English."""
        self._encoder, self._entailment = encoder, entailment
        self._model = model or load_model()
        self._lexicon: Lexicon = load_lexicon()
        self._language = language

    def score(self, answer: str, passages: Sequence[str]) -> AnswerSupport:
        """The answer's sentences, each against all passages. Markers such as `[1]` are passed over."""
        return self.score_cited([(sentence, passages) for sentence in sentences_of(answer, self._language)])

    def score_cited(self, sentences: Sequence[tuple[str, Sequence[str]]]) -> AnswerSupport:
        """Each sentence against passages of its own: (sentence, passages)."""
        claims = [" ".join(text.split()) for text, _ in sentences]
        split = {passage: self._split(passage) for _, found in sentences for passage in found}
        evidence = [[s for passage in found for s in split[passage]] for _, found in sentences]
        # What is verbatim needs no encoding, and most of an extractive answer is.
        open_ = [i for i, claim in enumerate(claims) if evidence[i] and not is_verbatim(claim, evidence[i])]
        parsed = self._parse([text for i in open_ for text in (*clauses_of(claims[i]), *evidence[i])])
        aligned = {i: self._aligned(claims[i], evidence[i], parsed) for i in open_}
        logits = self._entailment.logits([(whole.evidence, claims[i]) for i, (whole, *_) in aligned.items()])
        found = {i: self._judged(claims[i], aligned[i], float(e)) for i, e in zip(open_, logits, strict=True)}
        scored = tuple(found.get(i) or _unread(claim, evidence[i]) for i, claim in enumerate(claims))
        return AnswerSupport(answer_support([s.support for s in scored]), scored)

    def _split(self, passage: str) -> list[str]:
        spans = sentence_spans(passage, self._language)
        return [" ".join(passage[start:end].split()) for start, end in spans]

    def _parse(self, texts: Sequence[str]) -> dict[str, Parsed]:
        unique = sorted(set(texts), key=len)
        encodings = self._encoder.encode(unique) if unique else []
        return {text: parse(text, encoding, self._lexicon) for text, encoding in zip(unique, encodings, strict=True)}

    def _aligned(self, text: str, evidence: Sequence[str], parsed: Mapping[str, Parsed]) -> list[Aligned]:
        """Of the sentence whole, then of its clauses if it has several."""
        passages = Passages(tuple(parsed[sentence] for sentence in evidence), self._model.idf)
        return [align(parsed[clause], passages) for clause in clauses_of(text)]

    def _judged(self, text: str, aligned: Sequence[Aligned], entailment: float) -> SentenceSupport:
        """entailment: of the sentence whole; its clauses share it."""
        rows = [features(each, self._lexicon, entailment) for each in aligned]
        logits = [self._model.logit(row) for row in rows]
        share = self._model.clause_share
        support = sigmoid((1 - share) * logits[0] + share * min(logits))
        near = tuple(sentence.text for sentence in aligned[0].near())
        reason: Reason = "" if support >= SUPPORTED else self._reason(rows[0])
        return SentenceSupport(text, round(support, 4), reason, near)

    def _reason(self, row: Sequence[float]) -> Reason:
        """Nothing close; else a number that the evidence lacks; else of the checks that fired the one that weighs most;
        else something added. row: of the sentence whole.
        """
        values = dict(zip(NAMES, row, strict=True))
        weights = dict(zip(NAMES, self._model.weights, strict=True))
        if values["idf_precision"] < _NOTHING_CLOSE:
            return "nothing close"
        if values["number_differs"]:
            return _REASONS["number_differs"]
        pull = {name: weights[name] * values[name] + weights[near] * values[near] for name, near in _NEAR.items()}
        fired = {name: value for name, value in pull.items() if value < 0}
        return _REASONS[min(fired, key=lambda name: fired[name])] if fired else "added"


def _unread(text: str, evidence: Sequence[str]) -> SentenceSupport:
    """A sentence that is verbatim, or has nothing to rest on."""
    return SentenceSupport(text, 1.0, "", (text,)) if evidence else SentenceSupport(text, 0.0, "nothing close")


_REASONS: Mapping[str, Reason] = {
    "number_differs": "number differs",
    "unit_differs": "number differs",
    "time_differs": "number differs",
    "number_misplaced": "number differs",
    "name_absent": "name absent",
    "name_misplaced": "name absent",
    "negation_added": "negation differs",
    "negation_dropped": "negation differs",
    "hedge_dropped": "hedge dropped",
    "certainty_added": "hedge dropped",
    "scope_differs": "hedge dropped",
    "opposite": "relation reversed",
    "opposite_of_counterpart": "relation reversed",
    "relation_reversed": "relation reversed",
    "order_differs": "relation reversed",
}
"""What each check means in words."""

_NEAR: Mapping[str, str] = {name: f"near_{name}" for name in _REASONS}


def is_verbatim(text: str, evidence: Sequence[str]) -> bool:
    """Whether the text is one sentence of the evidence, or several in a row.

    White space, the shape of quotation marks and a final point do not count.
    """
    said = _plain(text)
    plain = [_plain(sentence) for sentence in evidence]
    for start, first in enumerate(plain):
        run = first
        end = start + 1
        while len(run) < len(said) and said.startswith(run) and end < len(plain):
            run = f"{run}. {plain[end]}" if said.startswith(f"{run}. ") else f"{run} {plain[end]}"
            end += 1
        if run == said:
            return True
    return False


def _plain(text: str) -> str:
    return " ".join(straight_quotes(text).split()).rstrip(".")
