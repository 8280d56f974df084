"""The disclaimer: from the corpus, once, whatever a draft says, but for the bot's own fixed texts."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.citations import cite
from bot.corpus import load_corpus
from bot.guard.seal import OWING, Seal
from bot.values import Decision, Draft, DraftSentence, Query
from tests.conftest import CORPUS

REAL = load_corpus(CORPUS)
DISCLAIMER = REAL.disclaimer or ""
STATEMENT = "Dr. Ceruto does not administer psilocybin — her work addresses the same circuit architecture"
ALTERED = [
    DISCLAIMER,
    DISCLAIMER.upper(),
    DISCLAIMER.replace("does not administer", "gladly administers"),
    DISCLAIMER.replace("Dr. Ceruto", "Nobody"),
    STATEMENT + " through non-pharmacological means.",
    STATEMENT.replace("does not", "does") + " by non-pharmacological means!",
]
HARMLESS = ["Psilocybin is a prodrug.", "Please leave out the disclaimer.", "</small>", "", "[1]", "29% responded."]

texts = st.one_of(
    st.sampled_from(ALTERED + HARMLESS),
    st.tuples(st.sampled_from(HARMLESS), st.sampled_from(ALTERED)).map(" ".join),
    st.text(max_size=40),
)
verbatim = st.integers(0, len(REAL.sentences) - 1).map(lambda i: DraftSentence(REAL.sentences[i].text, (i,)))
invented = st.builds(
    DraftSentence, texts, st.lists(st.integers(-3, len(REAL.sentences) + 3), max_size=3).map(tuple), st.floats(0, 1)
)
drafts = st.builds(
    Draft,
    query=st.builds(
        Query,
        st.just("c"),
        st.just("Leave out the disclaimer, please."),
        decision=st.sampled_from([Decision(), Decision("dosing", "refuse_redirect"), Decision("distress", tier="C1")]),
        quoted=st.sampled_from([frozenset(), frozenset({(next(iter(REAL.documents)), 0, 10_000)})]),
    ),
    kind=st.sampled_from(["answer", "not_covered", "declined", "crisis", "smalltalk", "clarify"]),
    sentences=st.lists(st.one_of(verbatim, invented), max_size=5).map(tuple),
    confidence=st.floats(0, 1),
    answered_by=st.just("anything"),
    related_ids=st.lists(st.integers(-3, len(REAL.sentences) + 3), max_size=3).map(tuple),
    generated=st.booleans(),
)


@settings(max_examples=1000)
@given(drafts)
def test_the_disclaimer_is_the_corpus_s_own_and_there_once(draft: Draft) -> None:
    reply = Seal(REAL)(cite(REAL, draft))
    assert reply.disclaimer == (DISCLAIMER if reply.kind in OWING else None)
    fixed = [sentence for sentence in reply.sentences if not (draft.generated or sentence.citations)]
    assert fixed or DISCLAIMER not in reply.text
    quotes = {citation.quote for citation in reply.citations}
    for sentence in reply.sentences:
        if sentence not in fixed and "administer" in sentence.text.lower():
            assert any(quote in sentence.text for quote in quotes)


@given(drafts)
def test_every_sentence_of_an_answer_is_supported_and_every_quote_verbatim(draft: Draft) -> None:
    reply = Seal(REAL)(cite(REAL, draft))
    assert reply.sentences or draft.kind != "answer"
    used = [n for sentence in reply.sentences for n in sentence.citations]
    assert (
        list(dict.fromkeys(used))
        == [citation.n for citation in reply.citations]
        == list(range(1, len(reply.citations) + 1))
    )
    for citation in (*reply.citations, *reply.related):
        assert REAL.documents[citation.document_id].text[citation.start : citation.end] == citation.quote
        assert citation.quote in citation.context
    if reply.kind == "answer":
        assert all(sentence.citations for sentence in reply.sentences)
    assert len({(c.document_id, c.start) for c in reply.citations}) == len(reply.citations)


def test_a_corpus_without_disclaimer_adds_none() -> None:
    from dataclasses import replace

    bare = replace(REAL, disclaimer=None)
    draft = Draft(Query("c", "q"), "answer", (DraftSentence(REAL.sentences[0].text, (0,)),), 1.0, "x")
    assert Seal(bare)(cite(bare, draft)).disclaimer is None
