"""What a model may not say never reaches a visitor."""

import time
from dataclasses import replace

import pytest

from bot.answering.citations import cite
from bot.corpus import load_corpus
from bot.guard.output import unfit
from bot.guard.seal import Seal
from bot.guard.texts import texts
from bot.phrases import GUIDE
from bot.values import Draft, DraftSentence, Query, ReplyKind
from tests.conftest import CORPUS
from tests.fakes import corpus_from, corpus_of

REAL = load_corpus(CORPUS)
FIGURES = next(sentence for sentence in REAL.sentences if "At a dose of 25mg" in sentence.text)
FIT = [
    "With 25 mg, 29 % of participants responded at three weeks.",
    "The share in the control condition was 8%.",
    "Three weeks later the difference was still there.",
]
UNFIT = [
    ("Take 3 grams.", "quantity"),
    ("About three grams would be usual.", "quantity"),
    ("A dose of 25–30 mg was used.", "quantity"),
    ("They gave 10 mg.", "quantity"),
    ("A usual amount is 50 mgs.", "quantity"),
    ("It comes to a gram of dried caps.", "quantity"),
    ("They weighed 3½ grams.", "quantity"),
    ("They gave .5 mg.", "quantity"),
    ("It was ½ gram.", "quantity"),
    ("It filled two teaspoons.", "quantity"),
    ("It was a couple of grams.", "quantity"),
    ("A thousand micrograms are too many.", "quantity"),
    ("One third of patients got better.", "share"),
    ("It helped half of those who came.", "share"),
    ("Nine out of ten got better.", "share"),
    ("It rose by 21 percentage points.", "percentage"),
    ("Roughly 90% of people get better.", "percentage"),
    ("Almost ninety percent got better.", "percentage"),
    ("You should take 25mg once.", "advice"),
    ("Stop your medication two weeks before.", "advice"),
    ("It is safe for you.", "advice"),
    ("Patients should stop their tablets first.", "advice"),
    ("Anyone with a fever must first taper it.", "advice"),
    ("Tablets should be stopped a week before.", "advice"),
    ("See https://shop.example/25mg for more.", "address"),
    ("Visit www.example.com.", "address"),
    ("Go to tides.xyz for more.", "address"),
    ("Go to bit.ly/x.", "address"),
    ("Go to TIDES.XYZ now.", "address"),
    ("<b>29%</b> of participants", "markup"),
    ("**29%** of participants", "markup"),
    ("See [this](/x).", "markup"),
    ("![x](y) 29%", "markup"),
    ("As an AI language model I cannot say.", "instructions"),
    ("My instructions say 29%.", "instructions"),
]


@pytest.mark.parametrize("text", FIT)
def test_what_the_evidence_holds_may_be_said(text: str) -> None:
    assert unfit(text, [FIGURES.text]) is None


@pytest.mark.parametrize(("text", "why"), UNFIT)
def test_what_it_lacks_may_not(text: str, why: str) -> None:
    assert why in (unfit(text, [FIGURES.text]) or "")


LOG = (
    "Of 104 sailors, one-third of those with 0.3 mg per kilogram and 12½ grams of salt in two doses slept after "
    "25-30 mg, or 3 in 5 of them, says ClinicalTrials.gov. One gram was lost, and three and a half grams were dried."
)


@pytest.mark.parametrize(
    "text",
    [
        "A third of those slept.",
        "One third of the sailors slept.",
        "With 25 to 30 milligrams they slept.",
        "They had 12 ½ g of salt.",
        "A gram was lost.",
        "Three-and-a-half grams were dried.",
        "3 out of 5 slept.",
        "It is on ClinicalTrials.gov.",
        "See https://doi.org/10.1000/tides.1.",
        "They slept late, e.g. at noon, i.e. by day, says Moe et al. in the U.S. and elsewhere.",
        "It binds 5-HT2A.Then it leaves the G-protein-coupled receptor, which needs a G protein.",
        "A dose was lost in the second half of the night.",
        "People should be watched, and should take part in trials.",
        "Trials should take place at sea.",
    ],
)
def test_what_the_evidence_says_otherwise_may_be_said(text: str) -> None:
    assert unfit(text, [LOG], {"https://doi.org/10.1000/tides.1"}) is None


@pytest.mark.parametrize("text", ["2530 mg was too much.", "Five and a half grams were dried."])
def test_what_only_resembles_the_evidence_may_not(text: str) -> None:
    assert unfit(text, [LOG], {"https://doi.org/10.1000/tides.1"})


