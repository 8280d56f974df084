"""The frozen nouns that travel between stages. No behaviour beyond looking things up in themselves.

All offsets are in characters (Python `str` indices) of `Document.text`, `end` exclusive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

BlockKind = Literal["heading", "paragraph", "item", "reference", "break"]
Glossary = Mapping[str, tuple[str, ...]]
"""A term of the corpus → what visitors say for it, in lower case."""

Relation = Literal["alone", "follows", "about_answer", "smalltalk", "unclear"]
"""Of a message to the conversation: stands alone, needs what was said before, asks something about the last answer."""

Tier = Literal["C0", "C1", "C2", "C3"]
"""Of danger to life: none, distress, danger, danger now."""

Action = Literal["answer", "refuse_redirect", "limit", "crisis", "emergency"]
"""What the guard lets happen: the usual way; a refusal that says who can help; help lines and nothing else."""

ReplyKind = Literal["answer", "not_covered", "declined", "crisis", "smalltalk", "clarify"]

Rating = Literal["up", "down"]

MAX_MESSAGE = 2000
"""Longest message accepted, in characters after trimming."""

MAX_COMMENT = 1000
"""The same of a comment on a reply."""

_FEW = 3
"""Documents of which one is the main one, as an article is beside its FAQ."""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item or bibliographic reference; or a break, which is empty.

    A break (`---` in Markdown) ends the section: what follows belongs to the document as a whole.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    """1..6 for a heading, else 0."""


@dataclass(frozen=True, slots=True)
class Document:
    """One file of the corpus as plain text: its blocks joined by blank lines, markup taken off."""

    id: str
    title: str
    author: str
    publisher: str
    language: str
    """BCP 47, such as `en`."""
    text: str
    blocks: tuple[Block, ...]
    """In order; they do not overlap."""
    digest: str
    """SHA-256 of the file's bytes, in hexadecimal."""
    url: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """The smallest thing that can be cited. `text == document.text[start:end]`, always."""

    id: int
    """Its position in `Corpus.sentences`."""
    document_id: str
    passage_id: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, list item or reference, with the headings above it."""

    id: int
    """Its position in `Corpus.passages`."""
    document_id: str
    kind: BlockKind
    headings: tuple[str, ...]
    """Outermost first; never empty, as the document's title stands first."""
    start: int
    end: int
    text: str
    sentence_ids: tuple[int, ...]
    """Never empty; consecutive."""


@dataclass(frozen=True, slots=True)
class BankQuestion:
    """A visitor's question written beforehand, with what answers it."""

    text: str
    sentence_ids: tuple[int, ...]
    """Each answers it, or a part of it, the best first; empty for one that the corpus does not answer."""
    style: str = ""
    author: str = ""
    related_ids: tuple[int, ...] = ()
    """For one that is not answered: sentences that say where to turn instead."""


