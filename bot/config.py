"""Settings: the only place that reads the environment."""

from __future__ import annotations

import difflib
import logging
import os
import re
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import ConfigError

if TYPE_CHECKING:
    from limits import RateLimitItem

Network = IPv4Network | IPv6Network

PREFIX = "FOOTNOTE_"

PLANNED = frozenset({"MODEL"})
"""Settings that the contract names and that have no effect yet: set, they are warned of, not refused."""

OFF = "off"
"""The `rate_limit` that limits nothing."""

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"
_ORIGIN = re.compile(rf"https?://(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9a-f:.]+\])(?::[1-9][0-9]{{0,4}})?")
_DEFAULT_PORT = re.compile(r"http://.*:80|https://.*:443")
"""A browser leaves it out, so that an origin with it would never be matched."""

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
    allowed_origins: str = Field(
        "",
        description="Other sites whose pages may show the widget and call the API, as `https://example.org`, commas"
        " between; empty: none.",
    )
    rate_limit: str = Field(
        "30/minute", description="Messages of one address, as the library `limits` writes it; `off`: no limits at all."
    )
    trusted_proxies: str = Field(
        "",
        description="Proxies whose `X-Forwarded-For` and `-Proto` are believed: addresses or networks, commas between.",
    )
    log_level: str = Field("INFO", description="`DEBUG`, `INFO`, `WARNING` or `ERROR`.")

    @field_validator("chroma_url")
    @classmethod
    def _http_only(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://, or be empty")
        return value

    @field_validator("allowed_origins")
    @classmethod
    def _exact_origins(cls, value: str) -> str:
        for origin in _parts(value):
            if not _ORIGIN.fullmatch(origin) or _DEFAULT_PORT.fullmatch(origin):
                raise ValueError("each must be as https://host or https://host:8443, in small letters, no path, no *")
        return value

    @field_validator("rate_limit")
    @classmethod
    def _readable_limit(cls, value: str) -> str:
        from limits import parse_many

        if value == OFF:
            return value
        try:
            found = parse_many(value)
        except ValueError:
            found = []
        if len(found) != 1 or found[0].amount < 1:
            raise ValueError("must be one limit, such as 30/minute, or off")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _known_networks(cls, value: str) -> str:
        for part in _parts(value):
            try:
                ip_network(part)
            except ValueError:
                raise ValueError("each must be an address or a network, such as 10.0.0.0/8") from None
        return value

    @property
    def origins(self) -> frozenset[str]:
        """`allowed_origins`, apart."""
        return frozenset(_parts(self.allowed_origins))

    @property
    def limit(self) -> RateLimitItem | None:
        """`rate_limit`, read; None when it is off."""
        from limits import parse

        return None if self.rate_limit == OFF else parse(self.rate_limit)

    @property
    def proxies(self) -> tuple[Network, ...]:
        """`trusted_proxies`, read."""
        return tuple(ip_network(part) for part in _parts(self.trusted_proxies))

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


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


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
