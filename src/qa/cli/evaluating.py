"""`qa eval`: runs the gold questions with a progress bar, keeps what was measured, and prints it."""

from __future__ import annotations

import dataclasses
import sys
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from qa.cli.app import INTERRUPTED, opened_engine
from qa.cli.terminal import print_json, progress_bars
from qa.evaluation.comparing import compare, is_right
from qa.evaluation.gold import GoldQuestion, check_articles, read_questions
from qa.evaluation.report import NAMES, said, write_report, writing_rows
from qa.evaluation.results import Results, commit, now, read_results, write_results
from qa.evaluation.summary import broken_floors, read_floors, summarise

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from qa.engine import Engine
    from qa.settings import Settings

__all__ = ["compare_results", "run_evaluation"]

MOVED_CHARS = 120


def run_evaluation(settings: Settings, questions: Path, output: Path, floors: Sequence[str], as_json: bool) -> None:
    """Asks, writes JSON and HTML, prints tables or one JSON object; ends with 1 where a floor is broken.

    Raises:
        EvaluationError: the questions cannot be used, or the results not written.
    """
    wanted = read_floors(floors)
    golds = read_questions(questions)
    _refresh(settings)
    with opened_engine(settings) as engine:
        check_articles(golds, _article_ids(engine), questions)
        records, complete = _asked(engine, golds)
        results = _results(engine, questions, records, complete)
    path = write_results(results, output)
    write_report(results, path.with_suffix(".html"))
    if as_json:
        print_json({**dataclasses.asdict(results), "file": str(path)})
    else:
        _print_tables(results)
        typer.echo(f"Results: {path}\nReport:  {path.with_suffix('.html')}")
    if not complete:
        typer.echo(f"Interrupted: {len(records)} of {len(golds)} questions were asked and are kept.", err=True)
        raise typer.Exit(INTERRUPTED)
    broken = broken_floors(results.summary, wanted)
    for line in broken:
        typer.echo(line, err=True)
    if broken:
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
            table.add_row(name, f"{old:.4f}", f"{new:.4f}", f"{new - old:+.4f}")
    _console().print(table)
    for move in comparison.moved:
        typer.echo(f"{move.change:<6} {move.id}  {move.question}")
        typer.echo(f"       - {_short(move.before)}\n       + {_short(move.after)}")
    for name, ids in (("only before", comparison.only_before), ("only after", comparison.only_after)):
        if ids:
            typer.echo(f"{name}: {', '.join(ids)}")
    if not comparison.moved:
        typer.echo("No answer changed.")


def _refresh(settings: Settings) -> None:
    from qa.index import build_index

    with progress_bars() as progress:
        build_index(settings, progress, allow_removals=True)  # nothing is served from it


def _article_ids(engine: Engine) -> frozenset[str]:
    return frozenset(row[0] for row in engine.generation().catalogue.headlines())


def _asked(engine: Engine, golds: Sequence[GoldQuestion]) -> tuple[list[dict[str, Any]], bool]:
    from qa.evaluation.running import evaluate

    records: list[dict[str, Any]] = []
    columns = (TextColumn("Asking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        engine.ask("你好")  # loads what the first question would otherwise wait for
        console = Console(stderr=True)
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("", total=len(golds))
            for record in evaluate(engine, golds):
                records.append(record)
                bar.advance(task)
    except KeyboardInterrupt:
        if not records:
            raise
        return records, False
    return records, True


def _results(engine: Engine, questions: Path, records: list[dict[str, Any]], complete: bool) -> Results:
    manifest = engine.generation().manifest
    settings = {name: str(value) for name, value in engine.settings.model_dump().items() if not name.endswith("_dir")}
    corpus = {name: manifest[name] for name in ("articles", "passages")}
    return Results(now(), commit(), questions.name, corpus, settings, complete, summarise(records), records)


def _print_tables(results: Results) -> None:
    summary, console = results.summary, _console()
    table = Table("", "metric", "value [95 % interval]", "questions", title="All questions")
    for name, meaning in NAMES.items():
        if name in summary["all"]:
            estimate = summary["all"][name]
            table.add_row(meaning, name, said(name, estimate), str(estimate["count"]))
    console.print(table)
    legs = Table("recipe", "hit@1", "passage@1", "passage@5", "mrr", title="Retrieval")
    for name, metrics in summary["legs"].items():
        legs.add_row(name, *(said(m, metrics[m]).split(" [")[0] for m in ("hit@1", "passage@1", "passage@5", "mrr")))
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


def _console() -> Console:
    return Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else 120)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MOVED_CHARS else line[: MOVED_CHARS - 1] + "…"
