"""The server as a process: what keeps it from serving ends it."""

import os
import subprocess
import sys

from bot import Settings
from evals.bench import free_port
from tests.conftest import ROOT


def test_a_page_that_cannot_be_built_ends_the_server(settings: Settings) -> None:
    known = {
        "FOOTNOTE_VAR_DIR": str(settings.var_dir),
        "FOOTNOTE_CORPUS_DIR": str(settings.corpus_dir),
        "FOOTNOTE_PORT": str(free_port()),
    }
    code = "import sys; sys.modules['gradio'] = None; from bot.cli import app; app(['serve'])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **known},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "gradio" in done.stderr
