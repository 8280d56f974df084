import pytest

from bot import Settings
from bot.guard.screen import Screen
from bot.index.build import MODEL
from bot.models.embeddings import OnnxEncoder
from bot.models.messages import MESSAGES, read_heads
from bot.values import Conversation, Corpus
from bot.wiring import build_index, open_screen


@pytest.fixture(scope="session")
def screen(settings: Settings, corpus: Corpus) -> Screen:
    """The bot's, in conversations without history."""
    encoder = OnnxEncoder(build_index(settings, corpus) / MODEL / MESSAGES)
    return open_screen(corpus, encoder, read_heads()["guard"], lambda _: Conversation("c"))
