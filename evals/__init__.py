"""Scores the bot on questions, beside named peers."""
