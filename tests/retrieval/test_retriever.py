from dataclasses import replace

import pytest

from bot.retrieval.retriever import Retriever, TranslatingSearcher
from bot.values import Hit, Query, Reading, Understanding
from tests.fakes import FakeSearcher, corpus_from

CORPUS = corpus_from("Receptors sit in the cortex. Doses are small. Trials take years. Myelin is white.")
RETRIEVER = Retriever(FakeSearcher(CORPUS), 3)


def test_one_question_is_searched_as_it_is() -> None:
    hits = RETRIEVER(Query("c", "Where do receptors sit?"))
    assert hits.parts == ()
    assert hits.hits == FakeSearcher(CORPUS).search("Where do receptors sit?", 3)


def test_each_of_two_questions_has_its_best_hit_first() -> None:
    hits = RETRIEVER(Query("c", "Where do receptors sit, and what colour is myelin?"))
    assert [part.text for part in hits.parts] == ["Where do receptors sit", "what colour is myelin?"]
    assert [part.hits[0].sentence_id for part in hits.parts] == [0, 3]
    assert {hit.sentence_id for hit in hits.hits[:2]} == {0, 3}
    assert [hit.score for hit in hits.hits] == sorted((hit.score for hit in hits.hits), reverse=True)


def test_of_a_flood_of_questions_three_are_searched_for() -> None:
    parts = RETRIEVER(Query("c", "Are doses small? What is white? Do trials take years? Who sits? Where is it?")).parts
    assert [bool(part.hits) for part in parts] == [True, True, True, False, False]


def test_a_story_around_a_question_counts_for_less_than_the_question() -> None:
    story = "Doses are small and trials take years and doses are small. What colour is white myelin?"
    assert FakeSearcher(CORPUS).search(story, 1)[0].sentence_id != 3
    assert RETRIEVER.search(story, 1)[0].sentence_id == 3


def test_a_translating_searcher_passes_on_what_was_meant() -> None:
    searcher = TranslatingSearcher(FakeSearcher(CORPUS), lambda text: text.replace("fat", "myelin"))
    assert searcher.search("fat", 1) == (Hit(3, 1.0),)


class _Fixed:
    """Finds what it is told to, by text."""

    def __init__(self, found: dict[str, tuple[Hit, ...]]) -> None:
        self._found = found

    def search(self, text: str, k: int) -> tuple[Hit, ...]:
        return self._found[text][:k]


def test_readings_are_averaged_by_weight() -> None:
    searcher = _Fixed({"a": (Hit(1, 2.0), Hit(2, 1.0), Hit(3, 0.0)), "b": (Hit(2, 4.0), Hit(4, -2.0))})
    query = Query("c", "whatever", readings=(Reading("a", 1.0), Reading("b", 0.5)))
    hits = Retriever(searcher, 3)(query).hits
    assert [hit.sentence_id for hit in hits] == [2, 1, 3]
    assert [round(hit.score, 3) for hit in hits] == [2.0, 0.667, -0.667]


def test_a_message_read_in_several_ways_is_still_searched_for_each_of_its_questions() -> None:
    asked = "Where do receptors sit, and what colour is myelin?"
    query = Query("c", asked, readings=(Reading(asked, 1.0), Reading(f"doses {asked}", 0.5)))
    assert [part.hits[0].sentence_id for part in RETRIEVER(query).parts] == [0, 3]
    about = replace(query, understanding=Understanding("about_answer", "more"))
    assert RETRIEVER(about).parts == ()


@pytest.mark.parametrize("relation", ["smalltalk", "unclear"])
def test_what_asks_nothing_is_not_searched_for(relation) -> None:
    query = Query("c", "hello", understanding=Understanding(relation))
    assert Retriever(_Fixed({}), 3)(query).hits == ()
