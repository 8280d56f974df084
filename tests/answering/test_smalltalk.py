import pytest

from bot.answering.extractive import ExtractiveAnswerer
from bot.answering.smalltalk import SmallTalk
from bot.values import Evidence, Query, Understanding
from tests.fakes import corpus_of


@pytest.mark.parametrize("kind", ["greet", "ack", "identity"])
def test_of_many_documents_the_publisher_is_named_and_no_title(kind: str) -> None:
    query = Query("c", "hi", understanding=Understanding("smalltalk", kind))
    said = []
    for names in ("a", "abcd"):
        corpus = corpus_of(dict.fromkeys(names, ("The harbour is open.",)))
        answerer = ExtractiveAnswerer(corpus, lambda a, b: 0.0, lambda *_: ())
        (sentence,) = SmallTalk(corpus, answerer).answer(Evidence(query, (), "smalltalk", 0.0)).sentences
        said.append([name in sentence.text for name in ("“The title”", "“The site”")])
    assert said == [[True, False], [False, True]]
