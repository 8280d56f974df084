"""Retrieval in a conversation: which passage answers this turn, with what answered the earlier turns in the pool.

Made of iKAT's test topics: the pool is every reply to any turn of any topic, the one that was given to a turn is what
is to be found. Without the earlier replies in the pool, gluing all messages together looks good.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.conversation.following import Following
from bot.ports import Encoder
from bot.retrieval.pipeline import Retrieval
from bot.terms import english_ranks
from bot.values import Corpus, Hit, Query
from evals.external.rewriting import Topic, read_topics, set_aside
from evals.external.score import Score
from evals.in_memory import encode_all, retrieval_over
from evals.metrics.ranking import ndcg
from evals.public import corpus_of
from evals.stats import estimate

CUT = 5
_FEWEST_WORDS = 20
"""Shorter replies are questions back, or thanks: nothing to be found."""

_NAME = "iKAT 2023"


@dataclass(frozen=True, slots=True)
class _Turn:
    topic: str
    message: str
    questions: tuple[str, ...]
    """Earlier ones as the bot understands them."""
    shown: str
    """The reply before."""
    wanted: int
    """Passage of the reply to it."""


Search = Callable[[_Turn], Sequence[Hit]]


def multiturn_scores(data: Path, encoder: Encoder) -> Iterator[Score]:
    """nDCG@CUT of the bot, of the last message alone, and of messages glued together; and by how much the bot is above
    either, with the interval of the difference.
    """
    topics = [topic for topic in set_aside(list(read_topics(data))) if topic.responses]
    replies = [" ".join(reply.split()) for topic in topics for reply in topic.responses]
    pool = list(dict.fromkeys(reply for reply in replies if len(reply.split()) >= _FEWEST_WORDS))
    corpus = corpus_of(_NAME, pool)
    retrieval = retrieval_over(corpus, encoder, encode_all(encoder, corpus, {}))
    turns = [turn for topic in topics for turn in _turns(topic, pool)]
    following = Following.load(english_ranks())
    systems: dict[str, Search] = {
        "footnote": lambda turn: _followed(turn, following, retrieval),
        "last message": lambda turn: _found(turn.message, retrieval),
        "last two messages": lambda turn: _found(" ".join([*turn.questions[-1:], turn.message]), retrieval),
        "whole history": lambda turn: _found(" ".join([*turn.questions, turn.message]), retrieval),
    }
    gains = {name: [_gain(corpus, search(turn), turn) for turn in turns] for name, search in systems.items()}
    clusters = [turn.topic for turn in turns]
    for name, found in gains.items():
        yield Score("multiturn", _NAME, name, f"nDCG@{CUT}", estimate([(gain,) for gain in found], clusters))
    for name in list(systems)[1:]:
        above = [(ours - theirs,) for ours, theirs in zip(gains["footnote"], gains[name], strict=True)]
        yield Score("multiturn", _NAME, f"footnote less {name}", f"nDCG@{CUT}", estimate(above, clusters))


def _turns(topic: Topic, pool: Sequence[str]) -> Iterator[_Turn]:
    """Those after the first whose reply is in the pool."""
    following = Following.load(english_ranks())
    questions: list[str] = []
    shown = ""
    for (message, _), response in zip(topic.turns, topic.responses, strict=True):
        reply = " ".join(response.split())
        if questions and reply in pool:
            yield _Turn(topic.id, message, tuple(questions), shown, pool.index(reply))
        questions.append(following.read(message, questions, [shown])[1])
        shown = reply


def _followed(turn: _Turn, following: Following, retrieval: Retrieval) -> Sequence[Hit]:
    understanding, text, readings = following.read(turn.message, turn.questions, [turn.shown])
    return retrieval.retriever(Query("", text, turn.message, readings, understanding)).hits


def _found(text: str, retrieval: Retrieval) -> Sequence[Hit]:
    return retrieval.retriever(Query("", text)).hits


def _gain(corpus: Corpus, hits: Sequence[Hit], turn: _Turn) -> float:
    """By the passages that the hits stand in, best first."""
    passages = list(dict.fromkeys(corpus.sentences[hit.sentence_id].passage_id for hit in hits))
    return ndcg([passage == turn.wanted for passage in passages], 1, CUT)
