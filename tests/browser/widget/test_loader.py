"""The one tag, on all sorts of pages."""

from tests.browser.chromium import launched  # noqa: F401 - skips where there is no browser


def test_the_tag_gives_a_button_and_the_button_an_answer(visit) -> None:
    seen = visit()
    assert not any("/widget/panel" in url for url in seen.requested)
    seen.open()
    seen.ask()
    assert seen.panel.locator("button.reference").count() >= 1
    assert seen.complaints == []
