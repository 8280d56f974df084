"""The chat page, by Gradio. The only module that imports it."""

import logging
import os
from collections.abc import Iterator
from html import escape
from importlib.resources import files
from typing import Any

from fastapi import FastAPI

from bot.errors import FootnoteError, HistoryError
from bot.values import Corpus, Reply
from bot.web.metrics import Metrics
from bot.web.problems import log_unexpected
from bot.web.rates import Rates, too_many
from bot.web.render import reply_html
from bot.web.schema import GREETING, MAX_EXAMPLES
from bot.wiring import Bot

_HEAD = '<script src="/ui/chat.js" defer></script>'
_FONT = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"]
_MONO = ["ui-monospace", "Menlo", "Consolas", "monospace"]
"""Fonts of the visitor's own device: the themes' default comes from another host."""

_SHOWN = 256 * 1024
"""Characters of messages that stay on the page, about eighty turns: it sends them back with each question."""

_FAILED = "Something went wrong here, and your question was not answered. Please try again."
_NOT_FORGOTTEN = "This conversation could not be deleted just now. Please try again in a few seconds."

_log = logging.getLogger(__name__)

Messages = list[dict[str, Any]]
Shown = tuple[str, Messages, str | None]
"""Text left in the box, messages, conversation id."""


def create_page(bot: Bot, rates: Rates | None = None, metrics: Metrics | None = None) -> FastAPI:
    """The page as an application of its own, to be mounted at `/`. Imports Gradio: takes seconds.

    rates, metrics: shared with the API; None: visitors may ask as often as they like, and nothing is counted.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio

    theme = gradio.themes.Base(primary_hue="teal", neutral_hue="slate", font=_FONT, font_mono=_MONO)
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    page: FastAPI = gradio.mount_gradio_app(
        app,
        _blocks(_Visit(bot, rates or Rates(None), metrics or Metrics(lambda: True, lambda: True))),
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        max_file_size=1,
        theme=theme,
        css=(files("bot.web") / "static" / "chat.css").read_text(encoding="utf-8"),
        head=_HEAD,
    )
    return page


def _blocks(visit: "_Visit") -> Any:
    import gradio

    bot = visit.bot
    examples = [{"text": question} for question in bot.corpus.questions()[:MAX_EXAMPLES]]
    with gradio.Blocks(title=bot.corpus.name(), fill_height=True, analytics_enabled=False) as blocks:
        conversation = gradio.State(None)
        with gradio.Row(elem_id="fn-head"):
            gradio.Markdown(headline(bot.corpus))
            clear = gradio.Button("New conversation", elem_id="fn-clear", size="sm", scale=0, min_width=140)
            forget = gradio.Button("Forget this one", elem_id="fn-forget", size="sm", scale=0, min_width=140)
        chat = gradio.Chatbot(
            label="Conversation",
            show_label=False,
            elem_id="fn-chat",
            layout="panel",
            placeholder=GREETING,
            autoscroll=False,
            examples=examples,
            latex_delimiters=[],
            buttons=[],
            feedback_options=None,
            allow_tags=False,
            scale=1,
        )
        box = gradio.Textbox(
            placeholder="Ask about these pages",
            label="Your question",
            show_label=False,
            submit_btn=True,
            lines=1,
            max_lines=6,
            elem_id="fn-question",
        )
        _connect(visit, (box, chat, conversation), (clear, forget))
    return blocks


def headline(corpus: Corpus) -> str:
    """Markdown: the pages' name; below it their author, if they have one in common, and the publisher."""
    documents, name = corpus.documents.values(), corpus.name()
    authors = {document.author for document in documents}
    by = [*(authors if len(authors) == 1 else ()), next(iter(documents)).publisher]
    return f"# {name}\n{' · '.join(each for each in by if each != name)}"


