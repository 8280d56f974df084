from bot.answering.citations import citation_of, cite
from bot.guard.copying import MOST, SHORT, CopyingLimit
from bot.guard.seal import Seal
from bot.values import Citation, Corpus, Draft, DraftSentence, Query
from tests.fakes import corpus_from

SENTENCE = "Receptors of many kinds sit in the cortex of rats, and nobody knows how they came to be there."


def cited(corpus: Corpus, *ids: int) -> list[Citation]:
    return [citation_of(corpus, i, n) for n, i in enumerate(ids, start=1)]


def test_a_short_page_may_be_quoted_whole() -> None:
    corpus = corpus_from("We are open from Monday to Friday. The door is on the left. Ring twice.")
    assert CopyingLimit(corpus).beyond(frozenset(), cited(corpus, 0, 1, 2)) == frozenset()


def test_of_a_long_page_a_share_may_be_quoted_in_a_conversation() -> None:
    corpus = corpus_from(" ".join([SENTENCE] * 100))
    limit, most = CopyingLimit(corpus), int(100 * MOST)
    assert limit.beyond(frozenset(), cited(corpus, *range(most))) == frozenset()
    assert limit.beyond(frozenset(), cited(corpus, *range(most + 1))) == {most + 1}
    shown = frozenset((c.document_id, c.start, c.end) for c in cited(corpus, *range(most)))
    assert limit.beyond(shown, cited(corpus, 0, most)) == {2}


def test_any_one_sentence_may_be_quoted() -> None:
    long = f"{SENTENCE[:-1]}, " * 6 + "as was said."
    corpus = corpus_from(" ".join([long, *["Rats sleep well."] * 40]))
    assert len(corpus.documents["doc"].text) > SHORT
    assert len(long) > MOST * len(corpus.documents["doc"].text)
    limit = CopyingLimit(corpus)
    assert limit.beyond(frozenset(), cited(corpus, 0)) == frozenset()
    assert limit.beyond(frozenset(), cited(corpus, 0, 1)) == {2}


def test_the_disclaimer_may_always_be_quoted_and_uses_nothing_up() -> None:
    statement = "We never lend boats to anybody, for the harbour office forbids it."
    corpus = corpus_from(" ".join([SENTENCE] * 100), statement, disclaimer=statement)
    limit, most, last = CopyingLimit(corpus), int(100 * MOST), corpus.disclaiming()[0].id
    shown = [(c.document_id, c.start, c.end) for c in cited(corpus, *range(most), last)]
    assert limit.room(frozenset(shown)) == limit.room(frozenset(shown[:-1]))
    assert limit.beyond(frozenset(shown[1:]), cited(corpus, 0)) == frozenset()
    assert limit.beyond(frozenset(shown[:-1]), cited(corpus, last, most)) == {2}
    said = DraftSentence(f"No. “{statement}”", (last,))
    full = Query("c", "Do you lend boats?", quoted=frozenset(shown[:-1]))
    reply = Seal(corpus)(cite(corpus, Draft(full, "answer", (said,), 1.0, "x")))
    assert (reply.kind, [sentence.text for sentence in reply.sentences]) == ("answer", [said.text])
    assert reply.notices == ()
