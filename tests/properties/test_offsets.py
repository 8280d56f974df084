from hypothesis import given
from hypothesis import strategies as st

from bot.corpus.markup import READERS
from bot.corpus.sentences import split_document
from bot.text import straight_quotes
from bot.values import Document

markup = st.text(st.sampled_from("ab AZ.?!\n\n#-*_`<>p/’“”—&;1\t é😀\u200b[]()"), max_size=300)


@given(markup, st.sampled_from(sorted(READERS)))
def test_sentences_are_slices_in_order_and_lose_nothing(body: str, suffix: str) -> None:
    text, blocks = READERS[suffix](body)
    document = Document("d", "T", "A", "P", "en", text, blocks, "0")
    passages, sentences = split_document(document, 0, 0)
    at = 0
    for sentence in sentences:
        assert sentence.start >= at
        assert text[sentence.start : sentence.end] == sentence.text == sentence.text.strip() != ""
        at = sentence.end
    for passage in passages:
        parts = [s for s in sentences if s.passage_id == passage.id]
        assert tuple(s.id for s in parts) == passage.sentence_ids
        assert "".join("".join(s.text.split()) for s in parts) == "".join(passage.text.split())


@given(st.text())
def test_plain_quotes_keep_offsets(text: str) -> None:
    assert len(straight_quotes(text)) == len(text)
