"""Settings: the only place that reads the environment."""

import difflib
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import ConfigError

PREFIX = "FOOTNOTE_"

PLANNED = frozenset({"MODEL", "ALLOWED_ORIGINS", "RATE_LIMIT"})
"""Settings that the contract names and that have no effect yet: set, they are warned of, not refused."""

_log = logging.getLogger(__name__)


class Settings(BaseSettings):
    """How Footnote runs. Each field is read from `FOOTNOTE_<NAME>` unless given here."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    corpus_dir: Path = Field(Path("corpus"), description="Folder with the documents the bot may quote.")
    var_dir: Path = Field(
        Path("var"), description="Folder for the index, built anew when it is missing, and for conversations."
    )
    host: str = Field("127.0.0.1", min_length=1, description="Address to listen on.")
    port: int = Field(7860, ge=1, le=65535, description="Port to listen on.")
    embedding_model: str = Field(
        "all-MiniLM-L6-v2",
        min_length=1,
        description="`all-MiniLM-L6-v2`, or a folder holding a sentence-transformers model.",
    )
    chroma_url: str = Field(
        "", description="Address of a Chroma server, such as `http://localhost:8000`; empty: embedded, on disk."
    )
    database_url: str = Field(
        "",
        description="Where conversations are kept, as SQLAlchemy writes it, such as `postgresql+psycopg://…`;"
        " `sqlite://`: in memory; empty: SQLite in `VAR_DIR`.",
    )
    retention_days: int = Field(
        30, ge=1, le=3650, description="Days after its last message until a conversation is deleted."
    )
    log_level: str = Field("INFO", description="`DEBUG`, `INFO`, `WARNING` or `ERROR`.")

    @field_validator("chroma_url")
    @classmethod
    def _http_only(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://, or be empty")
        return value

    @property
    def conversations_url(self) -> str:
        """`database_url`, or where it is empty a file in `var_dir`."""
        return self.database_url or f"sqlite:///{self.var_dir / 'conversations.sqlite3'}"

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @classmethod
    def read(cls, **given: Any) -> Self:
        """Settings from the environment, `given` first; None in `given` means not given.

        Raises ConfigError, one line naming the setting, for a wrong value or an unknown name.
        """
        _check_names(os.environ, known=cls.model_fields.keys())
        try:
            return cls(**{name: value for name, value in given.items() if value is not None})
        except ValidationError as error:
            first = error.errors()[0]
            name = f"{PREFIX}{str(first['loc'][0]).upper()}"
            raise ConfigError(f"{name}={first['input']!r}: {first['msg']}. See the settings in README.md.") from None


def _check_names(environment: Mapping[str, str], known: Any) -> None:
    legal = {name.upper() for name in known}
    for variable in sorted(environment):
        name = variable.removeprefix(PREFIX)
        if name == variable or name in legal:
            continue
        if name in PLANNED:
            _log.warning("%s is set but has no effect in this version", variable)
            continue
        near = difflib.get_close_matches(name, legal, n=1)
        hint = f"Did you mean {PREFIX}{near[0]}?" if near else "The settings are listed in README.md."
        raise ConfigError(f"{variable} is not a setting. {hint}")
