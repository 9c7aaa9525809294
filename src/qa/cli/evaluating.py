"""`qa eval`: runs the gold questions with a progress bar, keeps what was measured, and prints it."""

from __future__ import annotations

import dataclasses
import sys
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from qa.cli.app import INTERRUPTED, complain, opened_engine
from qa.cli.terminal import print_json, progress_bars
from qa.errors import EvaluationError, QAError
from qa.evaluation.comparing import compare, is_right
from qa.evaluation.gold import GoldQuestion, check_articles, read_questions
from qa.evaluation.report import NAMES, said, write_report, writing_rows
from qa.evaluation.results import Results, check_folder, commit, now, read_results, write_results
from qa.evaluation.summary import broken_floors, read_floors, summarise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from qa.engine import Engine
    from qa.evaluation.comparing import Comparison, Moved
    from qa.records import IndexReport
    from qa.settings import Settings

__all__ = ["compare_results", "run_evaluation"]

MOVED_CHARS = 120
LEG_METRICS = ("hit@1", "passage@1", "passage@5", "mrr")


def run_evaluation(
    settings: Settings, questions: Path, output: Path, floors: Sequence[str], as_json: bool, allow_removals: bool
) -> None:
    """Asks, writes JSON and HTML, prints tables or one JSON object; ends with 1 where a floor is broken.

    `allow_removals` lets the index lose more than a fifth of its articles, as one may that serves nobody.

    Raises:
        CorpusShrunkError: the index would lose them.
        EvaluationError: the questions cannot be used, or the results not written.
    """
    wanted = read_floors(floors)
    golds = read_questions(questions, settings.max_question_chars)
    report = _refresh(settings, allow_removals)
    with opened_engine(settings) as engine:
        _check_articles(engine, golds, questions, report)
        check_folder(output)
        corpus = _corpus(engine)
        records, stop = _asked(engine, golds)
    results = _results(settings, questions.name, corpus, records, stop is None)
    path = write_results(results, output)
    write_report(results, path.with_suffix(".html"))
    if as_json:
        print_json({**dataclasses.asdict(results), "file": str(path)})
    else:
        _print_tables(results)
        typer.echo(f"Results: {path}\nReport:  {path.with_suffix('.html')}")
    if stop is not None:
        kept = f"{len(records)} of {len(golds)} questions were asked and are kept."
        complain(f"{str(stop) or 'Interrupted:'} {kept}")
        raise typer.Exit(1 if isinstance(stop, QAError) else INTERRUPTED)
    if broken := broken_floors(results.summary, wanted):
        typer.echo("\n".join(broken), err=True)
        raise typer.Exit(1)


def compare_results(before: Path, after: Path, as_json: bool) -> None:
    """Prints what moved between two runs.

    Raises:
        EvaluationError: one of the files holds no results.
    """
    comparison = compare(read_results(before), read_results(after))
    if as_json:
        print_json(comparison)
        return
    table = Table("metric", "before", "after", "change", title=f"{before.name} → {after.name}")
    for name, old, new in comparison.metrics:
        if old != new:
            change = "–" if old is None or new is None else f"{new - old:+.4f}"
            table.add_row(name, _number(old), _number(new), change)
    _console().print(table)
    for line in _cautions(comparison):
        typer.echo(line)
    for move in comparison.moved:
        _print_move(move)
    for name, ids in (("only before", comparison.only_before), ("only after", comparison.only_after)):
        if ids:
            typer.echo(f"{name}: {', '.join(ids)}")
    if comparison.common and not comparison.moved:
        typer.echo("No question moved.")


def _cautions(comparison: Comparison) -> list[str]:
    """Says what the two runs do not share, and so what is not compared."""
    lines = [f"The run {name} was interrupted: it asked only some of its questions." for name in comparison.interrupted]
    left_out = len(comparison.only_before) + len(comparison.only_after)
    if not comparison.common:
        lines.append("The runs have no question in common: nothing is compared.")
    elif left_out:
        lines.append(f"Compared are the {comparison.common} questions that both runs have; {left_out} are left out.")
    return lines


