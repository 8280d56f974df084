"""Serves the chat page, the API and the source pages from one process: `python app.py`."""

import sys

from bot.cli import main

if __name__ == "__main__":
    sys.argv[1:1] = ["serve"]
    main()
