"""The peers kept for comparison."""

from pathlib import Path

from evals.peers.tutorial import TutorialPipeline


def test_the_tutorial_pipeline_answers_from_the_documents_as_they_are(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    found = []
    for text in ("The harbour holds 240 boats.", "The lighthouse was built in 1908.", "The harbour holds 240 boats."):
        (corpus / "page.md").write_text(text, encoding="utf-8")
        found.append(TutorialPipeline(corpus, tmp_path / "var").search("What is there?"))
    assert found == [["The harbour holds 240 boats."], ["The lighthouse was built in 1908."], found[0]]
