"""The retrievers compared, by name."""

from collections.abc import Callable, Sequence

from bot.config import Settings
from bot.wiring import Bot
from evals.in_memory import ExactDense
from evals.systems import Place


def sentence_places(name: str, bot: Bot, settings: Settings) -> Callable[[str, int], Sequence[Place]]:
    """BM25 (`bm25`) or cosine (`dense`) alone, over sentences.

    A BM25 score has no upper bound: s / (1 + s) serves as its confidence.
    """
    from bot.index.build import MODEL, build_lexical
    from bot.index.encodings import load_encodings
    from bot.index.memory import CosineScorer
    from bot.models.embeddings import OnnxEncoder
    from bot.wiring import build_index

    folder = build_index(settings, bot.corpus)
    encoder = OnnxEncoder(folder / MODEL)
    is_lexical = name == "bm25"
    searcher = (
        build_lexical(bot.corpus)
        if is_lexical
        else ExactDense(CosineScorer.build(bot.corpus, encoder, load_encodings(folder)))
    )

    def places(question: str, k: int) -> list[Place]:
        found = []
        for hit in searcher.search(question, k):
            sentence = bot.corpus.sentences[hit.sentence_id]
            score = hit.score / (1 + hit.score) if is_lexical else hit.score
            found.append(Place(sentence.text, score, sentence.document_id, sentence.start, sentence.end))
        return found

    return places
