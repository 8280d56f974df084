"""What the bot says of itself. Everything else it shows is the corpus's."""

NOT_COVERED = "The pages of this site do not answer that."
NOT_COVERED_NEAREST = "What they say that comes nearest is listed as related."
NOT_COVERED_ELSEWHERE = "Where to turn with it is listed as related."
NOT_COVERED_PART = "The pages of this site do not answer this part: “{question}”"
FURTHER_QUESTIONS = "I look up a few questions at a time, so not all of yours were. Please ask the others again."
CLARIFY = "I could not read a question in that. Could you put it in a few words?"

READ_IN_FULL = "Read on at {places}"
SHOWN_ENOUGH = (
    "Of “{title}” I have quoted as much in this conversation as I may copy. This is answered there, under “{section}”:"
    " {url}"
)

NOTHING_SAID_YET = (
    "I have just quoted nothing of these pages to you that this could be about. What would you like to know?"
)
ALL_SHOWN = "That is all that these pages say about it, as far as I can find."
NO_SUMMARY = "These pages have no summary that I could quote."
PLACE = "In “{section}”: “{quote}”"

CERTAIN = (
    "These sentences are quoted word for word, so I am sure that the page says so. Whether it is right I cannot judge:"
    " I know nothing but these pages."
)
ONLY_QUOTES = "I can only quote. These are the plainest sentences on it that I can find."

GUIDE = (
    "I am an automatic guide to “{title}”: a program, not a person and not a doctor. I answer only with sentences of"
    " the pages themselves, and show where each of them stands."
)
SMALL_TALK = {
    "greet": "Hello! I am an automatic guide to “{title}”. What would you like to know?",
    "thanks": "You are welcome. Ask on if anything is left open.",
    "bye": "Goodbye, and thank you for reading.",
    "ack": "All right. Is there anything else about “{title}” that you would like to know?",
    "identity": GUIDE,
    "howareyou": "Thank you for asking! I am a program, so I am always the same. What would you like to know?",
}
"""By the kind of small talk. `{title}` is what the pages are about."""
