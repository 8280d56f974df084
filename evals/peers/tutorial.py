"""The pipeline that most tutorials build: 500-character chunks, MiniLM, Chroma, top 4.

Served over the same HTTP calls: `python -m evals.peers.tutorial --corpus corpus --var var --port 7861`.
"""

import argparse
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.models.resolve import DEFAULT, resolve_model

CHUNK = 500
OVERLAP = 50
TOP = 4


class TutorialPipeline:
    """Chunks by similarity; without a language model its answer is the chunks themselves."""

    def __init__(self, corpus: Path, var: Path) -> None:
        """corpus: folder of Markdown documents. var: folder to keep the vectors in."""
        from langchain_chroma import Chroma
        from langchain_huggingface import HuggingFaceEmbeddings
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP)
        texts = [path.read_text(encoding="utf-8") for path in sorted(corpus.rglob("*.md")) if path.name != "README.md"]
        embeddings = HuggingFaceEmbeddings(model_name=str(resolve_model(DEFAULT)))
        self._store = Chroma("tutorial", embeddings, persist_directory=str(vectors_folder(var, texts)))
        if not self._store.get(limit=1)["ids"]:
            self._store.add_documents(splitter.create_documents(texts))

    def search(self, question: str, k: int = TOP) -> list[str]:
        """The texts of the nearest chunks, best first."""
        return [text for text, _ in self.scored(question, k)]

    def scored(self, question: str, k: int = TOP) -> list[tuple[str, float]]:
        """The nearest chunks with 1 / (1 + distance), in 0..1, best first."""
        found = self._store.similarity_search_with_score(question, k)
        return [(document.page_content, 1 / (1 + distance)) for document, distance in found]


def vectors_folder(var: Path, texts: Sequence[str]) -> Path:
    """Named by what the vectors are made of."""
    made_of = json.dumps([CHUNK, OVERLAP, *texts])
    return var / "tutorial" / hashlib.sha256(made_of.encode()).hexdigest()[:16]


def create_app(pipeline: TutorialPipeline) -> Any:
    """The two calls that the benchmark makes."""
    from fastapi import Body, FastAPI

    app = FastAPI()

    @app.get("/readyz")
    def readyz() -> dict[str, str]:
        return {"status": "ready"}

    @app.post("/api/v1/chat")
    def chat(message: str = Body(embed=True)) -> dict[str, Any]:
        chunks = pipeline.search(message)
        return {"text": "\n\n".join(chunks), "sources": chunks}

    return app


def main() -> None:
    """Serves the peer."""
    import uvicorn

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--var", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    given = parser.parse_args()
    app = create_app(TutorialPipeline(given.corpus, given.var))
    uvicorn.run(app, port=given.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
