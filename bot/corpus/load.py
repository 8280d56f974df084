"""A folder of files becomes a Corpus, or an error that names the file and the remedy."""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from bot.corpus.cautions import CAUTIONS_FILE, load_cautions
from bot.corpus.disclaimer import find_disclaimer
from bot.corpus.front_matter import FrontMatter, read_front_matter
from bot.corpus.glossary import GLOSSARY_FILE, load_glossary
from bot.corpus.markup import READERS
from bot.corpus.questions import QUESTIONS_FILE, load_questions
from bot.corpus.sentences import split_document
from bot.errors import CorpusError
from bot.values import Corpus, Document, Passage, Sentence

MAX_FILE_BYTES = 5 * 1024 * 1024
"""A file above this is refused: it is a dump, not a page, and would take minutes to embed."""

_NOT_DOCUMENTS = {"README.md"}


def load_corpus(folder: Path) -> Corpus:
    """Reads every `.md`, `.html` and `.txt` below `folder`, in the order of their paths.

    Hidden files and `README.md` are passed over. Beside the documents there may be a question bank,
    a glossary and cautions.
    Raises CorpusError.
    """
    if not folder.is_dir():
        raise CorpusError(
            folder, "there is no such folder", "Set FOOTNOTE_CORPUS_DIR to the folder with your documents"
        )
    documents: dict[str, Document] = {}
    origins: dict[str, Path] = {}
    fronts: list[tuple[Path, FrontMatter, Document]] = []
    for path in _files(folder):
        front, document = _read_document(path, folder)
        if document.id in origins:
            other = origins[document.id]
            raise CorpusError(path, f"has the same document id, {document.id!r}, as {other}", "Rename one of the two")
        documents[document.id] = document
        origins[document.id] = path
        fronts.append((path, front, document))
    if not documents:
        raise CorpusError(folder, "holds no document", "Add .md, .html or .txt files with front matter; see README.md")
    passages, sentences = _split(documents.values())
    if not sentences:
        raise CorpusError(folder, "holds no sentence to quote", "Add text below the front matter of its documents")
    disclaimer = find_disclaimer(folder, fronts, sentences)
    bank = load_questions(folder / QUESTIONS_FILE, documents, sentences)
    glossary = load_glossary(folder / GLOSSARY_FILE)
    cautions = load_cautions(folder / CAUTIONS_FILE, sentences)
    return Corpus(documents, passages, sentences, disclaimer, bank, glossary, cautions)


def _files(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.suffix.lower() in READERS and path.is_file())
    return sorted(
        path
        for path in found
        if path.name not in _NOT_DOCUMENTS and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _read_document(path: Path, folder: Path) -> tuple[FrontMatter, Document]:
    raw = _read_bytes(path)
    try:
        source = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise CorpusError(path, "is not UTF-8 text", "Save the file as UTF-8", line) from None
    if "\0" in source:
        line = source.count("\n", 0, source.index("\0")) + 1
        raise CorpusError(path, "holds a NUL character, so it is not a text file", "Remove it or the file", line)
    front, body = read_front_matter(path, source.replace("\r\n", "\n").replace("\r", "\n"))
    text, blocks = READERS[path.suffix.lower()](body)
    return front, Document(
        id=_document_id(path.relative_to(folder)),
        title=front.title,
        author=front.author,
        publisher=front.publisher,
        language=front.language,
        text=text,
        blocks=blocks,
        digest=hashlib.sha256(raw).hexdigest(),
        url=front.url,
        published=front.published,
    )


def _read_bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            problem = f"has {size / 1024 / 1024:.1f} MB; the limit is {MAX_FILE_BYTES // 1024 // 1024} MB"
            raise CorpusError(path, problem, "Split it into one file a page, or remove it")
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(path, f"cannot be read ({error.strerror})", "Check the file and its permissions") from None


def _document_id(relative: Path) -> str:
    """`psilocybin-plasticity/article.md` → `psilocybin-plasticity-article`: safe in a URL path."""
    stem = "-".join(relative.with_suffix("").parts).lower()
    return re.sub(r"[^\w.-]+", "-", stem).strip("-.") or "document"


def _split(documents: Iterable[Document]) -> tuple[tuple[Passage, ...], tuple[Sentence, ...]]:
    passages: list[Passage] = []
    sentences: list[Sentence] = []
    for document in documents:
        new_passages, new_sentences = split_document(document, len(passages), len(sentences))
        passages.extend(new_passages)
        sentences.extend(new_sentences)
    return tuple(passages), tuple(sentences)
