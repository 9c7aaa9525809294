"""What brings articles in: qa add."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.app import CorpusOption, app, complain, examples, settings_from
from qa.cli.terminal import print_added

if TYPE_CHECKING:
    from qa.importing import AddReport

__all__ = ["add"]

SAID = ("added", "updated", "unchanged")


@app.command(
    no_args_is_help=True,
    epilog=examples(
        "qa add https://example.org/news/harbour.html",
        "qa add https://example.org/feed.xml --limit 20",
        "qa add scrape.txt reports/ --dry-run",
    ),
)
def add(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...",
            help="Files, folders, or addresses of web pages, feeds and site maps.",
            show_default=False,
        ),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be kept and what dropped, and why; write nothing.")
    ] = False,
    limit: Annotated[
        int, typer.Option(min=1, metavar="N", help="Most articles to take from one feed or site map.")
    ] = 100,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace articles that were edited since they were added.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Fail when anything had to be left out.")] = False,
    corpus: CorpusOption = None,
) -> None:
    """Bring articles into the folder of articles; the same source again updates its articles."""
    from qa.importing import add_articles

    report = add_articles(
        sources,
        settings_from(corpus_dir=corpus),
        dry_run=dry_run,
        overwrite=overwrite,
        limit=limit,
        progress=_name if sys.stderr.isatty() else None,
    )
    for article in report.articles:
        print_added(article, whole=dry_run)
    for problem in report.problems:
        complain(problem)
    _tell(report, dry_run)
    if not any(report.count(outcome) for outcome in SAID) or (strict and report.problems):
        raise typer.Exit(1)


def _tell(report: AddReport, dry_run: bool) -> None:
    counts = ", ".join(f"{report.count(outcome)} {outcome}" for outcome in SAID)
    ending = " Nothing was written." if dry_run else ""
    if not dry_run and (report.count("added") or report.count("updated")):
        ending = " Now run: qa index"
    typer.echo(f"{counts}, {len(report.problems)} left out.{ending}")


def _name(source: str) -> None:
    typer.echo(f"{source} …", err=True)
