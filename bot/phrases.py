"""What the bot says of itself. Everything else it shows is the corpus's."""

NOT_COVERED = "The pages of this site do not answer that."
NOT_COVERED_NEAREST = "What they say that comes nearest is listed as related."
NOT_COVERED_ELSEWHERE = "Where to turn with it is listed as related."
NOT_COVERED_PART = "The pages of this site do not answer this part: “{question}”"
CLARIFY = "I could not read a question in that. Could you put it in a few words?"
