"""Public question-answering data, read through a path, as corpora with questions."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.corpus.sentences import split_document
from bot.values import Block, Corpus, Document

SQUAD_FILES = ("squad2_cs224n_dev/dev-v2.0.json", "covid_qa/200423_covidQA.json")
"""Below the data folder; both in SQuAD's format."""

QED_FILE = "qed_dev/qed-dev.jsonlines"

PARAGRAPHS_A_SITE = 30


SOURCES: Mapping[str, Callable[[Path], Iterator["QuestionedCorpus"]]] = MappingProxyType(
    {
        "SQuAD": lambda data: read_squad(data / SQUAD_FILES[0]),
        "COVID-QA": lambda data: read_squad(data / SQUAD_FILES[1]),
        "QED": lambda data: read_qed(data / QED_FILE),
    }
)
"""Name → its articles, from the data folder."""

_FITTED_OF_TEN = 7


def fitted_on(source: str, data: Path) -> list["QuestionedCorpus"]:
    """The articles of a source that the adapter of the embedding model is fitted on: seven of ten."""
    return [article for number, article in enumerate(SOURCES[source](data)) if number % 10 < _FITTED_OF_TEN]


def set_aside(source: str, data: Path) -> list["QuestionedCorpus"]:
    """The others: on these, confidence is fitted and retrieval is measured."""
    return [article for number, article in enumerate(SOURCES[source](data)) if number % 10 >= _FITTED_OF_TEN]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the sentences that hold its answer; `passage_id` None when there is none."""

    question: str
    sentence_ids: frozenset[int]
    passage_id: int | None
    answers: tuple[str, ...] = ()
    """What a right answer says, in the document's words; any of them."""


@dataclass(frozen=True, slots=True)
class QuestionedCorpus:
    """One article as a corpus of its own, with what people asked about it."""

    name: str
    corpus: Corpus
    asked: tuple[Asked, ...]


def read_squad(path: Path) -> Iterator[QuestionedCorpus]:
    """Each article of a file in SQuAD's format; a paragraph is a passage."""
    for number, article in enumerate(json.loads(path.read_text(encoding="utf-8"))["data"]):
        paragraphs = [(_tidy(paragraph["context"]), paragraph["qas"]) for paragraph in article["paragraphs"]]
        yield _questioned(f"{path.stem}-{number}", paragraphs)


def _questioned(name: str, paragraphs: Sequence[tuple[str, Sequence[dict[str, Any]]]]) -> QuestionedCorpus:
    """paragraphs: each tidied context with its questions, in SQuAD's format."""
    corpus = corpus_of(name, [part for context, _ in paragraphs for part in context.split("\n\n")])
    asked: list[Asked] = []
    start = 0
    for context, entries in paragraphs:
        asked.extend(_asked(entry, start, corpus) for entry in entries)
        start += len(context) + 2
    return QuestionedCorpus(name, corpus, tuple(asked))


def corpus_of(name: str, paragraphs: Sequence[str]) -> Corpus:
    """A corpus of one document without disclaimer, each paragraph a passage."""
    blocks = []
    at = 0
    for paragraph in paragraphs:
        blocks.append(Block("paragraph", at, at + len(paragraph)))
        at += len(paragraph) + 2
    text = "\n\n".join(paragraphs)
    digest = hashlib.sha256(text.encode()).hexdigest()
    document = Document(name, name, "unknown", "unknown", "en", text, tuple(blocks), digest)
    passages, sentences = split_document(document, 0, 0)
    return Corpus({name: document}, tuple(passages), tuple(sentences), None)


def _tidy(context: str) -> str:
    """The context with as many characters, but every white space a plain one and no empty paragraph."""
    parts = context.split("\n\n")
    return "\n\n".join("".join(" " if char.isspace() else char for char in part) or " " for part in parts)


def _asked(entry: dict[str, Any], offset: int, corpus: Corpus) -> Asked:
    if entry.get("is_impossible") or not entry["answers"]:
        return Asked(entry["question"], frozenset(), None)
    places = [offset + answer["answer_start"] for answer in entry["answers"]]
    holding = [s for s in corpus.sentences if any(s.start <= place < s.end for place in places)]
    passage_id = holding[0].passage_id if holding else None
    said = tuple(dict.fromkeys(answer["text"] for answer in entry["answers"] if answer.get("text")))
    return Asked(entry["question"].strip(), frozenset(sentence.id for sentence in holding), passage_id, said)


def read_qed(path: Path) -> Iterator[QuestionedCorpus]:
    """Real search questions over paragraphs, which are grouped by topic into sites of about 30.

    The groups are k-means clusters of the paragraphs' words (TF-IDF, 100 principal directions): each paragraph stands
    among its like, and no model that is measured has a say in it.
    """
    from sklearn.cluster import KMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import Normalizer

    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["original_nq_answers"]]
    words = TfidfVectorizer(stop_words="english", sublinear_tf=True)
    space = make_pipeline(words, TruncatedSVD(100, random_state=0), Normalizer())
    vectors = space.fit_transform([row["paragraph_text"] for row in rows])
    clusters = KMeans(n_clusters=max(1, len(rows) // PARAGRAPHS_A_SITE), n_init=1, random_state=0).fit_predict(vectors)
    for cluster in sorted(set(clusters.tolist())):
        members = [row for row, own in zip(rows, clusters, strict=True) if own == cluster]
        yield _questioned(
            f"qed-{cluster}", [(_tidy(row["paragraph_text"]).replace("\n", " "), [_as_squad(row)]) for row in members]
        )


def _as_squad(row: dict[str, Any]) -> dict[str, Any]:
    spans = [span for group in row["original_nq_answers"] for span in group]
    answers = [{"answer_start": span["start"], "text": span["string"]} for span in spans]
    return {"question": row["question_text"], "answers": answers}
