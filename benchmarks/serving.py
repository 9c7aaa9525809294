"""`python -m benchmarks.serving CORPUS INDEX`: serves, answers some questions, and prints its resident memory in MB."""

from __future__ import annotations

import sys
from pathlib import Path

import psutil
from fastapi.testclient import TestClient

from qa import Engine, Settings
from qa.server import create_app

QUESTIONS = ("重慶2024年新能源車產量是多少？", "智譜的估值是多少？", "What is Kimi?", "你好", "香港今天天氣如何？")
ROUNDS = 4


def main() -> None:
    """Opens the engine and the page as `qa serve` does, and asks."""
    settings = Settings(corpus_dir=Path(sys.argv[1]), index_dir=Path(sys.argv[2]))
    with Engine.open(settings) as engine, TestClient(create_app(engine)) as client:
        client.get("/")
        for _ in range(ROUNDS):
            for question in QUESTIONS:
                engine.ask(question)
        print(psutil.Process().memory_info().rss / 1e6)


if __name__ == "__main__":
    main()
