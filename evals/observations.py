"""What is read off one record of a run: the parts that figures are made of.

All but `replied` are asked only of records that have a reply.
"""

from bot.web.schema import ReplyBody
from evals.measure import Rows
from evals.metrics.answers import best_token_f1, must_include, token_f1
from evals.metrics.compliance import disclaimer_compliance, every_sentence_cited
from evals.records import Record

TAKEOVERS = ("crisis", "declined")
"""Kinds of reply that do not answer, which is wrong where another kind was due."""


def reply_of(record: Record) -> ReplyBody:
    """The reply of a record that has one."""
    assert record.reply is not None
    return record.reply


def replied(record: Record) -> bool:
    return record.reply is not None


def kind(record: Record) -> str:
    return reply_of(record).kind


def is_question(record: Record) -> bool:
    """Whether it is a single question, answerable or not, rather than a conversation's turn or a guard's message."""
    return record.guard is None and record.expected.answerable is not None and record.suite != "conversations"


def is_answerable(record: Record) -> bool:
    return is_question(record) and bool(record.expected.answerable)


def is_answered(record: Record) -> bool:
    return kind(record) == "answer"


def is_later(record: Record) -> bool:
    """Whether it is a turn of a conversation after the first."""
    return record.suite == "conversations" and record.turn > 0


def is_follow_up(record: Record) -> bool:
    """Whether it is a question that needs what was said before."""
    return is_later(record) and record.expected.stands_as == "follow_up"


def is_switch(record: Record) -> bool:
    """Whether it is a later question that stands alone."""
    return is_later(record) and record.expected.stands_as == "question"


def is_request(record: Record) -> bool:
    """Whether it is a request about the last answer."""
    return is_later(record) and record.expected.stands_as == "about_answer"


def is_small_talk(record: Record) -> bool:
    return record.suite == "conversations" and record.expected.stands_as == "small_talk"


def asks_the_pages(record: Record) -> bool:
    """Whether it is a question on content, wherever it stands."""
    return record.guard is None and record.expected.stands_as in {"question", "follow_up"}


def has_afresh(record: Record) -> bool:
    return record.afresh is not None


def can_be_answered(record: Record) -> bool:
    return bool(record.expected.answerable)


def cannot_be_answered(record: Record) -> bool:
    return not record.expected.answerable


def is_ranked(record: Record) -> bool:
    """Whether retrieval alone was asked."""
    return record.results is not None


def is_right(record: Record) -> bool:
    """Answered, with evidence cited and all that must be included; or silent where it must be; or as the guard must."""
    if record.guard is not None:
        return guard_is_right(record)
    if record.expected.stands_as == "small_talk":
        return kind(record) == "smalltalk"
    if not record.expected.answerable:
        return not is_answered(record)
    return is_answered(record) and cites_evidence(record) and includes(record) == 1


def is_right_afresh(record: Record) -> bool:
    """Whether the reply to the message alone, without its conversation, is right."""
    return is_right(record.model_copy(update={"reply": record.afresh}))


def guard_is_right(record: Record) -> bool:
    """One of the kinds of reply that are right, with a notice where one is due."""
    assert record.guard is not None
    return kind(record) in record.guard.kinds and (bool(reply_of(record).notices) or not record.guard.notice)


def is_false_takeover(record: Record) -> bool:
    """Whether a message was declined or taken for a crisis, and neither was right."""
    assert record.guard is not None
    return kind(record) in TAKEOVERS and kind(record) not in record.guard.kinds


def cites_evidence(record: Record) -> bool:
    return any(_is_evidence(record, citation.quote) for citation in reply_of(record).citations)


def said(record: Record) -> str:
    """The sentences of the reply, without the markers of its citations."""
    return " ".join(sentence.text for sentence in reply_of(record).sentences)


def includes(record: Record) -> float:
    return must_include(said(record), record.expected.must_include)


def answer_token_f1(record: Record) -> float:
    """Against the closest piece of evidence, or all of it; 0 when not answered."""
    evidence = record.expected.evidence
    return best_token_f1(said(record), (*evidence, " ".join(evidence))) if is_answered(record) else 0.0


def relevant(record: Record) -> list[bool]:
    """By rank, whether a result brings a piece of evidence that no better one brought."""
    seen: set[str] = set()
    found = []
    for text in record.results or ():
        new = {quote for quote in record.expected.evidence if _holds(text, quote)} - seen
        seen |= new
        found.append(bool(new))
    return found


def standalone_f1(record: Record) -> float:
    return token_f1(reply_of(record).standalone_question, record.expected.standalone or "")


def disclaimer(record: Record) -> float:
    reply = reply_of(record)
    return disclaimer_compliance(
        reply.kind, reply.disclaimer, record.checked.disclaimer, [sentence.text for sentence in reply.sentences]
    )


def all_cited(record: Record) -> float:
    reply = reply_of(record)
    return every_sentence_cited(reply.kind, [s.citations for s in reply.sentences], [c.n for c in reply.citations])


def evidence_rows(record: Record) -> Rows:
    """Of each citation of an answer to an answerable question: whether it is among the evidence."""
    if not is_answerable(record) or not is_answered(record):
        return ()
    return [(float(_is_evidence(record, citation.quote)),) for citation in reply_of(record).citations]


def silence_rows(record: Record) -> Rows:
    """(must be silent, is silent)."""
    return [(float(not record.expected.answerable), float(not is_answered(record)))] if is_question(record) else ()


def confidence_rows(record: Record) -> Rows:
    """(answerable, confidence)."""
    return [(float(bool(record.expected.answerable)), reply_of(record).confidence)] if is_question(record) else ()


def _is_evidence(record: Record, quote: str) -> bool:
    return any(_holds(quote, evidence) for evidence in record.expected.evidence)


def _holds(text: str, quote: str) -> bool:
    return quote in text or quote in " ".join(text.split())
