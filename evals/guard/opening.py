"""What `python -m evals guard` needs open."""

from bot.config import Settings
from bot.guard.screen import Screen
from bot.ports import Encoder
from bot.values import Conversation
from bot.wiring import Bot, build_index, open_screen
from evals.cases import Case, Split, load_suite
from evals.opening import open_bot


def open_timed(
    settings: Settings, split: Split, count: int
) -> tuple[Bot, list[Case], tuple[Screen, Encoder, list[str]]]:
    """The bot, the guard's cases, and a screen, the embedding model's encoder and up to `count` messages to time them
    with.
    """
    from bot.index.build import MODEL
    from bot.models.embeddings import OnnxEncoder
    from bot.models.messages import MESSAGES, read_heads

    bot = open_bot(settings)
    folder = build_index(settings, bot.corpus) / MODEL
    encoder = OnnxEncoder(folder)
    screen = open_screen(
        bot.corpus, OnnxEncoder(folder / MESSAGES), read_heads()["guard"], lambda _: Conversation("timed")
    )
    cases = load_suite("guard", split, bot.corpus)
    messages = [*(case.turns[0].question for case in cases), *(question.text for question in bot.corpus.bank)]
    return bot, cases, (screen, encoder, messages[:count])
