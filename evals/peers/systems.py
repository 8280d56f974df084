"""The retrievers compared, by name."""

from collections.abc import Mapping

from bot.config import Settings
from bot.wiring import Bot
from evals.in_memory import ExactDense
from evals.peers.tutorial import TutorialPipeline
from evals.run import RANKS, Retrieve


def retrievers(bot: Bot, settings: Settings) -> Mapping[str, Retrieve]:
    """Footnote's own, then: the tutorial pipeline, BM25 alone, dense alone, the latter two over sentences."""
    from bot.index.build import MODEL, build_lexical
    from bot.index.encodings import load_encodings
    from bot.index.memory import CosineScorer
    from bot.models.embeddings import OnnxEncoder
    from bot.wiring import build_index

    folder = build_index(settings, bot.corpus)
    dense = ExactDense(CosineScorer.build(bot.corpus, OnnxEncoder(folder / MODEL), load_encodings(folder)))
    lexical = build_lexical(bot.corpus)
    tutorial = TutorialPipeline(settings.corpus_dir, settings.var_dir)
    most = max(RANKS)

    def texts(searcher: object) -> Retrieve:
        return lambda q: [bot.corpus.sentences[hit.sentence_id].text for hit in searcher.search(q, most)]  # type: ignore[attr-defined]

    return {
        "footnote": lambda q: [found.citation.quote for found in bot.search(q, most)],
        "tutorial (500-character chunks)": lambda q: tutorial.search(q, most),
        "BM25, sentences": texts(lexical),
        "dense, sentences": texts(dense),
    }
