"""Short articles of news and essays, made up for this project, with questions as readers ask them.

`news.jsonl` has a line for an article: its headline and text, questions that it answers in words quite other than its
own, each with the stretch of the text that answers, and questions about its subject that it leaves open. Nothing that
it tells of happened.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

__all__ = ["NewsItem", "read_news"]

FILE = Path(__file__).with_name("news.jsonl")


class NewsItem(NamedTuple):
    """An article with pairs of question and answer, and with questions that it leaves open."""

    id: str
    title: str
    text: str
    asked: tuple[tuple[str, str], ...]
    left_open: tuple[str, ...]


def read_news(path: Path = FILE) -> list[NewsItem]:
    """Returns the articles, each with an id of its own."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        NewsItem(
            row["id"],
            row["title"],
            row["text"],
            tuple((question, answer) for question, answer in row["asked"]),
            tuple(row["open"]),
        )
        for row in rows
    ]
