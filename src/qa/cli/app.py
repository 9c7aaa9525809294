"""The application `qa`, and what its commands share: options, settings, an open engine, errors in one line."""

import contextlib
import ctypes
import importlib.metadata
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from qa.cli.terminal import progress_bars
from qa.errors import QAError

if TYPE_CHECKING:
    from qa.engine import Engine
    from qa.settings import Settings

__all__ = ["app", "complain", "examples", "main", "opened_engine", "settings_from"]

INTERRUPTED = 130  # 128 and the number of SIGINT, as shells count
HEAPS = 2
M_ARENA_MAX = -8  # from glibc's malloc.h

app = typer.Typer(
    name="qa",
    help="Ask a publisher's articles and read the very sentences that answer, with their source.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

CorpusOption = Annotated[
    Path | None, typer.Option("--corpus", metavar="DIR", help="Folder of articles.", show_default=False)
]
IndexOption = Annotated[
    Path | None, typer.Option("--index", metavar="DIR", help="Folder of the index.", show_default=False)
]
ArticleOption = Annotated[
    str | None, typer.Option("--article", metavar="ID", help="Keep to one article.", show_default=False)
]
LanguageOption = Annotated[
    Literal["zh-Hant", "zh-Hans", "en"] | None,
    typer.Option(help="Language of the words around the quotes; default: the question's.", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
QuestionArgument = Annotated[
    str,
    typer.Argument(metavar="QUESTION", help="The question; - reads it from standard input.", show_default=False),
]


def _share_heaps() -> None:
    """Lets threads share heaps, where each gets its own otherwise and what it frees no other takes; glibc only.

    It has no effect after a second thread has asked for memory, as those of numpy do when it is imported.
    """
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, HEAPS)


def main() -> None:
    """Runs one command; a `QAError` is one line on standard error and exit code 1."""
    _share_heaps()
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # arguments need not be valid text
    try:
        with _ended_quietly():
            app(prog_name="qa")
    except QAError as error:
        complain(error)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def examples(*lines: str) -> str:
    """Writes the examples under a command's help."""
    return "\n\n".join(["[bold]Examples[/bold]", *(f"  {line}" for line in lines)])


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(importlib.metadata.version("qa"))
        raise typer.Exit


@app.callback()
def _qa(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version and leave.")
    ] = False,
) -> None:
    pass


def settings_from(**values: Any) -> "Settings":
    """Reads the settings; arguments that were given win."""
    from qa.settings import Settings

    return Settings(**{name: value for name, value in values.items() if value is not None})


@contextlib.contextmanager
def opened_engine(settings: "Settings") -> "Iterator[Engine]":
    """Opens the engine, with progress bars on a terminal, and closes it."""
    from qa.index import current_generation

    current_generation(settings.index_dir)  # a missing index is found before torch is imported
    from qa.engine import Engine

    with progress_bars() as progress:
        engine = Engine.open(settings, progress)
    with engine:
        yield engine


def complain(message: object) -> None:
    """Says what went wrong, in one line on standard error."""
    typer.echo(" ".join(str(message).split()), err=True)


@contextlib.contextmanager
def _ended_quietly() -> Iterator[None]:
    """Keeps still when the reader of the output went away, as `head` does."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else the interpreter complains on leaving
        sys.exit(1)
