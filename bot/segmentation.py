"""Text to sentences. The splitter is the library sentencex."""

import sentencex


def sentence_spans(text: str, language: str) -> list[tuple[int, int]]:
    """Start and end, in characters, of each sentence of `text`, in order, without white space around it.

    language: BCP 47. For a language that the splitter does not know, its general rules hold.
    """
    found = []
    for boundary in sentencex.get_sentence_boundaries(language.split("-")[0].lower(), text):
        piece = text[boundary["start_index"] : boundary["end_index"]]
        start = boundary["start_index"] + len(piece) - len(piece.lstrip())
        end = start + len(piece.strip())
        if end > start:
            found.append((start, end))
    return found
