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
    monkeypatch.setenv("FOOTNOTE_RATE_LIMIT", "off")
    Settings.read()
    assert "FOOTNOTE_RATE_LIMIT is set but has no effect" in caplog.text
