"""Writes the three forms of a report into a run's folder."""

import json
from pathlib import Path

from evals.comparison import read_whole_run
from evals.report.content import content_of
from evals.report.machine import as_json, as_junit
from evals.report.page import render

PAGE, JSON, JUNIT = "report.html", "report.json", "junit.xml"


def write_report(folder: Path) -> Path:
    """The page's path. Raises CorpusError when the folder holds no run."""
    run = read_whole_run(folder)
    content = content_of(run)
    (folder / JSON).write_text(json.dumps(as_json(content), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / JUNIT).write_text(as_junit(content, run), encoding="utf-8")
    page = folder / PAGE
    page.write_text(render(content, run), encoding="utf-8")
    return page
