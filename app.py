"""Brings the index up to date with the articles and serves the chat page: `python app.py`."""

import sys

from qa import Engine, QAError, Settings, build_index
from qa.server import serve

if __name__ == "__main__":
    try:
        settings = Settings()
        try:
            for problem in build_index(settings).problems:
                print(problem, file=sys.stderr)
        except QAError as error:
            print(error, "The index before it serves, if there is one.", file=sys.stderr)
        with Engine.open(settings) as engine:
            serve(settings, engine, on_ready=print, on_index=print)
    except QAError as error:
        sys.exit(str(error))
