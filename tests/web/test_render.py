import re
from html.parser import HTMLParser

import pytest

from bot import Bot
from bot.answering.citations import cite
from bot.guard.seal import Seal
from bot.values import Draft, DraftSentence, Query
from bot.web.render import plain_text, reply_html
from tests.fakes import corpus_from

ATTACKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<b onmouseover=alert(1)>x</b>",
    "[a](javascript:alert(1)) **b**",
    "`</code>` & $x$",
]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.attributes |= {name for name, _ in attrs}


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_becomes_markup(attack: str) -> None:
    corpus = corpus_from(f"It says {attack} here.", disclaimer=f"Disclaimer {attack}.")
    ids = tuple(sentence.id for sentence in corpus.sentences)
    draft = Draft(
        Query("c", attack), "answer", tuple(DraftSentence(attack, (i,)) for i in ids), 1.0, "x", unanswered=(attack,)
    )
    html = reply_html(Seal(corpus)(cite(corpus, draft)))
    tags = Tags()
    tags.feed(html)
    assert tags.found <= {"div", "p", "span", "sup", "a", "aside", "details", "summary", "blockquote", "mark", "button"}
    assert not any(name.startswith("on") for name in tags.attributes)
    assert html.count("fn-notice") == 1
    assert "\n" not in html


def test_a_note_shows_the_sentence_marked_in_its_paragraph(bot: Bot) -> None:
    reply = bot.ask("What is the default mode network?")
    html = reply_html(reply)
    assert html.count("<mark>") == len(reply.citations)
    assert html.count('class="fn-disclaimer"') == 1
    for citation in reply.citations:
        assert citation.quote in plain_text(reply)


@pytest.mark.parametrize("question", ["What is the default mode network?", "How tall is Mount Everest?"])
def test_a_copied_reply_has_its_sources_with_it(bot: Bot, question: str) -> None:
    reply = bot.ask(question)
    places = reply.citations or reply.related
    assert places
    assert [place.n for place in places if f"{place.quote}” (" not in plain_text(reply)] == []
    assert [place.n for place in places if f") {place.url}" not in plain_text(reply)] == []


def test_a_streaming_reply_shows_only_what_has_come(bot: Bot) -> None:
    reply = bot.ask("What is the default mode network?")
    assert reply_html(reply, 1).count("fn-sentence") == 1
    assert "fn-copy" not in reply_html(reply, 1)
    assert "fn-disclaimer" in reply_html(reply, 1)


def test_what_is_said_in_another_language_is_marked_as_such(bot: Bot) -> None:
    shown = reply_html(bot.ask("Je veux me suicider ce soir"))
    assert re.findall(r'<span class="fn-sentence" lang="(\w+)">', shown) == ["fr", "en"]
    assert "lang=" not in reply_html(bot.ask("What is the default mode network?"))
