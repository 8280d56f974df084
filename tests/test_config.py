import pytest

from bot import Settings
from bot.errors import ConfigError


def test_defaults_and_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.read().port == 7860
    monkeypatch.setenv("FOOTNOTE_PORT", "8000")
    assert Settings.read().port == 8000
    assert Settings.read(port=9000, corpus_dir=None).port == 9000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FOOTNOTE_PORT", "many"),
        ("FOOTNOTE_PORT", "70000"),
        ("FOOTNOTE_LOG_LEVEL", "loud"),
        ("FOOTNOTE_CHROMA_URL", "chroma:8000"),
        ("FOOTNOTE_CORPUS", "corpus"),
        ("FOOTNOTE_ALLOWED_ORIGINS", "*"),
        ("FOOTNOTE_ALLOWED_ORIGINS", "example.org"),
        ("FOOTNOTE_ALLOWED_ORIGINS", "null"),
        ("FOOTNOTE_ALLOWED_ORIGINS", "https://*.example.org"),
        ("FOOTNOTE_ALLOWED_ORIGINS", "https://example.org/"),
        ("FOOTNOTE_ALLOWED_ORIGINS", "https://example.org/page"),
        ("FOOTNOTE_ALLOWED_ORIGINS", "https://Example.org"),
        ("FOOTNOTE_ALLOWED_ORIGINS", "https://example.org."),
        ("FOOTNOTE_ALLOWED_ORIGINS", "https://example.org:443"),
        ("FOOTNOTE_ALLOWED_ORIGINS", "https://user@example.org"),
        ("FOOTNOTE_ALLOWED_ORIGINS", "ftp://example.org"),
        ("FOOTNOTE_ALLOWED_ORIGINS", "https://example.org https://other.org"),
        ("FOOTNOTE_RATE_LIMIT", "many"),
        ("FOOTNOTE_RATE_LIMIT", "30"),
        ("FOOTNOTE_RATE_LIMIT", "0/minute"),
        ("FOOTNOTE_RATE_LIMIT", "-1/minute"),
        ("FOOTNOTE_RATE_LIMIT", "30/minute;100/hour"),
        ("FOOTNOTE_TRUSTED_PROXIES", "localhost"),
        ("FOOTNOTE_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("FOOTNOTE_TRUSTED_PROXIES", "10.0.0.0/8, *"),
    ],
)
def test_a_wrong_value_or_name_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=name) as caught:
        Settings.read()
    assert "\n" not in str(caught.value)


def test_a_near_name_is_suggested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_CORPUS_DIRS", "x")
    with pytest.raises(ConfigError, match="FOOTNOTE_CORPUS_DIR\\?"):
        Settings.read()


def test_a_planned_setting_is_warned_of(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("FOOTNOTE_MODEL", "openai:some")
    Settings.read()
    assert "FOOTNOTE_MODEL is set but has no effect" in caplog.text


def test_lists_and_limits_are_read() -> None:
    read = Settings(
        allowed_origins="https://example.org, http://localhost:3000,",
        rate_limit="5 per 2 hours",
        trusted_proxies="10.0.0.0/8,::1",
    )
    assert read.origins == {"https://example.org", "http://localhost:3000"}
    assert read.limit is not None
    assert (read.limit.amount, read.limit.get_expiry()) == (5, 7200)
    assert [str(network) for network in read.proxies] == ["10.0.0.0/8", "::1/128"]
    assert Settings(rate_limit="off").limit is None
    assert not Settings().origins
    assert not Settings().proxies
