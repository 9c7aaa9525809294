"""Brings the index up to date with the articles and serves the chat page: `python app.py`."""

from qa import Engine, Settings, build_index
from qa.server import serve

if __name__ == "__main__":
    settings = Settings()
    for problem in build_index(settings).problems:
        print(problem)
    with Engine.open(settings) as engine:
        serve(settings, engine, on_ready=print)