def _print_move(move: Moved) -> None:
    typer.echo(f"{move.change:<6} {move.id}  {move.question}")
    if move.parts:
        parts = (f"{name}: {_held(old)} → {_held(new)}" for name, (old, new) in move.parts.items())
        typer.echo(f"       {'; '.join(parts)}")
    if move.before != move.after:
        typer.echo(f"       - {_short(move.before)}\n       + {_short(move.after)}")


def _held(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    return "–" if value is None else str(value)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _refresh(settings: Settings, allow_removals: bool) -> IndexReport:
    from qa.index import build_index

    with progress_bars() as progress:
        return build_index(settings, progress, allow_removals=allow_removals)


def _check_articles(engine: Engine, golds: Sequence[GoldQuestion], questions: Path, report: IndexReport) -> None:
    """Checks that the articles are there; says first which were left out of the index, as one may be among them."""
    try:
        check_articles(golds, {row[0] for row in engine.generation().catalogue.headlines()}, questions)
    except EvaluationError:
        for problem in report.problems:
            complain(problem)
        if report.waiting:
            complain(f"{report.waiting} more articles are not published yet: drafts, or dated in the future.")
        raise


def _corpus(engine: Engine) -> dict[str, int]:
    manifest = engine.generation().manifest
    return {name: manifest[name] for name in ("articles", "passages")}


def _asked(
    engine: Engine, golds: Sequence[GoldQuestion]
) -> tuple[list[dict[str, Any]], KeyboardInterrupt | EvaluationError | None]:
    """Returns a record for each question that was asked, and what ended the run before the last.

    Raises:
        EvaluationError: the first question failed, so that there is nothing to keep.
    """
    from qa.evaluation.running import evaluate

    records: list[dict[str, Any]] = []
    columns = (TextColumn("Asking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    engine.ask("你好")  # loads what the first question would otherwise wait for
    console = Console(stderr=True)
    try:
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("", total=len(golds))
            for record in evaluate(engine, golds):
                records.append(record)
                bar.advance(task)
    except KeyboardInterrupt as stop:
        if not records:
            raise
        return records, stop
    except QAError as error:
        stopped = EvaluationError(f"Question {golds[len(records)].id!r} failed: {error}")
        if not records:
            raise stopped from error
        return records, stopped
    return records, None


def _results(
    settings: Settings, questions: str, corpus: dict[str, int], records: list[dict[str, Any]], complete: bool
) -> Results:
    values = {name: str(value) for name, value in settings.model_dump().items() if not name.endswith("_dir")}
    return Results(now(), commit(), questions, corpus, values, complete, summarise(records), records)


def _print_tables(results: Results) -> None:
    summary, console = results.summary, _console()
    table = Table("", "metric", "value [95 % interval]", "questions", title="All questions")
    for name, meaning in NAMES.items():
        if name in summary["all"]:
            estimate = summary["all"][name]
            table.add_row(meaning, name, said(name, estimate), str(estimate["count"]))
    console.print(table)
    legs = Table("recipe", *LEG_METRICS, title="Retrieval")
    for name, metrics in summary["legs"].items():
        legs.add_row(name, *(_value(metric, metrics) for metric in LEG_METRICS))
    console.print(legs)
    if writing := writing_rows(summary["writing"]):
        wrote = Table("", "count", title="What the language model wrote")
        for row in writing:
            wrote.add_row(*row)
        console.print(wrote)
    groups = Table("group", "questions", "right, %", title="By language and kind")
    for field in ("lang", "kind"):
        for group in sorted({record[field] for record in results.records if record[field]}):
            right = [is_right(record) for record in results.records if record[field] == group]
            groups.add_row(group, str(len(right)), f"{100 * sum(right) / len(right):.1f}")
    right = [is_right(record) for record in results.records]
    groups.add_row("all", str(len(right)), f"{100 * sum(right) / len(right):.1f}")
    console.print(groups)


def _value(name: str, metrics: Mapping[str, Mapping[str, float]]) -> str:
    return said(name, metrics[name]).split(" [")[0] if name in metrics else "–"


def _console() -> Console:
    return Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else 120)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MOVED_CHARS else line[: MOVED_CHARS - 1] + "…"
