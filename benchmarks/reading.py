"""How near the reader comes when it is handed the passage, on sources that it never saw."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.progress import track

from benchmarks.intervals import mean_percent, roc_auc
from qa.evaluation.measures import exact_match, f1
from qa.index import StoredPassage
from qa.passages import cut_passages
from qa.reading.windows import Window
from qa.records import Article
from training.reader.data import read_data, read_news_data
from training.reader.examples import gold_examples, news_examples, worded_examples

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from qa import Engine
    from qa.reading import Reader, Reading
    from training.reader.data import Example, Gold

__all__ = ["measure_reading"]

SEED = 1  # of the windows drawn around the answers


class _Read(NamedTuple):
    """Words marked, and the probability that the window answers, that one without the answer does, and that it answers
    what it leaves open.
    """

    gold: Gold
    words: str
    answering: float
    without: float | None
    left_open: float | None


def measure_reading(engine: Engine, data: Path) -> list[list[str]]:
    """Returns rows of questions, exact match and F1 of the words marked, how well windows without them are known, and
    how well questions that the window leaves open are.

    The questions are those that the data has, the same in readers' own words, and such about made-up news.
    """
    if engine.reader is None:
        return []
    questions = read_data(data)
    asked = [(*drawn, None) for drawn in gold_examples(questions, len(questions.held_out), SEED)]
    worded = worded_examples(questions, SEED)
    groups = {
        "as written": _read_all(engine.reader, asked),
        "in readers' words": _read_all(engine.reader, worded),
        "about news": _read_all(engine.reader, news_examples(read_news_data(), SEED)),
    }
    return [
        _row(f"{name}{language}", some)
        for name, read in groups.items()
        for language, some in (("", read), (", English", [one for one in read if one.gold.in_english]))
    ]


def _read_all(reader: Reader, asked: Sequence[tuple[Gold, Example, Example | None, Example | None]]) -> list[_Read]:
    return [_read(reader, *drawn) for drawn in track(asked, "Reading", transient=True)]


def _read(reader: Reader, gold: Gold, right: Example, wrong: Example | None, open_: Example | None) -> _Read:
    windows = [_window(example.window) for example in (right, wrong) if example]
    readings = reader.read(gold.question, windows)
    left_open = reader.read(open_.question, [_window(open_.window)])[0].answers if open_ else None
    without = readings[1].answers if wrong else None
    return _Read(gold, _marked(readings[0], right.window), readings[0].answers, without, left_open)


def _row(name: str, some: Sequence[_Read]) -> list[str]:
    answering = [one.answering for one in some]
    left_open = [one.left_open for one in some if one.left_open is not None]
    return [
        f"{name} ({len(some)})",
        mean_percent([float(exact_match(one.words, one.gold.answers)) for one in some]),
        mean_percent([f1(one.words, one.gold.answers) for one in some]),
        roc_auc(answering, [one.without for one in some if one.without is not None]),
        roc_auc(answering, left_open),
    ]


def _window(text: str) -> Window:
    article = Article(id="window", title="", text=text)
    return Window(StoredPassage(cut_passages(article, len(text) + 1)[0], article, []), 0, len(text))


def _marked(reading: Reading, text: str) -> str:
    return text[reading.marked[0].start : reading.marked[0].end] if reading.marked else ""
