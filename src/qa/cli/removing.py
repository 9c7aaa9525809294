"""`qa remove`: a takedown."""

import shutil
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.app import CorpusOption, IndexOption, app, complain, examples, settings_from
from qa.cli.quality import index_beside
from qa.cli.terminal import progress_bars
from qa.errors import CorpusError

if TYPE_CHECKING:
    from qa.settings import Settings

__all__ = ["remove"]


@app.command(no_args_is_help=True, epilog=examples("qa remove harbour-2025", "qa remove harbour-2025 ferry --yes"))
def remove(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of articles.", show_default=False)],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask, though this cannot be undone.")] = False,
    corpus: CorpusOption = None,
    index: IndexOption = None,
) -> None:
    """Take articles down: out of the corpus folder, every index, the kept vectors, feedback and log, for good."""
    from qa.feedback import Feedback
    from qa.index import indexed_articles, take_down
    from qa.takedowns import scrub_log, take_out

    settings = settings_from(corpus_dir=corpus, index_dir=index)
    indexed = indexed_articles(settings, ids)
    _check_known(settings, ids, set(indexed))
    if not yes and sys.stdin.isatty():
        typer.confirm(f"Take down {', '.join(map(repr, ids))}, and delete it from the articles?", abort=True)
    files = take_out(settings.corpus_dir, ids)
    titles = [article.title for article in indexed.values()]
    rows = Feedback(settings.feedback_file).forget(ids, titles)
    if settings.log_file:
        scrub_log(settings.log_file, ids, titles)
    with progress_bars() as progress:
        take_down(settings, ids, progress)
    shutil.rmtree(index_beside(settings), ignore_errors=True)
    typer.echo(
        f"Taken down: {', '.join(ids)} (files changed: {', '.join(files) or 'none'}; rows of feedback deleted: {rows})."
    )
    for copy in _copies(settings, {article.text for article in indexed.values()}):
        complain(f"The same text stands in {copy!r}. Take it down too with: qa remove {copy}")


def _check_known(settings: "Settings", ids: list[str], indexed: set[str]) -> None:
    from qa.articles import places_of
    from qa.takedowns import TAKEN_DOWN, taken_down

    known = indexed | taken_down(settings.corpus_dir).keys()
    known |= {name for _, _, name in places_of(settings.corpus_dir)} if set(ids) - known else set()
    for name in ids:
        if name not in known:
            raise CorpusError(
                f"No article has the id {name!r}; nothing was removed. If it is long gone from the articles,"
                f" write it into {str(settings.corpus_dir / TAKEN_DOWN)!r} and run this again."
            )


def _copies(settings: "Settings", texts: set[str]) -> list[str]:
    from qa.takedowns import read_published

    try:
        articles = read_published(settings.corpus_dir, settings.current_day()).articles
    except CorpusError:  # it was the last one
        return []
    return [article.id for article in articles if article.text in texts]
