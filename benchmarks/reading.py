"""How near the reader comes when it is handed the passage, on sources that it never saw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.progress import track

from benchmarks.intervals import mean_percent, roc_auc
from qa.evaluation.measures import exact_match, f1
from qa.index import StoredPassage
from qa.passages import cut_passages
from qa.reading.windows import Window
from qa.records import Article
from training.reader.examples import gold_examples, read_data

if TYPE_CHECKING:
    from pathlib import Path

    from qa import Engine
    from qa.reading import Reading

__all__ = ["measure_reading"]

SEED = 1  # of the windows drawn around the answers


def measure_reading(engine: Engine, data: Path) -> list[list[str]]:
    """Returns rows of language, exact match and F1 of the words marked, and how well windows without them are known."""
    if engine.reader is None:
        return []
    rows = []
    questions = read_data(data)
    for gold, right, wrong in track(gold_examples(questions, len(questions.held_out), SEED), "Reading", transient=True):
        windows = [_window(example.window) for example in (right, wrong) if example]
        readings = engine.reader.read(gold.question, windows)
        rows.append((gold, _marked(readings[0], right.window), [reading.answers for reading in readings]))
    return [
        [
            f"{name} ({len(some)})",
            mean_percent([float(exact_match(words, gold.answers)) for gold, words, _ in some]),
            mean_percent([f1(words, gold.answers) for gold, words, _ in some]),
            roc_auc([row[0] for *_, row in some], [row[1] for *_, row in some if len(row) > 1]),
        ]
        for name, some in (("all", rows), ("English", [row for row in rows if row[0].in_english]))
    ]


def _window(text: str) -> Window:
    article = Article(id="window", title="", text=text)
    return Window(StoredPassage(cut_passages(article, len(text) + 1)[0], article, []), 0, len(text))


def _marked(reading: Reading, text: str) -> str:
    return text[reading.marked[0].start : reading.marked[0].end] if reading.marked else ""
