"""Sentence ids become citations: text by offsets, numbers by first use."""

from bot.values import Citation, Cited, Corpus, Draft, ReplySentence


def cite(corpus: Corpus, draft: Draft) -> Cited:
    """Resolves the draft's ids. In a draft of kind `answer` a sentence without citation is dropped.

    One corpus sentence has one number, however often it is cited; an id that the corpus does not have
    is no citation.
    """
    numbers: dict[int, int] = {}
    sentences = []
    for sentence in draft.sentences:
        known = [i for i in dict.fromkeys(sentence.sentence_ids) if 0 <= i < len(corpus.sentences)]
        if draft.kind == "answer" and not known:
            continue
        for i in known:
            numbers.setdefault(i, len(numbers) + 1)
        sentences.append(ReplySentence(sentence.text, tuple(numbers[i] for i in known), sentence.support))
    citations = tuple(citation_of(corpus, i, n) for i, n in numbers.items())
    related = tuple(
        citation_of(corpus, i, n) for n, i in enumerate(draft.related_ids, start=1) if 0 <= i < len(corpus.sentences)
    )
    return Cited(draft, tuple(sentences), citations, related)


def citation_of(corpus: Corpus, sentence_id: int, n: int) -> Citation:
    """Where a sentence stands. Its quote is cut from the document, not taken from the sentence."""
    sentence = corpus.sentences[sentence_id]
    passage = corpus.passage_of(sentence_id)
    document = corpus.document_of(sentence_id)
    return Citation(
        n=n,
        document_id=document.id,
        document_title=document.title,
        section=passage.headings[-1],
        quote=document.text[sentence.start : sentence.end],
        context=passage.text,
        start=sentence.start,
        end=sentence.end,
        url=f"/source/{document.id}#s{sentence.start}-{sentence.end}",
    )
