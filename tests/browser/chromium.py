"""Debian's Chromium. Who imports this is skipped where there is none, but not in CI."""

import contextlib
import os
import shutil
from collections.abc import Iterator

import pytest

EXECUTABLE = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

if EXECUTABLE is None and not os.environ.get("CI"):
    pytest.skip("Debian's chromium is not installed", allow_module_level=True)


@contextlib.contextmanager
def launched() -> Iterator:
    """A browser, as Playwright has it, until left."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=FLAGS)
        yield browser
        browser.close()
