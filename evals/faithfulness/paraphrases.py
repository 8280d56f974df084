"""Light paraphrases by rule: each keeps a statement true."""

import random
import re

from bot.faithfulness.lexicon import load_lexicon
from evals.faithfulness.wording import SHORTEST, Source, capital, partners_of


def paraphrased(source: Source, rng: random.Random) -> str:
    """One to three changes of wording."""
    text = source.text
    for change in rng.sample(PARAPHRASES, k=rng.randint(1, 3)):
        text = change(text, rng)
    return text


def _without_brackets(text: str, _: random.Random) -> str:
    return re.sub(r"\s*[(\[][^()\[\]]*[)\]]", "", text)


def _shortened(text: str, rng: random.Random) -> str:
    """The statement up to one of its commas or dashes, where enough is left."""
    cuts = [m.start() for m in re.finditer(r"(?:,|;| —| –) ", text) if len(text[: m.start()].split()) >= SHORTEST]
    return text[: rng.choice(cuts)] + "." if cuts else text


def _lead_moved(text: str, _: random.Random) -> str:
    match = re.match(r"((?:In|On|At|During|By|Since|After|Before|For|From) [^,]{3,40}), (.+)\.$", text)
    return f"{capital(match[2])} {match[1][0].lower()}{match[1][1:]}." if match else text


def _synonyms(text: str, rng: random.Random) -> str:
    pairs = partners_of("synonyms")
    words = [(m.group().lower(), m.span()) for m in re.finditer(r"[A-Za-z-]+", text)]
    hits = [(span, pairs[word]) for word, span in words if word in pairs]
    for (start, end), others in sorted(rng.sample(hits, k=min(2, len(hits))), reverse=True):
        text = text[:start] + rng.choice(others) + text[end:]
    return text


def _numbers_in_words(text: str, _: random.Random) -> str:
    spoken = {str(value): word for word, value in load_lexicon().number_words.items() if 2 <= value <= 12}
    text = re.sub(r"(?<![\d.,])(\d{1,2})(?![\d.,%]|st|nd|rd|th)", lambda m: spoken.get(m[1], m[1]), text)
    return re.sub(r"(\d)\s?%", r"\1 percent", text)


def _introduced(text: str, rng: random.Random) -> str:
    lead = rng.choice(["According to the article,", "The text says that", "As described there,", "It notes that"])
    head = text if text[:2].isupper() or text.split()[0] in ("I",) else text[0].lower() + text[1:]
    return f"{lead} {head}"


def _adverbs_dropped(text: str, _: random.Random) -> str:
    return re.sub(
        r"\b(?!only|early|family|likely|nearly|rarely|hardly|partly|supply|apply|reply|assembly)[a-z]{4,}ly ", "", text
    )


PARAPHRASES = [
    _without_brackets, _shortened, _lead_moved, _synonyms, _numbers_in_words, _introduced, _adverbs_dropped,
]  # fmt: skip