def _connect(visit: "_Visit", shown: tuple[Any, Any, Any], buttons: tuple[Any, Any]) -> None:
    """Every event sends the same and gets the same, so that bot/web/joining.py can tell what else is sent."""
    import gradio

    def ask(question: str, shown: Messages, known: str | None, request: gradio.Request) -> Iterator[Shown]:
        yield from visit.ask(question, shown, known, _address(request))

    def choose(
        _: str, shown: Messages, known: str | None, event: gradio.SelectData, request: gradio.Request
    ) -> Iterator[Shown]:
        chosen = event.value["text"] if isinstance(event.value, dict) else event.value
        yield from visit.ask(chosen, shown, known, _address(request))

    # No queue position, no limit: an answer takes milliseconds, Gradio's default lets visitors wait in line.
    options: dict[str, Any] = {"concurrency_limit": None, "show_progress": "hidden", "api_visibility": "private"}
    box, chat, _ = shown
    clear, forget = buttons
    box.submit(ask, shown, shown, **options)
    chat.example_select(choose, shown, shown, **options)
    chat.option_select(choose, shown, shown, **options)
    clear.click(lambda *_: ("", [], None), shown, shown, **options)
    forget.click(visit.forget, shown, shown, **options)


def _address(request: Any) -> str:
    return request.client.host if request.client else ""


class _Visit:
    """What a visitor can do on the page. Nothing is raised: Gradio would print it, with what the visitor wrote."""

    def __init__(self, bot: Bot, rates: Rates, metrics: Metrics) -> None:
        self.bot = bot
        self._rates = rates
        self._metrics = metrics

    def ask(self, question: str, shown: Messages, known: str | None, address: str) -> list[Shown]:
        """What to show, again with each sentence that arrives. A question that is not answered stays in the box.

        known: the conversation's id, if there is one. address: the visitor's.
        """
        kept = _recent(shown)
        try:
            wait = self._rates.message(address, known)
            if not wait:
                return _shown(self._metrics.replied(self.bot.ask(question, known)), question, kept)
            # People in danger get help lines, however often they ask.
            helping = self.bot.help_lines(question, known)
            if helping is not None:
                return _shown(self._metrics.replied(helping), question, kept)
            instead = too_many(wait)
        except FootnoteError as error:
            instead = str(error)
        except Exception as error:  # whatever it is
            log_unexpected(_log, error)
            self._metrics.left_unanswered()
            instead = _FAILED
        return [(question, [*kept, {"role": "assistant", "content": instead}], known)]

    def forget(self, question: str, shown: Messages, known: str | None) -> Shown:
        """An empty page, and nothing left on the server; or the page as it was, saying why not."""
        try:
            if known is not None:
                self.bot.history.forget(known)
        except Exception as error:  # whatever it is
            if not isinstance(error, HistoryError):
                log_unexpected(_log, error)
            return question, [*_recent(shown), {"role": "assistant", "content": _NOT_FORGOTTEN}], known
        return "", [], None


def _shown(reply: Reply, question: str, before: Messages) -> list[Shown]:
    asked = [*({**message, "options": None} for message in before), {"role": "user", "content": _escaped(question)}]
    growing = [{"role": "assistant", "content": reply_html(reply, count)} for count in range(1, len(reply.sentences))]
    return [("", [*asked, answer], reply.conversation_id) for answer in (*growing, _whole(reply))]


def _recent(shown: Messages) -> Messages:
    """The last messages, as many as may stay."""
    left = _SHOWN
    for start in range(len(shown), 0, -1):
        left -= _length(shown[start - 1])
        if left < 0:
            return shown[start:]
    return shown


def _length(message: dict[str, Any]) -> int:
    return sum(len(str(piece.get("text", ""))) for piece in message["content"])


def _whole(reply: Reply) -> dict[str, Any]:
    options = [{"value": question} for question in reply.suggestions]
    return {"role": "assistant", "content": reply_html(reply), "options": options}


def _escaped(question: str) -> str:
    """What the visitor wrote, as text: the component would read Markdown and HTML in it."""
    return f'<div class="fn-asked">{" ".join(escape(question).split())}</div>'
