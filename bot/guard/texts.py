"""What the guard says, from texts.toml."""

import functools
import tomllib
from importlib.resources import files
from typing import Any


def texts(name: str, otherwise: str = "") -> list[str]:
    """The texts of a class; of `otherwise` where it has none."""
    return list((_read().get(name) or _read()[otherwise])["texts"])


def also_said(name: str, language: str) -> str:
    """The gist of it in a visitor's own language; empty in English and in languages that have none."""
    return str(_read()["in_other_languages"].get(language, {}).get(name, ""))


def language_said(text: str) -> str:
    """The language of what the bot says of itself: English, but for the gists."""
    return _languages().get(text, "en")


@functools.cache
def _languages() -> dict[str, str]:
    told = _read()["in_other_languages"]
    return {text: language for language, gists in told.items() for text in gists.values()}


@functools.cache
def _read() -> dict[str, Any]:
    return tomllib.loads(files("bot.guard").joinpath("texts.toml").read_text(encoding="utf-8"))
