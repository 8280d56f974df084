from dataclasses import replace

from bot.answering.extractive import MAX_SENTENCES, ExtractiveAnswerer
from bot.values import Corpus, Draft, Evidence, Hit, Part, Place, Query
from tests.fakes import corpus_from, corpus_of

CORPUS = corpus_from(
    "The DMN tells the story. It is rigid in depression. This keeps people stuck.",
    "In my practice, I see durable change. It holds for years. The end is near the park.",
    "For more on this, see the other page.",
    "The DMN tells the story of the self.",
    "Trials gave one dose to every single person. Myelin consolidates the new balance there.",
    author="Dr. Author",
)


def draft(*ranked: tuple[int, float], corpus: Corpus = CORPUS, kind: str = "answer", asked: str = "q") -> Draft:
    answerer = ExtractiveAnswerer(corpus, lambda a, b: float(a == b), lambda text, shown, asked: ("Next?",))
    hits = tuple(Hit(sentence_id, score) for sentence_id, score in ranked)
    return answerer.answer(Evidence(Query("c", asked), hits, kind, 0.8))  # type: ignore[arg-type]


def ids(made: Draft) -> list[int]:
    return [i for sentence in made.sentences for i in sentence.sentence_ids]


def test_a_leaning_sentence_brings_what_it_leans_on_in_order() -> None:
    assert ids(draft((2, 1.0))) == [0, 1, 2]


def test_the_best_sentence_comes_first_and_the_others_keep_their_order() -> None:
    assert ids(draft((8, 1.0), (1, 0.95))) == [8, 0, 1]
    assert ids(draft((9, 1.0), (8, 0.95))) == [9, 8]


def test_the_same_is_not_said_twice() -> None:
    assert ids(draft((0, 1.0), (7, 0.99), (8, 0.9))) == [0, 8]


def test_a_much_worse_sentence_is_left_out() -> None:
    assert ids(draft((0, 1.0), (8, 0.3))) == [0]


TWICE = corpus_of({
    "faq": ("The DMN tells the story. It is rigid in depression.", "Trials gave one dose to every single person."),
    "article": ("The DMN tells the story of the self.", "Myelin consolidates the new balance there."),
})  # fmt: skip


def limited(*ranked: tuple[int, float], room: float, quoted: frozenset[Place] = frozenset()) -> list[int]:
    """What is chosen where of the FAQ `room` characters may still be quoted."""
    answerer = ExtractiveAnswerer(TWICE, lambda a, b: float(a == b), lambda *_: (), lambda quoted: {"faq": room})
    hits = tuple(Hit(sentence_id, score) for sentence_id, score in ranked)
    return ids(answerer.answer(Evidence(Query("c", "q", quoted=quoted), hits, "answer", 0.8)))


def test_further_sentences_stay_away_where_little_may_still_be_quoted() -> None:
    best = TWICE.sentences[2]
    assert limited((2, 1.0), (0, 0.95), room=1000) == [2, 0]
    assert limited((2, 1.0), (0, 0.95), room=len(best.text)) == [2]
    place = (best.document_id, best.start, best.end)
    assert limited((2, 1.0), (0, 0.95), room=len(TWICE.sentences[0].text), quoted=frozenset({place})) == [2, 0]


def test_what_says_the_same_elsewhere_stands_for_what_may_not_be_quoted() -> None:
    assert limited((0, 1.0), (4, 0.9), (3, 0.2), room=1000) == [0, 4]
    assert limited((0, 1.0), (4, 0.9), (3, 0.2), room=0) == [3, 4]


def test_without_any_such_the_seal_is_left_to_link_to_it() -> None:
    assert limited((2, 1.0), (4, 0.9), (0, 0.9), room=0) == [2, 4]


def test_what_answers_goes_before_what_it_leans_on_where_both_are_too_much() -> None:
    antecedent, answering = (len(TWICE.sentences[i].text) for i in (0, 1))
    assert limited((1, 1.0), (4, 0.2), room=antecedent + answering) == [0, 1]
    assert limited((1, 1.0), (4, 0.2), room=answering) == [1]
    assert limited((1, 1.0), (4, 0.2), room=antecedent) == [1]


def test_as_much_as_may_be_quoted_of_what_it_leans_on_is() -> None:
    chain = corpus_of({"faq": ("The oven is old. It holds its heat well. This keeps the crust thick.",)})
    room = sum(len(chain.sentences[i].text) for i in (1, 2))
    answerer = ExtractiveAnswerer(chain, lambda a, b: float(a == b), lambda *_: (), lambda quoted: {"faq": room})
    assert ids(answerer.answer(Evidence(Query("c", "q"), (Hit(2, 1.0),), "answer", 0.8))) == [1, 2]


def test_a_pointer_is_never_an_answer() -> None:
    assert ids(draft((6, 1.0), (8, 0.9))) == [8]
    only = draft((6, 1.0))
    assert only.kind == "not_covered"
    assert ids(only) == []


def parted(*best: int, corpus: Corpus = CORPUS) -> Draft:
    """Of a message with a question for each of these sentences."""
    answerer = ExtractiveAnswerer(corpus, lambda a, b: float(a == b), lambda *_: ())
    parts = tuple(Part(f"q{i}", (Hit(i, 1.0),), 0.9, answered=True) for i in best)
    hits = tuple(hit for part in parts for hit in part.hits)
    return answerer.answer(Evidence(Query("c", "q"), hits, "answer", 0.8, parts))


