"""A progress bar for builds that take long enough to wonder."""

import contextlib
import time
from collections.abc import Iterator

from bot.ports import Progress

_SHOWN_AFTER_SECONDS = 2.0


@contextlib.contextmanager
def progress_bar() -> Iterator[Progress]:
    """A Progress that draws on stderr. It appears with the first step that starts or is still running
    after two seconds, and at once for a step known to be long (one without parts)."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress as Bar, SpinnerColumn, TextColumn, TimeElapsedColumn

    bar = Bar(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    tasks: dict[str, object] = {}
    started: float | None = None

    def report(step: str, done: int, total: int) -> None:
        nonlocal started
        started = started or time.monotonic()
        if step not in tasks:
            tasks[step] = bar.add_task(step, total=total)
        bar.update(tasks[step], completed=done)  # type: ignore[arg-type]
        if total == 1 or time.monotonic() - started > _SHOWN_AFTER_SECONDS:
            bar.start()

    try:
        yield report
    finally:
        bar.stop()
