"""Logs that hold nothing of what visitors send, whatever the level and whoever writes."""

import logging

from bot.web.problems import place_of

_OWN = "bot"


def keep_private(level: str) -> None:
    """Lets Footnote log at `level`, libraries from WARNING on, and of their records only what cannot quote anybody.

    For a process of its own, once its log has been set up.
    """
    root = logging.getLogger()
    logging.getLogger(_OWN).setLevel(level)
    root.setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))
    for handler in root.handlers:
        handler.addFilter(_without_quotes)


def _without_quotes(record: logging.LogRecord) -> bool:
    """A library's message may hold what it was working on: what is left is the place in its code, and the message
    without what was to be filled in.
    """
    if record.name.partition(".")[0] == _OWN:
        return True
    error = record.exc_info[1] if record.exc_info else None
    what = f": {type(error).__name__} at {place_of(error)}" if error is not None else ""
    template = f" “{record.msg}”" if record.args else ""
    record.msg = f"from {record.pathname}:{record.lineno}{template}{what}"
    record.args = ()
    record.exc_info = record.exc_text = record.stack_info = None
    return True