@pytest.mark.parametrize("unit", ["a-", "ab.", "twenty-", "half and ", "people should ", "3 1/2 ", "one in "])
def test_checking_takes_linear_time(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        started = time.perf_counter()
        unfit(text, [text])
        return time.perf_counter() - started

    seconds(500)
    assert seconds(16_000) < 40 * max(seconds(2_000), 1e-3)


@pytest.mark.parametrize(("text", "_why"), UNFIT)
def test_such_a_sentence_is_dropped_and_the_others_stay(text: str, _why: str) -> None:
    sentences = tuple(DraftSentence(said, (FIGURES.id,), 0.9) for said in (FIT[1], text))
    draft = Draft(Query("c", "q"), "answer", sentences, 0.9, "a model", generated=True)
    reply = Seal(REAL)(cite(REAL, draft))
    assert text not in repr(reply)
    assert reply.disclaimer == REAL.disclaimer
    assert reply.kind == "answer"


@pytest.mark.parametrize(
    ("lead", "leaves"),
    [
        ("The page puts it so:", True),
        ("Take this for it:", False),
        ("They gave 10 mg.", False),
        ("The practice does give the drug to everybody, or so:", False),
    ],
)
def test_what_a_model_says_before_a_quotation_is_checked_too(lead: str, leaves: bool) -> None:
    statement = "The practice does not give the drug to everybody."
    corpus = corpus_from("It often rains here.", statement, "Much else is said. " * 50, disclaimer=statement)
    led = DraftSentence(f"{lead} “It often rains here.”", (0,), 0.9)
    draft = Draft(Query("c", "q"), "answer", (DraftSentence("It rains.", (0,), 0.9), led), 0.9, "x", generated=True)
    said = [sentence.text for sentence in Seal(corpus)(cite(corpus, draft)).sentences]
    assert said == ["It rains.", *([led.text] if leaves else [])]
    ours = Seal(corpus)(cite(corpus, replace(draft, generated=False)))
    assert len(ours.sentences) == 2


@pytest.mark.parametrize(
    ("disclaimer", "kind", "text"),
    [
        ("I am not a doctor.", "declined", texts("medical")[0]),
        ("I am not a doctor.", "smalltalk", GUIDE),
        ("Ask a pharmacist or a prescriber.", "declined", texts("stopping")[0]),
    ],
)
def test_no_disclaimer_silences_what_the_bot_says_of_itself(disclaimer: str, kind: ReplyKind, text: str) -> None:
    corpus = corpus_from("The tide turns twice a day.", disclaimer, disclaimer=disclaimer)
    draft = Draft(Query("c", "q"), kind, (DraftSentence(text),), 0.9, "x")
    reply = Seal(corpus)(cite(corpus, draft))
    assert (reply.kind, reply.text) == (kind, text)


@pytest.mark.parametrize(
    ("disclaimer", "text", "leaves"),
    [
        ("I am not a doctor.", "A doctor of the navy measured the tide.", True),
        ("I am not a doctor.", "I am a doctor.", False),
        ("I am not a doctor.", "Rest assured: I'm not a doctor.", False),
        ("This is not legal advice.", "The harbour office gives legal advice on moorings.", True),
        ("This is not legal advice.", "This is legal advice.", False),
        ("Tides here are guessed, never measured or computed.", "The tides were guessed and never computed.", False),
    ],
)
def test_a_model_may_speak_of_what_a_short_disclaimer_names(disclaimer: str, text: str, leaves: bool) -> None:
    corpus = corpus_from("The tide turns twice a day.", disclaimer, disclaimer=disclaimer)
    draft = Draft(Query("c", "q"), "answer", (DraftSentence(text, (0,), 0.9),), 0.9, "a model", generated=True)
    assert (text in Seal(corpus)(cite(corpus, draft)).text) is leaves


def test_the_disclaimer_s_sentences_are_whole_ones() -> None:
    disclaimer = "I am not a doctor. Ask one."
    corpus = corpus_of(
        {
            "a": ("doctor", "a doctor.", "As I said, I am not a doctor. We sail."),
            "b": (f"Hello. {disclaimer}", "Ask one."),
        },
        disclaimer,
    )
    assert [(s.document_id, s.text) for s in corpus.disclaiming()] == [
        *[("b", text) for text in ("I am not a doctor.", "Ask one.", "Ask one.")]
    ]
    assert corpus_from("a doctor").disclaiming() == ()


@pytest.mark.parametrize("said", ["It is proven to be harmless and to work.", "Nobody doubts it: “{quote}”"])
def test_a_claim_with_a_caution_is_only_quoted(said: str) -> None:
    caution = next(caution for caution in REAL.cautions if caution.about == "safety")
    quote = REAL.sentences[caution.sentence_ids[0]].text
    draft = Draft(
        Query("c", "q"),
        "answer",
        (DraftSentence(said.format(quote=quote), caution.sentence_ids[:1], 0.9),),
        0.9,
        "a model",
        generated=True,
    )
    reply = Seal(REAL)(cite(REAL, draft))
    author = REAL.document_of(caution.sentence_ids[0]).author
    assert reply.sentences[0].text == f"{author} writes: “{quote}”"
    assert caution.notice in [notice.text for notice in reply.notices]
