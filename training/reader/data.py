"""Questions and passages of the data, split by source into those to learn from and those held out."""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import bm25s

from qa.text.folding import has_han
from qa.text.tokens import tokenize
from training.news import read_news
from training.wordings import Wording, read_wordings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["Data", "Example", "Gold", "is_held_out", "read_data", "read_news_data"]

HELD_OUT = 0.15  # of the sources
SIMILAR = 12  # passages that BM25 finds nearest, other than the question's own


@dataclass(frozen=True, slots=True)
class Gold:
    """A question and the passage that answers it."""

    id: str
    question: str
    answers: tuple[str, ...]
    article_id: str
    source: str

    @property
    def in_english(self) -> bool:
        """Tells whether question and passage are in different languages."""
        return not has_han(self.question)


@dataclass(frozen=True, slots=True)
class Example:
    """A question, a window, and the answer's place in it, or None where it does not answer."""

    question: str
    window: str
    answer: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Data:
    """All passages by id, their sources, the questions to learn from, those held out, the first by source, wordings,
    and what passages leave open, where questions were written for that.
    """

    texts: dict[str, str]
    by_source: dict[str, list[str]]
    similar: dict[str, list[str]]
    learn: list[Gold]
    held_out: list[Gold]
    asked: dict[str, list[str]]
    wordings: Mapping[str, Wording]
    left_open: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_data(folder: Path) -> Data:
    """Reads `corpus.jsonl` and `questions_all.jsonl`, and splits the questions by source."""
    articles = [json.loads(line) for line in (folder / "corpus.jsonl").open(encoding="utf-8")]
    texts = {article["id"]: article["text"] for article in articles}
    sources = {article["id"]: article["source"] for article in articles}
    rows = [json.loads(line) for line in (folder / "questions_all.jsonl").open(encoding="utf-8")]
    golds = [
        Gold(row["id"], row["question"], tuple(row["answers"]), row["article_ids"][0], sources[row["article_ids"][0]])
        for row in rows
    ]
    return _split(texts, sources, golds, read_wordings(), {})


def read_news_data() -> Data:
    """Reads the questions about made-up news, apart from those of a folder, whose windows are drawn of it alone."""
    items = read_news()
    golds = [
        Gold(f"{item.id}-{at}", question, (answer,), item.id, item.id)
        for item in items
        for at, (question, answer) in enumerate(item.asked, 1)
    ]
    texts, sources = {item.id: item.text for item in items}, {item.id: item.id for item in items}
    return _split(texts, sources, golds, {}, {item.id: item.left_open for item in items})


def _split(
    texts: dict[str, str],
    sources: Mapping[str, str],
    golds: Sequence[Gold],
    wordings: Mapping[str, Wording],
    left_open: Mapping[str, tuple[str, ...]],
) -> Data:
    by_source: defaultdict[str, list[str]] = defaultdict(list)
    for name, source in sources.items():
        by_source[source].append(name)
    golds = [gold for gold in golds if any(answer in texts[gold.article_id] for answer in gold.answers)]
    learn = [gold for gold in golds if not is_held_out(gold.source)]
    held_out = [gold for gold in golds if is_held_out(gold.source)]
    asked: defaultdict[str, list[str]] = defaultdict(list)
    for gold in learn:
        asked[gold.source].append(gold.question)
    return Data(texts, dict(by_source), _similar(texts, golds), learn, held_out, dict(asked), wordings, left_open)


def is_held_out(source: str) -> bool:
    """Splits by source, each time alike and whatever else is in the data."""
    return zlib.crc32(source.encode()) % 1000 < 1000 * HELD_OUT


def _similar(texts: dict[str, str], golds: Sequence[Gold]) -> dict[str, list[str]]:
    """Finds the passages that BM25 takes for each question's own; for an English one those like its passage."""
    names = list(texts)
    index = bm25s.BM25()
    index.index([tokenize(texts[name]) for name in names], show_progress=False)
    asked = [tokenize(texts[gold.article_id][:200] if gold.in_english else gold.question) for gold in golds]
    found, _ = index.retrieve(asked, k=SIMILAR, show_progress=False)
    return {
        gold.id: [names[row] for row in rows if names[row] != gold.article_id]
        for gold, rows in zip(golds, found.tolist(), strict=True)
    }
