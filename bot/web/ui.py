"""The chat page, by Gradio. The only module that imports it."""

import os
from collections.abc import Iterator
from html import escape
from importlib.resources import files
from typing import Any

from fastapi import FastAPI

from bot.errors import FootnoteError, HistoryError
from bot.values import MAX_MESSAGE, Reply
from bot.web.render import reply_html
from bot.web.schema import GREETING, MAX_EXAMPLES
from bot.wiring import Bot

_HEAD = '<script src="/ui/chat.js" defer></script>'
_FONT = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"]
_MONO = ["ui-monospace", "Menlo", "Consolas", "monospace"]
"""Fonts of the visitor's own device: the themes' default comes from another host."""

_NOT_FORGOTTEN = "This conversation could not be deleted just now. Please try again in a few seconds."

Messages = list[dict[str, Any]]
Shown = tuple[str, Messages, str | None]
"""Text left in the box, messages, conversation id."""


def create_page(bot: Bot) -> FastAPI:
    """The page as an application of its own, to be mounted at `/`. Imports Gradio: takes seconds."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio

    theme = gradio.themes.Base(primary_hue="teal", neutral_hue="slate", font=_FONT, font_mono=_MONO)
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    page: FastAPI = gradio.mount_gradio_app(
        app,
        _blocks(bot),
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        theme=theme,
        css=(files("bot.web") / "static" / "chat.css").read_text(encoding="utf-8"),
        head=_HEAD,
    )
    return page


def _blocks(bot: Bot) -> Any:
    import gradio

    document = next(iter(bot.corpus.documents.values()))
    examples = [{"text": question} for question in bot.corpus.questions()[:MAX_EXAMPLES]]
    with gradio.Blocks(title=document.title, fill_height=True, analytics_enabled=False) as blocks:
        conversation = gradio.State(None)
        with gradio.Row(elem_id="fn-head"):
            gradio.Markdown(f"# {document.title}\n{document.author} · {document.publisher}")
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
            placeholder="Ask about this article",
            label="Your question",
            show_label=False,
            max_length=MAX_MESSAGE,
            submit_btn=True,
            lines=1,
            max_lines=6,
            elem_id="fn-question",
        )
        _connect(bot, chat, box, (clear, forget), conversation)
    return blocks


def _connect(bot: Bot, chat: Any, box: Any, buttons: tuple[Any, Any], conversation: Any) -> None:
    import gradio

    def ask(question: str, shown: Messages, conversation_id: str | None) -> Iterator[Shown]:
        yield from _respond(bot, question, shown, conversation_id)

    def example(shown: Messages, conversation_id: str | None, event: gradio.SelectData) -> Iterator[Any]:
        value = event.value
        yield from ask(value["text"] if isinstance(value, dict) else str(value), shown, conversation_id)

    outputs = [box, chat, conversation]
    # No queue position, no limit: an answer takes milliseconds, Gradio's default lets visitors wait in line.
    options: dict[str, Any] = {"concurrency_limit": None, "show_progress": "hidden", "api_visibility": "private"}
    box.submit(ask, [box, chat, conversation], outputs, **options)
    for chosen in (chat.example_select, chat.option_select):
        chosen(example, [chat, conversation], outputs, **options)
    clear, forget = buttons
    clear.click(lambda: ("", [], None), None, outputs, **options)
    forget.click(
        lambda shown, conversation_id: _forget(bot, shown, conversation_id), [chat, conversation], outputs, **options
    )


def _respond(bot: Bot, question: str, shown: Messages, conversation_id: str | None) -> Iterator[Shown]:
    """What to show, again with each sentence that arrives. A question that cannot be read stays in the box."""
    asked = [*({**message, "options": None} for message in shown), {"role": "user", "content": _escaped(question)}]
    try:
        reply = bot.ask(question, conversation_id)
    except FootnoteError as error:
        yield question, [*shown, {"role": "assistant", "content": str(error)}], conversation_id
        return
    for count in range(1, len(reply.sentences)):
        yield "", [*asked, {"role": "assistant", "content": reply_html(reply, count)}], reply.conversation_id
    yield "", [*asked, _whole(reply)], reply.conversation_id


def _forget(bot: Bot, shown: Messages, conversation_id: str | None) -> Shown:
    """An empty page, and nothing left on the server; or the page as it was, saying why not."""
    try:
        if conversation_id is not None:
            bot.history.forget(conversation_id)
    except HistoryError:
        return "", [*shown, {"role": "assistant", "content": _NOT_FORGOTTEN}], conversation_id
    return "", [], None


def _whole(reply: Reply) -> dict[str, Any]:
    options = [{"value": question} for question in reply.suggestions]
    return {"role": "assistant", "content": reply_html(reply), "options": options}


def _escaped(question: str) -> str:
    """What the visitor wrote, as text: the component would read Markdown and HTML in it."""
    encodable = question.encode("utf-8", "replace").decode("utf-8")
    return f'<div class="fn-asked">{" ".join(escape(encodable).split())}</div>'
