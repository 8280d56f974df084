"""What the commands of `evals` need open: the bot, its encoder, the scorer."""

from collections.abc import Sequence
from pathlib import Path

from bot.config import Settings
from bot.corpus import load_corpus
from bot.errors import ConfigError
from bot.faithfulness.judges import LexicalJudge
from bot.faithfulness.scorer import FaithfulnessScorer
from bot.models.embeddings import OnnxEncoder
from bot.values import Corpus
from bot.verdicts import SUPPORTED, Judge
from bot.wiring import Bot, build_index, open_entailment
from evals.cases import DATA, FAITHFULNESS, SPLITS, FaithfulnessItem, load_faithfulness
from evals.runner import Bench


def open_bot(settings: Settings) -> Bot:
    """The bot, with conversations kept in memory: those of an evaluation are nobody's."""
    return Bot.open(settings.model_copy(update={"database_url": "sqlite://"}))


def open_encoder(settings: Settings, corpus: Corpus) -> OnnxEncoder:
    """The encoder of the corpus's index, built where there is none."""
    from bot.index.build import MODEL

    return OnnxEncoder(build_index(settings, corpus) / MODEL)


def open_scorer(settings: Settings, corpus: Corpus) -> FaithfulnessScorer:
    return FaithfulnessScorer(open_encoder(settings, corpus), open_entailment(settings, corpus))


def open_bench(settings: Settings, corpus: Corpus) -> Bench:
    """What replies are held against, with the faithfulness scorer as the judge."""
    scorer = open_scorer(settings, corpus)

    def judge(cited: Sequence[tuple[str, Sequence[str]]]) -> tuple[float | None, list[float]]:
        scored = scorer.score_cited(cited)
        return (scored.support if cited else None), [sentence.support for sentence in scored.sentences]

    def supports(quotes: Sequence[str], sentence: str) -> bool:
        return scorer.score_cited([(sentence, quotes)]).sentences[0].support >= SUPPORTED

    return Bench(corpus, judge, supports)


def data_folder(path: Path) -> Path:
    """The folder of public data. Raises ConfigError when it is not there."""
    if not path.is_dir():
        raise ConfigError(f"--data {str(path)!r} is no folder. Name the one that holds the public data.")
    return path


def labelled_items(split: str) -> list[FaithfulnessItem]:
    """The project's labelled answers. split: dev, test or both."""
    parts = SPLITS if split == "both" else (split,)
    found = [(part, load_faithfulness(DATA / part / f"{FAITHFULNESS}.jsonl")) for part in parts]
    return [item.model_copy(update={"split": part}) for part, items in found for item in items]


def open_judge(name: str, settings: Settings) -> Judge:
    """`footnote`; `llm:` with a name as init_chat_model takes it; `nli:` with a folder. Raises ConfigError."""
    kind, _, rest = name.partition(":")
    if kind == "footnote":
        return LexicalJudge(open_scorer(settings, load_corpus(settings.corpus_dir)))
    if kind == "llm" and rest:
        from bot.models.chat_judge import open_chat_judge

        return open_chat_judge(rest)
    if kind == "nli" and rest:
        from bot.models.nli_judge import open_nli_judge

        return open_nli_judge(Path(rest))
    raise ConfigError(f"judge {name!r} is not known. Name footnote, llm:openai:gpt-5 or the like, or nli:<folder>.")
