"""`python -m benchmarks --data FOLDER`: prints every figure that the project promises."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.answers import measure_answers
from benchmarks.checking import PARTS_OF_TABLE, measure_checking, measure_checking_time
from benchmarks.data import open_engine
from benchmarks.declining import SETS, judge, judge_cuts, measure_declining, measure_thresholds
from benchmarks.faults import measure_faults
from benchmarks.load import Load, measure_load
from benchmarks.page import measure_page
from benchmarks.reading import measure_reading
from benchmarks.reindexing import measure_reindexing
from benchmarks.retrieval import measure_retrieval
from benchmarks.scaling import SIZES, measure_scaling
from benchmarks.speed import measure_indexing, measure_latency, measure_start
from benchmarks.widget import measure_widget
from qa import Settings
from qa.evaluation import read_questions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa import Engine
    from qa.evaluation import GoldQuestion

ANSWERS = (
    "questions",
    "gold answer quoted, %",
    "declining on, %",
    "quotes an answer",
    "verbatim, %",
    "short EM, %",
    "short F1, %",
)
DECLINING = ("set", "language", "ROC AUC", "answerable answered, %", "others declined, %", "calibration error")
MEASURE = ("measure", "value")


class Run:
    """What the parts measure on, opened when one first needs it."""

    def __init__(self, data: Path, load: Load) -> None:
        self.data = data
        self.load = load

    @functools.cached_property
    def engine(self) -> Engine:
        """Opens the development corpus; builds its index the first time."""
        return open_engine(self._file("corpus.jsonl"), "dev")

    @functools.cached_property
    def questions(self) -> list[GoldQuestion]:
        """Reads the questions over it."""
        return read_questions(self._file("questions.jsonl"))

    def _file(self, name: str) -> Path:
        if not (self.data / name).is_file():
            raise typer.BadParameter(f"There is no {name} in {str(self.data)!r}.", param_hint="--data")
        return self.data / name


def retrieval(run: Run) -> None:
    """Measures each recipe's rank of the right article."""
    _print("Retrieval, %", ("recipe", "language", "hit@1", "hit@5"), measure_retrieval(run.engine, run.questions))


def answers(run: Run) -> None:
    """Measures quotes and short answers with declining off, and what declining would leave."""
    _print("Answers, declining off", ANSWERS, measure_answers(run.engine, run.questions))


def declining(run: Run) -> None:
    """Measures the confidence over the whole sets and over cuts of them, and what each threshold buys."""
    threshold = Settings().confidence_threshold
    whole = {name: judge(run.data, name) for name in SETS}
    cuts = {f"{name}, cuts": judge_cuts(run.data, name) for name in SETS}
    rows = [row for name, judged in (whole | cuts).items() for row in measure_declining(name, judged, threshold)]
    _print(f"Declining at {threshold}", DECLINING, rows)
    columns = ("threshold", "declined rightly, %", "of what is to be declined, %", "answerable answered, %")
    for name, judged in whole.items():
        _print(f"What a threshold buys, {name}", columns, measure_thresholds(judged))


def reading(run: Run) -> None:
    """Measures the reader alone."""
    columns = ("questions", "EM, %", "F1, %", "ROC AUC", "of what is left open")
    _print("Reading the gold window, new sources", columns, measure_reading(run.engine, run.data))


def checking(_: Run) -> None:
    """Measures the checker of a model's sentences."""
    columns = ("sentences", *(column for part in PARTS_OF_TABLE for column in (part, f"{part}, %")))
    _print("Checking a model's sentences", columns, measure_checking())
    _print("Checking, time", MEASURE, measure_checking_time())


def latency(run: Run) -> None:
    """Measures one question after another."""
    columns = ("", "query embedding, ms", "ask, reader off, ms", "ask, ms", "ask, reader off / embedding")
    _print("Latency", columns, measure_latency(run.engine, run.questions))


def page(run: Run) -> None:
    """Measures the chat page in a browser."""
    _print("The chat page in Chromium, ms", MEASURE, measure_page(run.engine, run.questions))


def widget(run: Run) -> None:
    """Measures the widget in a browser."""
    _print("The widget in Chromium", MEASURE, measure_widget(run.engine))


def indexing(run: Run) -> None:
    """Measures a build beside the bare model."""
    _print("Indexing", MEASURE, measure_indexing(run.data / "corpus.jsonl"))


def start(run: Run) -> None:
    """Measures a first answer of a fresh process, and memory."""
    _print("Start and memory", MEASURE, measure_start(run.engine))


def load(run: Run) -> None:
    """Measures many who ask at once."""
    _print("Load", MEASURE, measure_load(run.engine, run.questions, run.load))


def scaling(run: Run) -> None:
    """Measures building, disk, memory and answers from 1,000 to 50,000 passages."""
    sizes = ("passages", *(f"{size:,}" for size in SIZES))
    _print("Scaling, recombined articles", sizes, measure_scaling(run.data))
    columns = ("qa index, cold", "seconds", "of processor")
    _print("Again, 1,000 articles with the real model", columns, measure_reindexing())


def faults(_: Run) -> None:
    """Kills builds, fills the disk and damages files."""
    _print("Killed builds, full disks, damaged files", MEASURE, measure_faults())


PARTS = {
    part.__name__: part
    for part in (
        retrieval,
        answers,
        declining,
        reading,
        checking,
        latency,
        page,
        widget,
        indexing,
        start,
        load,
        scaling,
        faults,
    )
}


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
    chosen = only or list(PARTS)
    if not set(chosen) <= set(PARTS):
        raise typer.BadParameter(f"Choose among: {', '.join(PARTS)}.", param_hint="--only")
    run = Run(data, Load(askers, seconds, posts))
    for name, part in PARTS.items():
        if name in chosen:
            part(run)


def _print(title: str, columns: Sequence[str], rows: list[list[str]]) -> None:
    table = Table(*columns, title=title)
    for row in rows:
        table.add_row(*row)
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
