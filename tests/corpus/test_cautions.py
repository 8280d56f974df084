from pathlib import Path

import pytest

from bot.corpus import load_corpus
from bot.errors import CorpusError

BODY = "Trials have proved it. It is cheap.\n"


def test_cautions_are_read_with_the_sentences_that_they_are_on(write_corpus) -> None:
    folder: Path = write_corpus(BODY)
    (folder / "cautions.yaml").write_text('- {quote: "have proved it", why: "none is cited", notice: "It is not."}')
    (caution,) = load_corpus(folder).cautions
    assert (caution.sentence_ids, caution.notice, caution.about) == ((0,), "It is not.", "")


def test_a_corpus_needs_none(write_corpus) -> None:
    assert load_corpus(write_corpus(BODY)).cautions == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('- {quote: "never said", why: "x"}', "stands in no sentence"),
        ('- {quote: "have proved it"}', "why"),
        ('- {quote: "have proved it", why: "x", about: "safety"}', "no notice"),
        ('- {quote: "have proved it", why: "x", when: "y"}', "when"),
        ("quote: [", "cannot be read"),
        ('- quote: "have proved it"\n  why: 2026-02-30', r"cautions\.yaml:2: cannot be read.*day is out of range"),
        ('- {quote: "have proved it", why: no}', "not False: put it in quotes"),
        ("just words", "list"),
    ],
)
def test_what_cannot_be_used_stops_the_start_and_says_why(write_corpus, text: str, problem: str) -> None:
    folder: Path = write_corpus(BODY)
    (folder / "cautions.yaml").write_text(text)
    with pytest.raises(CorpusError, match=problem) as raised:
        load_corpus(folder)
    assert "cautions.yaml" in str(raised.value)
