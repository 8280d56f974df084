"""Rules that a reader of this project may rely on."""

import ast
import os
import subprocess
from pathlib import Path

import pytest

from bot.config import PLANNED, PREFIX, Settings
from tests.conftest import ROOT

MAX_MODULE_LINES = 250
MAX_FUNCTION_LINES = 40
MAX_FILE_KIB = 1024
EXCEPTIONS: dict[str, str] = {
    "bot/values.py": "the frozen nouns stand together, so that the whole vocabulary is read in one place",
}
"""Module → why it may be longer."""

TOP_LEVEL = {
    *("app.py", "bot", "corpus", "evals", "tests", "pyproject.toml", "constraints.txt", "Makefile", "README.md"),
    *("CHANGELOG.md", "ARCHITECTURE.md", "LICENSE", ".ci", ".gitignore"),
}

LARGE_FILES = {
    "corpus/questions.jsonl": "written by hand, a line a question; in parts it would be harder to keep free of doubles",
}
"""File → why it may be larger."""

MODULES = sorted(path for folder in ("bot", "evals") for path in (ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_sizes(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    name = path.relative_to(ROOT).as_posix()
    if name not in EXCEPTIONS:
        assert source.count("\n") <= MAX_MODULE_LINES
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < MAX_FUNCTION_LINES, f"{name}: {node.name}"


def test_app_is_short() -> None:
    assert (ROOT / "app.py").read_text(encoding="utf-8").count("\n") <= 40


def tracked() -> list[str]:
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        assert not os.environ.get("CI"), listing.stderr
        pytest.skip("not a git checkout")
    return listing.stdout.split("\n")[:-1]


def test_top_level_is_what_the_owner_fixed() -> None:
    assert {name.split("/")[0] for name in tracked()} <= TOP_LEVEL


def test_no_large_file_is_tracked() -> None:
    large = {name for name in tracked() if (ROOT / name).stat().st_size > MAX_FILE_KIB * 1024}
    assert large <= set(LARGE_FILES)


def test_constraints_name_exact_versions_and_no_address() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").split("\n")
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins
    assert all("==" in line and "://" not in line and "@" not in line for line in pins)
    assert "torch==2.13.0" in pins


def test_the_readme_lists_exactly_the_settings() -> None:
    rows = [line.split("|") for line in (ROOT / "README.md").read_text(encoding="utf-8").split("\n")]
    table = {row[1].strip(" `"): row[2:4] for row in rows if len(row) > 4 and row[1].strip().startswith(f"`{PREFIX}")}
    fields = {f"{PREFIX}{name.upper()}": field for name, field in Settings.model_fields.items()}
    assert set(table) == set(fields)
    for name, (default, description) in table.items():
        assert default.strip(" `") == str(fields[name].default)
        assert description.strip() == fields[name].description
    assert not PLANNED & {name.upper() for name in Settings.model_fields}
