"""Settings → a bot that answers. The only module that knows every room."""

from __future__ import annotations

import contextlib
import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import Settings
from bot.corpus import load_corpus
from bot.errors import HistoryError, MessageError
from bot.text import clean_message, shortened
from bot.values import MAX_COMMENT, Citation, Conversation, Corpus, Feedback, Notice, Rating, Reply, Turn

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import Runnable

    from bot.conversation.history import History
    from bot.conversation.reader import Reader
    from bot.guard.screen import Screen
    from bot.heads import Head
    from bot.index.build import Model
    from bot.models.entailment import OnnxEntailment
    from bot.ports import Progress, Searcher, TextEncoder


_WARMING = "Which question comes first?"
_CHECKED = 100
"""Sentences that an exported cross-encoder is checked on."""


@dataclass(frozen=True, slots=True)
class Found:
    """A search result. `score` in 0..1 is the logistic of the fused score; .5 is an average sentence."""

    citation: Citation
    score: float
    rank: int
    """1.. , best first."""


class Bot:
    """Answers questions from a corpus. Made by `Bot.open`; safe to use from several threads."""

    def __init__(
        self, corpus: Corpus, searcher: Searcher, history: History, screen: Screen, chain: Runnable[Turn, Reply]
    ) -> None:
        self.corpus = corpus
        self.chain = chain
        self.history = history
        self._searcher = searcher
        self._screen = screen

    @classmethod
    def open(cls, settings: Settings | None = None, progress: Progress | None = None) -> Bot:
        """Builds the index of the corpus, or reopens it.

        settings: read from the environment when None. progress: told of the steps of a build.
        Raises CorpusError, ConfigError or IndexStoreError, each with what to do.
        """
        settings = settings or Settings.read()
        corpus = load_corpus(settings.corpus_dir)
        folder = build_index(settings, corpus, progress)
        return _open(settings, corpus, folder)

    def ask(self, message: str, conversation_id: str | None = None) -> Reply:
        """The reply to `message`. Raises MessageError when it is empty or too long.

        conversation_id: of an earlier reply, to go on; an unknown one starts a new conversation.
        """
        return self.chain.invoke(Turn(message, conversation_id))

    def help_lines(self, message: str, conversation_id: str | None = None) -> Reply | None:
        """The reply to somebody in danger; None to any other message, of which nothing is kept. Raises as `ask`."""
        from bot.guard.crisis import take_over, takes_over

        turn = Turn(message, conversation_id)
        known: Conversation | None = None
        if conversation_id is not None and self.history.problem is None:
            with contextlib.suppress(HistoryError):
                known = self.history.read(conversation_id)
        if not takes_over(replace(turn, decision=self._screen.decide(message, known))):
            return None
        return self.history.keep(take_over(self._screen(turn)))

    def rate(self, reply_id: str, rating: Rating, comment: str | None = None) -> bool:
        """Keeps what a visitor thinks of a reply, the latest counts; whether there is such a reply.

        comment: kept without what tells who the visitor is. Raises MessageError when it is too long, and HistoryError.
        """
        from bot.guard.personal import masked

        length = len((comment or "").strip())
        if length > MAX_COMMENT:
            raise MessageError(f"The comment has {length} characters; the limit is {MAX_COMMENT}. Please shorten it.")
        said, _ = masked(shortened(comment or ""))
        return self.history.rate(reply_id, rating, said or None)

    def warm(self) -> None:
        """Asks a question of its own, so that the first visitor does not wait; nothing of it is kept."""
        reply = self.ask(_WARMING)
        with contextlib.suppress(HistoryError):
            self.history.forget(reply.conversation_id)

    def search(self, text: str, k: int = 5) -> tuple[Found, ...]:
        """Retrieval alone, best first, at most `k`. Raises MessageError, or ValueError unless k >= 1."""
        from bot.answering.citations import citation_of

        hits = self._searcher.search(clean_message(text), k)
        return tuple(
            Found(citation_of(self.corpus, hit.sentence_id, 0), 1 / (1 + math.exp(-hit.score)), rank)
            for rank, hit in enumerate(hits, start=1)
        )

    def retriever(self, k: int = 5) -> BaseRetriever:
        """A LangChain retriever over the same retrieval. Raises ValueError unless k >= 1."""
        from bot.retrieval.langchain import SentenceRetriever

        return SentenceRetriever(corpus=self.corpus, searcher=self._searcher, k=k)


def build_index(settings: Settings, corpus: Corpus, progress: Progress | None = None) -> Path:
    """The directory of the corpus's index, built where there is none. Raises as `Bot.open` does."""
    from bot.index.build import ensure_index

    return ensure_index(settings.var_dir / "index", corpus, _model(settings.embedding_model), progress or _silent)


