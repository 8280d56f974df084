"""The same retrieval for users of LangChain."""

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field, SkipValidation

from bot.ports import Searcher
from bot.values import Corpus


class SentenceRetriever(BaseRetriever):
    """Finds sentences. `page_content` is the sentence, verbatim; the metadata say where it stands.

    Metadata: document_id, title, section, context (its paragraph), start, end (character offsets in
    the document's text), score (higher is better, comparable within one query only).
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    corpus: Corpus
    searcher: SkipValidation[Searcher]
    k: int = Field(5, ge=1)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002
    ) -> list[Document]:
        return [self._document(hit.sentence_id, hit.score) for hit in self.searcher.search(query, self.k)]

    def _document(self, sentence_id: int, score: float) -> Document:
        sentence = self.corpus.sentences[sentence_id]
        passage = self.corpus.passage_of(sentence_id)
        return Document(
            page_content=sentence.text,
            id=f"{sentence.document_id}#s{sentence.start}-{sentence.end}",
            metadata={
                "document_id": sentence.document_id,
                "title": self.corpus.document_of(sentence_id).title,
                "section": passage.headings[-1],
                "context": passage.text,
                "start": sentence.start,
                "end": sentence.end,
                "score": score,
            },
        )
