"""An NLI cross-encoder as judge: a tiny one with random weights, made here, shows that the pieces fit."""

from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.models.nli_judge import open_nli_judge
from bot.models.resolve import DEFAULT, resolve_model


def write_cross_encoder(folder: Path, labels: list[str]) -> Path:
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    tokenizer = AutoTokenizer.from_pretrained(str(resolve_model(DEFAULT)))
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        id2label=dict(enumerate(labels)),
        label2id={label: i for i, label in enumerate(labels)},
    )
    BertForSequenceClassification(config).save_pretrained(str(folder))
    tokenizer.save_pretrained(str(folder))
    return folder


def test_the_entailment_label_is_read(tmp_path: Path) -> None:
    judge = open_nli_judge(write_cross_encoder(tmp_path / "nli", ["contradiction", "entailment", "neutral"]))
    verdict = judge.judge(
        [("The harbour opened.", ["It opened in 1908.", "Boats came."]), ("Boats came.", ["Boats came."])]
    )
    assert verdict is not None
    assert [sentence.text for sentence in verdict.sentences] == ["The harbour opened.", "Boats came."]
    assert all(0.0 < sentence.support < 1.0 for sentence in verdict.sentences)
    assert judge.name == "nli"


def test_folders_that_hold_none(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is no folder"):
        open_nli_judge(tmp_path / "missing")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match="holds no cross-encoder"):
        open_nli_judge(tmp_path / "empty")
    with pytest.raises(ConfigError, match="is entailment"):
        open_nli_judge(write_cross_encoder(tmp_path / "other", ["good", "bad"]))