def open_entailment(settings: Settings, corpus: Corpus) -> OnnxEntailment:
    """The cross-encoder of the faithfulness scorer; exported the first time, as visitors' questions do not need it.

    corpus: texts that the export is checked on. Raises IndexStoreError.
    """
    from bot.models.entailment import OnnxEntailment, ensure_entailment

    texts = [sentence.text for sentence in corpus.sentences[:_CHECKED]]
    return OnnxEntailment(ensure_entailment(settings.var_dir / "entailment", texts))


def read_feedback(settings: Settings) -> tuple[Feedback, ...]:
    """What visitors thought of replies, newest first. Opens the database alone. Raises ConfigError or HistoryError."""
    from bot.store.conversations import SqlConversationStore

    return SqlConversationStore(settings.conversations_url, settings.retention_days).rated()


def _model(name: str) -> Model:
    from bot.index.build import Model
    from bot.models.adapter import adapter_digest
    from bot.models.embeddings import OnnxEncoder
    from bot.models.messages import FILE, MESSAGES
    from bot.models.resolve import model_fingerprint, resolve_model

    source = resolve_model(name)

    def export(target: Path, texts: Sequence[str]) -> None:
        from bot.models.export import export_message_model, export_model

        export_model(source, target, texts)
        export_message_model(target / MESSAGES, texts)

    digests = [model_fingerprint(source), adapter_digest(), adapter_digest(FILE)]
    return Model("+".join(digests), export, OnnxEncoder)


def _open(settings: Settings, corpus: Corpus, folder: Path) -> Bot:
    from bot.answering.answerer import Answerer
    from bot.answering.citations import cite
    from bot.answering.extractive import ExtractiveAnswerer
    from bot.answering.suggestions import QuestionSuggester
    from bot.chain import Stages, build_chain
    from bot.conversation.history import History
    from bot.guard.copying import CopyingLimit
    from bot.guard.crisis import take_over, takes_over
    from bot.guard.seal import Seal
    from bot.index.build import MODEL
    from bot.index.open import open_index
    from bot.models.embeddings import OnnxEncoder
    from bot.models.messages import MESSAGES, read_heads
    from bot.retrieval.pipeline import Retrieval, Signals
    from bot.store.conversations import SqlConversationStore

    encoder = OnnxEncoder(folder / MODEL)
    index = open_index(folder, corpus, encoder, settings.chroma_url)
    retrieval = Retrieval.over(corpus, Signals(index.dense, index.lexical, index.tokens, index.cosine, index.bank))
    history = History(SqlConversationStore(settings.conversations_url, settings.retention_days))
    suggest, room = QuestionSuggester(corpus, encoder, index.encodings), CopyingLimit(corpus).room
    messages, heads = OnnxEncoder(folder / MODEL / MESSAGES), read_heads()
    screen = open_screen(corpus, messages, heads["guard"], history.recall)
    stages = Stages(
        screen=screen,
        takes_over=takes_over,
        take_over=take_over,
        read=_reader(corpus, retrieval.speller.correct, messages, heads["talk"]),
        review=screen.review,
        retrieve=retrieval.retriever,
        gate=retrieval.gate,
        answer=Answerer(corpus, ExtractiveAnswerer(corpus, index.cosine.likeness, suggest, room)),
        cite=functools.partial(cite, corpus),
        seal=Seal(corpus),
        keep=history.keep,
    )
    return Bot(corpus, retrieval.searcher(), history, screen, build_chain(stages))


def _reader(corpus: Corpus, correct: Callable[[str], str], messages: TextEncoder, head: Head) -> Reader:
    """What understands a message in its conversation. messages, head: as of `open_screen`, but its head for talk."""
    from bot.conversation.kinds import likening
    from bot.conversation.reader import Reader
    from bot.retrieval.asking import questions_in

    return Reader.over(corpus, correct, likening(messages, head), questions_in)


def open_screen(
    corpus: Corpus, messages: TextEncoder, head: Head, recall: Callable[[str | None], Conversation]
) -> Screen:
    """The guard's first stage. messages: the message model's encoder. head: its head for the guard."""
    from bot.guard.ngrams import NGrams
    from bot.guard.reader import GuardReader, likening
    from bot.guard.screen import Screen
    from bot.retrieval.asking import questions_in

    warnings: dict[str, tuple[Notice, ...]] = {}
    for caution in corpus.cautions:
        if caution.about:
            warnings[caution.about] = (*warnings.get(caution.about, ()), Notice("caution", caution.notice))
    reader = GuardReader(likening(messages, head), NGrams.load())
    return Screen(reader, recall, questions_in, warnings)


def _silent(step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""
