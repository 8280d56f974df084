"""Reading a message before searching: its words as the corpus's, its questions one by one."""

from collections.abc import Callable, Sequence

from bot.ports import Searcher
from bot.retrieval.asking import questions_in
from bot.values import Hit, Hits, Part, Query, Trace

CONTEXT_WEIGHT = 0.5
"""Of the whole message beside one question in it. Scores are added, not texts: glueing an earlier turn to a question
lost rank on public conversations where adding its scores gained."""

_ALL = 1_000

MAX_PARTS = 3
"""Questions of one message that are searched for; of others the reply says that they were not."""

_ASKING_NOTHING = ("smalltalk", "unclear")


class TranslatingSearcher:
    """A Searcher that reads the visitor's words as the corpus's."""

    def __init__(self, searcher: Searcher, translate: Callable[[str], str]) -> None:
        self._searcher = searcher
        self._translate = translate

    def search(self, text: str, k: int) -> tuple[Hit, ...]:
        return self._searcher.search(self._translate(text), k)


class Retriever:
    """Query → Hits; also a Searcher. A message that asks several things is searched for each, the whole of it added; of
    one that can be read in several ways, the scores of all readings are averaged.
    """

    def __init__(self, searcher: Searcher, k: int) -> None:
        """k: hits handed on, of the message and of each of its questions."""
        self._searcher = searcher
        self._k = k

    def __call__(self, query: Query) -> Hits:
        if query.understanding.relation in _ASKING_NOTHING:
            return Hits(query, ())
        parts = self._parts(query.text, self._whole(query), _asked_by(query))
        hits = _joined(parts)[: self._k]
        shown = tuple(Part(part.text, part.hits[: self._k]) for part in parts)
        return Hits(query, hits, shown if len(parts) > 1 else (), Trace(hits=hits))

    def search(self, text: str, k: int) -> tuple[Hit, ...]:
        if k < 1:
            raise ValueError(f"k must be at least 1, not {k!r}")
        return _joined(self._parts(text, self._searcher.search(text, _ALL), questions_in(text)))[:k]

    def _whole(self, query: Query) -> tuple[Hit, ...]:
        if not query.readings:
            return self._searcher.search(query.text, _ALL)
        return _averaged([(self._searcher.search(reading.text, _ALL), reading.weight) for reading in query.readings])

    def _parts(self, text: str, whole: tuple[Hit, ...], asked: tuple[str, ...]) -> list[Part]:
        """whole: hits of the message as a whole. asked: the questions in it."""
        if asked == (text,):
            return [Part(text, whole)]
        searched = [Part(part, _blended(self._searcher.search(part, _ALL), whole)) for part in asked[:MAX_PARTS]]
        return [*searched, *(Part(part, ()) for part in asked[MAX_PARTS:])]


def _asked_by(query: Query) -> tuple[str, ...]:
    """The questions in it; of a message that can be read in several ways, itself unless it asks several things."""
    asked = questions_in(query.text)
    is_one = query.understanding.relation == "about_answer" or len(asked) == 1
    return (query.text,) if query.readings and is_one else asked


def _blended(own: Sequence[Hit], whole: Sequence[Hit]) -> tuple[Hit, ...]:
    """Hits of one question, the whole message's scores added at CONTEXT_WEIGHT; on the scale of one search."""
    around = {hit.sentence_id: hit.score for hit in whole}
    lowest = min(around.values(), default=0.0)
    mixed = [
        Hit(hit.sentence_id, (hit.score + CONTEXT_WEIGHT * around.get(hit.sentence_id, lowest)) / (1 + CONTEXT_WEIGHT))
        for hit in own
    ]
    return tuple(sorted(mixed, key=lambda hit: -hit.score))


def _averaged(found: Sequence[tuple[Sequence[Hit], float]]) -> tuple[Hit, ...]:
    """Each sentence at the weighted mean of its scores; where a search does not have it, at that search's lowest."""
    whole = sum(weight for _, weight in found)
    base = sum(weight * _lowest(hits) for hits, weight in found)
    above: dict[int, float] = {}
    for hits, weight in found:
        for hit in hits:
            above[hit.sentence_id] = above.get(hit.sentence_id, 0.0) + weight * (hit.score - _lowest(hits))
    mean = [Hit(i, (base + score) / whole) for i, score in above.items()]
    return tuple(sorted(mean, key=lambda hit: (-hit.score, hit.sentence_id)))


def _lowest(hits: Sequence[Hit]) -> float:
    """Of hits best first."""
    return hits[-1].score if hits else 0.0


def _joined(parts: Sequence[Part]) -> tuple[Hit, ...]:
    """The best hit of each part, then all others by score; each sentence once, at its best score, the best hits at
    no lower one than the others.
    """
    if len(parts) == 1:
        return parts[0].hits
    best: dict[int, float] = {}
    for hit in (hit for part in parts for hit in part.hits):
        best[hit.sentence_id] = max(hit.score, best.get(hit.sentence_id, hit.score))
    first = {part.hits[0].sentence_id for part in parts if part.hits}
    rest = sorted((Hit(i, score) for i, score in best.items() if i not in first), key=lambda hit: -hit.score)
    least = rest[0].score if rest else 0.0
    leading = sorted((Hit(i, max(best[i], least)) for i in first), key=lambda hit: (-hit.score, hit.sentence_id))
    return (*leading, *rest)
