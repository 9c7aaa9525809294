"""`python -m benchmarks --data FOLDER`: prints every figure that the project promises."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.answers import measure_answers
from benchmarks.checking import measure_checking, measure_checking_time
from benchmarks.data import open_engine
from benchmarks.declining import SETS, judge, judge_cuts, measure_declining, measure_thresholds
from benchmarks.load import Load, measure_load
from benchmarks.page import measure_page
from benchmarks.reading import measure_reading
from benchmarks.retrieval import measure_retrieval
from benchmarks.speed import measure_indexing, measure_latency, measure_start
from benchmarks.widget import measure_widget
from qa import Settings
from qa.evaluation import read_questions

PARTS = (
    "retrieval",
    "answers",
    "declining",
    "reading",
    "checking",
    "latency",
    "page",
    "widget",
    "indexing",
    "start",
    "load",
)


def main(
    data: Annotated[
        Path, typer.Option(help="Folder with corpus.jsonl, questions.jsonl, abstain/ and abstain_near/.")
    ] = Path("eval"),
    only: Annotated[list[str] | None, typer.Option(help=f"Any of: {', '.join(PARTS)}.")] = None,
    askers: Annotated[int, typer.Option(help="Who ask at once, under load.")] = Load().askers,
    seconds: Annotated[float, typer.Option(help="How long they ask.")] = Load().seconds,
    posts: Annotated[int, typer.Option(help="Posts that are left unread.")] = Load().posts,
) -> None:
    """Measures retrieval, answers, declining, reading, speed and load; indexes are kept in .bench/ between runs."""
    parts = only or list(PARTS)
    if "checking" in parts:
        columns = ["sentences", "seen", "seen, %", "held out", "held out, %"]
        _print("Checking a model's sentences", columns, measure_checking())
        _print("Checking, time", ["measure", "value"], measure_checking_time())
    if parts == ["checking"]:
        return
    if not (data / "corpus.jsonl").is_file() or not set(parts) <= set(PARTS):
        raise typer.BadParameter(f"Needs {data}/corpus.jsonl, and parts among: {', '.join(PARTS)}.")
    engine = open_engine(data / "corpus.jsonl", "dev")
    questions = read_questions(data / "questions.jsonl")
    if "retrieval" in parts:
        _print("Retrieval, %", ["recipe", "language", "hit@1", "hit@5"], measure_retrieval(engine, questions))
    if "answers" in parts:
        columns = [
            "questions",
            "gold answer quoted, %",
            "quotes an answer",
            "verbatim, %",
            "short EM, %",
            "short F1, %",
        ]
        _print("Answers, declining off", columns, measure_answers(engine, questions))
    if "declining" in parts:
        _print_declining(data, Settings().confidence_threshold)
    if "reading" in parts:
        _print(
            "Reading the gold window, new sources",
            ["questions", "EM, %", "F1, %", "ROC AUC"],
            measure_reading(engine, data),
        )
    if "latency" in parts:
        columns = ["", "query embedding, ms", "ask, reader off, ms", "ask, ms", "ask, reader off / embedding"]
        _print("Latency", columns, measure_latency(engine, questions))
    if "page" in parts:
        _print("The chat page in Chromium, ms", ["measure", "value"], measure_page(engine, questions))
    if "widget" in parts:
        _print("The widget in Chromium", ["measure", "value"], measure_widget(engine))
    if "indexing" in parts:
        _print("Indexing", ["measure", "value"], measure_indexing(data / "corpus.jsonl"))
    if "start" in parts:
        _print("Start and memory", ["measure", "value"], measure_start(engine))
    if "load" in parts:
        _print("Load", ["measure", "value"], measure_load(engine, questions, Load(askers, seconds, posts)))


def _print_declining(data: Path, threshold: float) -> None:
    whole = {name: judge(data, name) for name in SETS}
    cuts = {f"{name}, cuts": judge_cuts(data, name) for name in SETS}
    columns = ["set", "language", "ROC AUC", "answerable answered, %", "others declined, %", "calibration error"]
    rows = [row for name, judged in (whole | cuts).items() for row in measure_declining(name, judged, threshold)]
    _print(f"Declining at {threshold}", columns, rows)
    columns = ["threshold", "declined rightly, %", "of what is to be declined, %", "answerable answered, %"]
    for name, judged in whole.items():
        _print(f"What a threshold buys, {name}", columns, measure_thresholds(judged))


def _print(title: str, columns: list[str], rows: list[list[str]]) -> None:
    table = Table(*columns, title=title)
    for row in rows:
        table.add_row(*row)
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
