"""Footnote: a website chatbot that answers only from the site's own pages.

    from bot import Bot, Settings
    bot = Bot.open(Settings(corpus_dir="corpus"))
    reply = bot.ask("What is the REBUS model?")

Importing this package loads no model and opens nothing; `Bot.open` does.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.wiring import Bot

__all__ = ["Bot", "Settings"]


def __getattr__(name: str) -> Any:
    if name == "Bot":
        from bot.wiring import Bot

        return Bot
    if name == "Settings":
        from bot.config import Settings

        return Settings
    raise AttributeError(f"module 'bot' has no attribute {name!r}")
