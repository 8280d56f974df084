"""Every error that Footnote raises on purpose. Each message names the thing and the remedy, in one line."""

from pathlib import Path


class FootnoteError(Exception):
    """Base of all errors of this package."""


class ConfigError(FootnoteError):
    """A setting has a value that cannot work."""


class CorpusError(FootnoteError):
    """A file of the corpus cannot be used.

    path: the file or folder at fault. line: 1-based, or None when the whole file is meant.
    """

    def __init__(self, path: Path, problem: str, remedy: str, line: int | None = None) -> None:
        self.path = path
        self.line = line
        place = f"{path}:{line}" if line is not None else str(path)
        super().__init__(f"{place}: {problem}. {remedy}")


class IndexStoreError(FootnoteError):
    """The index cannot be built, opened or trusted."""


class HistoryError(FootnoteError):
    """The database of conversations does not do its part."""


class MessageError(FootnoteError, ValueError):
    """A visitor's message is empty or over the limit."""