def test_no_question_loses_its_answer_to_what_another_leans_on() -> None:
    assert ids(parted(2, 5)) == [0, 1, 2, 5]
    assert ids(parted(2, 4, 9)) == [1, 2, 4, 9]


def test_two_sentences_with_figures_of_their_own_never_say_the_same() -> None:
    prices = corpus_from("The adult ticket costs 12 euros. The child ticket costs 8 euros. The ticket costs 8 euros.")
    assert ids(draft((0, 1.0), (1, 0.9), corpus=prices)) == [0, 1]
    assert ids(draft((1, 1.0), (2, 0.9), corpus=prices)) == [1]


def test_what_is_allowed_is_not_what_is_forbidden() -> None:
    dogs = corpus_from("Dogs are allowed in the garden.", "Dogs are not allowed in the restaurant garden.")
    assert ids(draft((0, 1.0), (1, 0.9), corpus=dogs)) == [0, 1]


def test_of_two_things_that_the_question_names_both_are_said() -> None:
    courses = corpus_from("The course in Bern costs 80 francs.", "The course in Basel costs 80 francs.")
    ranked = ((0, 1.0), (1, 0.9))
    assert ids(draft(*ranked, corpus=courses, asked="What does the course cost in Bern or Basel?")) == [0, 1]
    assert ids(draft(*ranked, corpus=courses, asked="What does the course cost in Bern?")) == [0]


def test_each_question_keeps_its_answer_unless_it_is_the_same_word_for_word() -> None:
    courses = corpus_from(
        "The course in Bern costs 80 francs.",
        "The course in Basel costs 80 francs.",
        "The course in Bern costs 80 francs.",
    )
    assert ids(parted(0, 1, corpus=courses)) == [0, 1]
    assert ids(parted(0, 2, corpus=courses)) == [0]


def test_questions_beyond_those_looked_up_are_said_to_be() -> None:
    made = parted(0, 4)
    assert made.notices == ()
    answerer = ExtractiveAnswerer(CORPUS, lambda a, b: float(a == b), lambda *_: ())
    parts = (*(Part(f"q{i}", (Hit(i, 1.0),), 0.9, answered=True) for i in (0, 4, 8)), Part("q", ()))
    made = answerer.answer(Evidence(Query("c", "q"), (Hit(0, 1.0),), "answer", 0.8, parts))
    assert [notice.id for notice in made.notices] == ["further_questions"]
    assert made.unanswered == ()


def test_what_is_not_english_neither_leans_nor_is_taken_for_the_authors_own() -> None:
    german = corpus_from("Die Studie endete früh. Also zeigt die Studie nur wenig davon. Me ayuda esta terapia mucho.")
    documents = {name: replace(document, language="de") for name, document in german.documents.items()}
    corpus = replace(german, documents=documents)
    assert ids(draft((1, 1.0), corpus=german)) == [0, 1]
    assert ids(draft((1, 1.0), corpus=corpus)) == [1]
    assert [sentence.text for sentence in draft((2, 1.0), corpus=corpus).sentences] == [corpus.sentences[2].text]


def test_at_most_four_sentences() -> None:
    assert len(ids(draft((2, 1.0), (4, 0.99), (8, 0.98), (9, 0.97)))) <= MAX_SENTENCES


def test_the_author_speaking_is_quoted() -> None:
    made = draft((4, 1.0))
    assert [sentence.text for sentence in made.sentences] == [
        "Dr. Author writes: “In my practice, I see durable change.”",
        "“It holds for years.”",
    ]


def test_what_leans_on_the_author_speaking_is_quoted_alone_too() -> None:
    answerer = ExtractiveAnswerer(CORPUS, lambda a, b: float(a == b), lambda *_: ())
    assert [sentence.text for sentence in answerer.phrased([4])] == ["Dr. Author writes: “It holds for years.”"]


def test_not_covered_offers_what_is_near_without_claiming_it() -> None:
    made = draft((0, 1.0), (6, 0.9), kind="not_covered")
    assert made.related_ids == (0,)
    assert ids(made) == []
    assert made.suggestions == ("Next?",)


def test_where_to_turn_instead_is_all_that_is_related() -> None:
    answerer = ExtractiveAnswerer(CORPUS, lambda a, b: float(a == b), lambda text, shown, asked: ())
    made = answerer.answer(Evidence(Query("c", "q"), (Hit(0, 1.0),), "not_covered", 0.1, elsewhere_ids=(6,)))
    assert made.related_ids == (6,)


def test_several_questions_are_answered_in_turn_and_the_unanswered_one_is_named() -> None:
    answerer = ExtractiveAnswerer(CORPUS, lambda a, b: float(a == b), lambda text, shown, asked: ())
    parts = (
        Part("Where?", (Hit(8, 1.0),), 0.9, answered=True),
        Part("How much?", (Hit(0, 1.0),), 0.1),
        Part("Who?", (Hit(1, 1.0),), 0.9, answered=True),
    )
    made = answerer.answer(Evidence(Query("c", "q"), (Hit(0, 1.0),), "answer", 0.9, parts))
    assert ids(made) == [8, 0, 1]
    assert made.unanswered == ("How much?",)
