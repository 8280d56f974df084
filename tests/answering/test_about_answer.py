from bot.answering.about_answer import AboutAnswer
from bot.answering.extractive import MAX_SENTENCES, ExtractiveAnswerer
from bot.phrases import ALL_SHOWN
from bot.values import Citation, Draft, Evidence, Exchange, Hit, Query, Reply, Understanding
from tests.fakes import corpus_from

CORPUS = corpus_from(
    "The oven was built in spring. It stands behind the bakery. Rye bread is baked in it on Mondays.",
    "Our stone floor keeps the heat of a whole night. It holds for years. This makes thick crusts.",
    "The shop sells flour from the mill by the river.",
)


def told(*ids: int) -> Exchange:
    """An answer that cites these sentences."""
    shown = [CORPUS.sentences[i] for i in ids]
    citations = tuple(
        Citation(n, s.document_id, "The title", "The title", s.text, s.text, s.start, s.end, "")
        for n, s in enumerate(shown, start=1)
    )
    return Exchange(Reply("c", "r", "answer", "", (), citations, None, "q", 0.9, "extractive"), 0.0)


def requested(request: str, *near: int, history: tuple[Exchange, ...]) -> Draft:
    """near: sentences found, the best first."""
    answerer = ExtractiveAnswerer(CORPUS, lambda a, b: float(a == b), lambda *_: ())
    query = Query("c", "q", understanding=Understanding("about_answer", request), history=history)
    hits = tuple(Hit(i, 1.0 - n / 100) for n, i in enumerate(near))
    return AboutAnswer(CORPUS, answerer).answer(Evidence(query, hits, "answer", 0.9))


def ids(made: Draft) -> list[int]:
    return [i for sentence in made.sentences for i in sentence.sentence_ids]


def test_more_brings_what_a_sentence_leans_on() -> None:
    assert ids(requested("more", 6, 4, history=(told(6),))) == [3, 4]
    assert ids(requested("more", 5, 0, history=(told(6),))) == [3, 4, 5, 0]


def test_more_reads_on_from_what_was_said_last() -> None:
    assert ids(requested("more", 0, history=(told(0),))) == [1, 2]
    assert ids(requested("more", 0, 5, history=(told(3, 4), told(0)))) == [1, 2]
    assert ids(requested("more", 3, 5, history=(told(3),))) == [4, 5]


def test_more_leaves_out_what_would_seem_to_lean_on_another_sentence() -> None:
    assert ids(requested("more", 4, 6, history=(told(3, 0),))) == [6]
    made = requested("more", 4, history=(told(3, 4), told(5, 6, 0)))
    assert [sentence.text for sentence in made.sentences] == [ALL_SHOWN]


def test_more_puts_what_leans_right_after_what_it_leans_on() -> None:
    assert ids(requested("more", 3, 0, 4, history=(told(6),))) == [3, 4, 0]


def test_simpler_brings_what_a_sentence_leans_on() -> None:
    made = requested("simpler", 5, history=(told(4),))
    assert ids(made) == [3, 4, 5]
    assert [notice.id for notice in made.notices] == ["only_quotes"]
    assert len(ids(requested("simpler", 5, 2, 0, history=(told(6),)))) <= MAX_SENTENCES
