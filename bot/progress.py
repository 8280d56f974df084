"""A progress bar for builds that take long enough to wonder."""

import contextlib
import time
from collections.abc import Iterator

from bot.ports import Progress

_SHOWN_AFTER_SECONDS = 2.0


@contextlib.contextmanager
def progress_bar() -> Iterator[Progress]:
    """A Progress that draws on stderr.

    A step in one part is known to be long and is shown at once; others when the whole has taken two
    seconds. The bar goes when all steps are done.
    """
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    bar = Bar(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    tasks: dict[str, TaskID] = {}
    started = time.monotonic()

    def report(step: str, done: int, total: int) -> None:
        if step not in tasks:
            tasks[step] = bar.add_task(step, total=total)
        bar.update(tasks[step], completed=done)
        if bar.finished:
            bar.stop()
        elif total == 1 or time.monotonic() - started > _SHOWN_AFTER_SECONDS:
            bar.start()

    try:
        yield report
    finally:
        bar.stop()