@dataclass(frozen=True, slots=True)
class Caution:
    """A claim of the corpus that the bot must not make its own."""

    quote: str
    """Verbatim, within a sentence."""
    sentence_ids: tuple[int, ...]
    """Every sentence that makes it; never empty."""
    why: str
    """For the owner to read."""
    notice: str = ""
    """What is said beside it; empty where its being a quotation is enough."""
    about: str = ""
    """A class of question that gets the notice too, such as `safety`; empty for none."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Everything the bot may quote."""

    documents: Mapping[str, Document]
    passages: tuple[Passage, ...]
    sentences: tuple[Sentence, ...]
    disclaimer: str | None
    """Verbatim passage of a document; None only where the front matter says `disclaimer: none`."""
    bank: tuple[BankQuestion, ...] = ()
    glossary: Glossary = field(default_factory=dict)
    cautions: tuple[Caution, ...] = ()

    def passage_of(self, sentence_id: int) -> Passage:
        return self.passages[self.sentences[sentence_id].passage_id]

    def document_of(self, sentence_id: int) -> Document:
        return self.documents[self.sentences[sentence_id].document_id]

    def disclaiming(self) -> tuple[Sentence, ...]:
        """The sentences of the disclaimer, and whole sentences elsewhere that are word for word the same."""
        if self.disclaimer is None:
            return ()
        said = {
            self.sentences[i].text
            for passage in self.passages
            if passage.text.endswith(self.disclaimer)
            for i in passage.sentence_ids
            if self.sentences[i].start >= passage.end - len(self.disclaimer)
        }
        return tuple(s for s in self.sentences if s.text in said)

    def name(self) -> str:
        """What to call the pages: the title of the longest of a few documents; of many, the first one's publisher."""
        documents = list(self.documents.values())
        if len(documents) > _FEW:
            return documents[0].publisher
        return max(documents, key=lambda document: len(document.text)).title

    def questions(self) -> tuple[str, ...]:
        """Headings that ask something, in order: what an FAQ answers by its own account."""
        asked = (p.headings[-1] for p in self.passages if p.headings[-1].endswith("?"))
        return tuple(dict.fromkeys(asked))


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence that a search found."""

    sentence_id: int
    score: float
    """Finite; higher is better; comparable only within one search of one searcher."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """How a message stands to the conversation."""

    relation: Relation
    request: str = ""
    """What is asked of the last answer, or which kind of small talk it is; empty for a question."""
    reason: str = ""
    """For a person to read."""
    probability: float = 1.0
    """Of `relation`, 0..1; 1.0 where a rule decided."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A short notice beside the answer."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What the guard makes of a message."""

    concern: str = ""
    """Class of message, such as `imminent`, `dosing` or `practice`; empty where there is none."""
    action: Action = "answer"
    tier: Tier = "C0"
    probability: float = 0.0
    """Of `concern`, 0..1; 1.0 where the wording decided."""
    reason: str = ""
    """For a person to read."""
    notices: tuple[Notice, ...] = ()
    """What the reply owes beside its text."""
    text: tuple[str, ...] = ()
    """What to say to a message that is declined, a sentence or more each."""
    remainder: str = ""
    """Of a message that is declined, the part that may be answered."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What happened on the way to a reply. For developers and evaluations, never for visitors."""

    timings_ms: tuple[tuple[str, float], ...] = ()
    """(stage, milliseconds), in the order in which the stages ran."""
    hits: tuple[Hit, ...] = ()
    """What retrieval found, best first."""
    evidence: tuple[tuple[str, float], ...] = ()
    """The features behind `confidence`, by name."""
    understanding: Understanding | None = None
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What a visitor sent. `conversation_id` None starts a conversation. The guard's screen adds the rest."""

    message: str
    """As sent; after the screen cleaned, and without what tells who the visitor is."""
    conversation_id: str | None = None
    conversation: Conversation | None = None
    decision: Decision = Decision()
    trace: Trace = Trace()


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a message."""

    text: str
    weight: float
    """Of its scores beside those of other readings, above 0."""


@dataclass(frozen=True, slots=True)
class Query:
    """The message as understood: cleaned, and standing on its own."""

    conversation_id: str
    text: str
    """The standalone question. Of a request about the last answer: the question that was answered."""
    message: str = ""
    """What the visitor sent, cleaned."""
    readings: tuple[Reading, ...] = ()
    """What to search for instead of `text` where it is in doubt what the message is about; itself first."""
    understanding: Understanding = Understanding("alone")
    history: tuple[Exchange, ...] = ()
    """Oldest first; only the last few."""
    quoted: frozenset[Place] = frozenset()
    """Every quote shown in the conversation."""
    concerns: frozenset[str] = frozenset()
    """As of Conversation."""
    decision: Decision = Decision()
    trace: Trace = Trace()


@dataclass(frozen=True, slots=True)
class Part:
    """One of the questions that a message asks."""

    text: str
    hits: tuple[Hit, ...]
    """Best first; none for a question beyond those that are searched for."""
    confidence: float = 0.0
    """Calibrated probability in 0..1 that the corpus answers it; set by the gate."""
    answered: bool = False
    """Whether that is enough to answer; set by the gate."""


@dataclass(frozen=True, slots=True)
class Hits:
    """What retrieval found for a query, best first; may be empty."""

    query: Query
    hits: tuple[Hit, ...]
    parts: tuple[Part, ...] = ()
    """Empty for a message that asks one thing."""
    trace: Trace = Trace()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Hits, with the probability that they answer the query and the kind of reply that follows."""

    query: Query
    hits: tuple[Hit, ...]
    kind: ReplyKind
    confidence: float
    """Calibrated probability in 0..1 that the corpus answers the query."""
    parts: tuple[Part, ...] = ()
    """As of Hits, with their confidence."""
    elsewhere_ids: tuple[int, ...] = ()
    """Sentences that say where to turn with what the corpus does not answer."""
    trace: Trace = Trace()


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence proposed for the reply, with the ids of the corpus sentences it rests on."""

    text: str
    sentence_ids: tuple[int, ...] = ()
    """Empty for what the bot says of itself (a refusal, a greeting)."""
    support: float = 1.0
    """Probability in 0..1 that those sentences support it; 1.0 for verbatim text."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What an answerer proposes. It deals in sentence ids: it cannot misquote."""

    query: Query
    kind: ReplyKind
    sentences: tuple[DraftSentence, ...]
    confidence: float
    answered_by: str
    related_ids: tuple[int, ...] = ()
    suggestions: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    """Those of several questions that the sentences do not answer."""
    notices: tuple[Notice, ...] = ()
    generated: bool = False
    """Whether a model worded the sentences: then each is checked before it leaves."""
    trace: Trace = Trace()


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in the corpus. `quote == document.text[start:end]`, always."""

    n: int
    """1.. in the order of first use within the reply; 0 for a search result."""
    document_id: str
    document_title: str
    section: str
    """Nearest heading above, or the question an FAQ answers there."""
    quote: str
    context: str
    """The paragraph around the quote."""
    start: int
    end: int
    url: str
    """Path on this server that opens the source with the sentence marked."""


@dataclass(frozen=True, slots=True)
class ReplySentence:
    """A sentence of a reply with the numbers of the citations that support it."""

    text: str
    citations: tuple[int, ...]
    support: float


@dataclass(frozen=True, slots=True)
class Cited:
    """A draft whose ids have become text. Only sentences with support are left."""

    draft: Draft
    sentences: tuple[ReplySentence, ...]
    citations: tuple[Citation, ...]
    related: tuple[Citation, ...] = ()
    trace: Trace = Trace()


@dataclass(frozen=True, slots=True)
class Reply:
    """What a visitor gets. Only the guard makes one: its seal, or `take_over` for somebody in danger."""

    conversation_id: str
    reply_id: str
    kind: ReplyKind
    text: str
    """For reading: the sentences with their markers, such as `… [1] … [2]`."""
    sentences: tuple[ReplySentence, ...]
    citations: tuple[Citation, ...]
    disclaimer: str | None
    standalone_question: str
    confidence: float
    answered_by: str
    notices: tuple[Notice, ...] = ()
    suggestions: tuple[str, ...] = ()
    related: tuple[Citation, ...] = ()
    message: str = ""
    """What the visitor sent, cleaned and without personal data."""
    concern: str = ""
    """What the guard took the message for, and how grave it is, as in `Decision`."""
    tier: Tier = "C0"
    trace: Trace = field(default=Trace(), compare=False)


Place = tuple[str, int, int]
"""(document id, start, end) of a quote."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A reply, with its message, as history keeps it."""

    reply: Reply
    at: float
    """Seconds since 1970."""


def last_answer(history: Sequence[Exchange]) -> Reply | None:
    """What a request such as `are you sure?` is about: the last reply, but for small talk and replies to such requests,
    if that is an answer, or a refusal that quotes the pages.
    """
    for reply in (exchange.reply for exchange in reversed(history)):
        if reply.kind == "answer" or (reply.kind == "declined" and reply.citations):
            return reply
        understood = reply.trace.understanding
        about_answer = understood is not None and understood.relation == "about_answer"
        if not about_answer and reply.kind not in ("smalltalk", "clarify"):
            return None
    return None


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was said before, oldest first; as much of it as was asked for."""

    id: str
    exchanges: tuple[Exchange, ...] = ()
    quoted: frozenset[Place] = frozenset()
    """Every quote shown in it, however long ago."""
    concerns: frozenset[str] = frozenset()
    """What its messages were taken for, as in `Decision`, of all that are kept."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a visitor thought of a reply, for the owner to read."""

    at: float
    """When it was said, in seconds since 1970."""
    rating: Rating
    comment: str | None
    """Cleaned and without personal data; None where there is none."""
    question: str
    """`Reply.message`."""
    kind: ReplyKind
    text: str
    """As of the reply."""
