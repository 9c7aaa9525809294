"""Brings the index up to date with the articles and serves the chat page: `python app.py`."""

import sys

from qa import Engine, QAError, Settings, build_index
from qa.server import serve

if __name__ == "__main__":
    try:
        settings = Settings()
        for problem in build_index(settings).problems:
            print(problem, file=sys.stderr)
        with Engine.open(settings) as engine:
            serve(settings, engine, on_ready=print)
    except QAError as error:
        sys.exit(str(error))
