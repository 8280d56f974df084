import pytest

from tests.fakes import corpus_from


@pytest.mark.parametrize(
    "sentences",
    [
        ["The evidence comes from Goodwin et al. (2022), who ran it.", "It was large."],
        ["Dr. Ceruto does not administer it.", "J. K. Rowling does not either."],
        ["A dose of 25mg was used — 29% responded.", "5-HT2A receptors are dense."],
        ["The DMN’s grip loosens.", "“It opens,” he said.", "Then it closes."],
        ["See https://doi.org/10.1124/pr.118.017160 for more.", "The U.S. trial ended.", "Done!"],
        ["Is it so?", "Émile says 😀 yes.", "Nothing works."],
    ],
)
def test_boundaries(sentences: list[str]) -> None:
    corpus = corpus_from(" ".join(sentences))
    assert [sentence.text for sentence in corpus.sentences] == sentences
