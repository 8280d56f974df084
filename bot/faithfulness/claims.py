"""An answer as the claims it makes: its sentences, and the clauses of each."""

import re

from bot.segmentation import sentence_spans

_SHORTEST = 4
"""Words without which a clause says too little to be judged alone."""

_MARKER = re.compile(r"\s*\[\d+(?:,\s*\d+)*\](?=[\s.,;:!?]|$)")
_CUT = re.compile(
    r";\s+|\s+[—–]\s+|,\s+(?=(?:and|but|while|whereas|although|though|because|so|yet|which|who)\s)"
    r"|\s+(?=(?:but|while|whereas|although|though|because)\s)"
)


def sentences_of(answer: str, language: str = "en") -> list[str]:
    """The sentences of an answer, without the markers of its notes (`[1]`)."""
    text = _MARKER.sub("", answer)
    return [" ".join(text[start:end].split()) for start, end in sentence_spans(text, language)]


def clauses_of(sentence: str) -> list[str]:
    """The sentence, then its clauses where it has several; a piece too short to say something joins its neighbour."""
    pieces: list[str] = []
    at = 0
    for cut in [*(match.span() for match in _CUT.finditer(sentence)), (len(sentence), len(sentence))]:
        piece = sentence[at : cut[0]].strip()
        if pieces and (len(piece.split()) < _SHORTEST or len(pieces[-1].split()) < _SHORTEST):
            pieces[-1] = f"{pieces[-1]} {piece}".strip()
        elif piece:
            pieces.append(piece)
        at = cut[1]
    return [sentence, *pieces] if len(pieces) > 1 else [sentence]
