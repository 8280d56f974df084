"""Files → Documents → Passages → Sentences."""

from bot.corpus.load import load_corpus

__all__ = ["load_corpus"]
