"""Public data, read through a path: this bot's parts beside simpler ones, in the same run."""
