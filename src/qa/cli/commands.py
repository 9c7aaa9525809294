"""The command line: each command does one thing to the articles, and says what went wrong in one line."""

import contextlib
import importlib.metadata
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from qa.cli.terminal import (
    print_answer,
    print_feedback,
    print_finding,
    print_hits,
    print_json,
    print_settings,
    print_welcome,
    progress_bars,
)
from qa.errors import IndexFaultError, QAError, QuestionError
from qa.records import Turn

if TYPE_CHECKING:
    from qa.engine import Engine
    from qa.records import IndexReport
    from qa.settings import Settings

__all__ = ["app", "ask", "chat", "doctor", "feedback", "index", "main", "search", "serve"]

INTERRUPTED = 130  # 128 and the number of SIGINT, as shells count

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


def main() -> None:
    """Runs one command; a `QAError` is one line on standard error and exit code 1."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # arguments need not be valid text
    try:
        with _ended_quietly():
            app(prog_name="qa")
    except QAError as error:
        _complain(error)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _examples(*lines: str) -> str:
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


@app.command(epilog=_examples("qa index", "qa index --strict --corpus articles --index /tmp/index"))
def index(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make a new index even if nothing changed.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Fail when anything had to be left out.")] = False,
    corpus: CorpusOption = None,
    index: IndexOption = None,
) -> None:
    """Bring the index into step with the articles."""
    from qa.index import build_index

    with progress_bars() as progress:
        report = build_index(_settings(corpus_dir=corpus, index_dir=index), progress, rebuild)
    _tell(report)
    if strict and report.problems:
        raise typer.Exit(1)


@app.command(
    no_args_is_help=True,
    epilog=_examples("qa search 重慶的新能源車", "qa search 'AI unicorns' --top-k 3 --json"),
)
def search(
    question: QuestionArgument,
    top_k: Annotated[int, typer.Option("--top-k", min=1, metavar="N", help="How many passages to show.")] = 10,
    article: ArticleOption = None,
    as_json: JsonOption = False,
    index: IndexOption = None,
) -> None:
    """Show the passages nearest to a question, best first."""
    with _engine(_settings(index_dir=index)) as engine:
        hits = engine.search(_typed(question), top_k, article)
    (print_json if as_json else print_hits)(hits)


@app.command(
    no_args_is_help=True,
    epilog=_examples(
        "qa ask 重慶2024年新能源車產量是多少？",
        "qa ask 'How much is MiniMax worth?' --language en",
        "echo 智譜的估值約為多少？ | qa ask - --json",
    ),
)
def ask(
    question: QuestionArgument,
    article: ArticleOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
    index: IndexOption = None,
) -> None:
    """Answer a question with verbatim quotes, or say that the articles do not."""
    with _engine(_settings(index_dir=index)) as engine:
        answer = engine.ask(_typed(question), article_id=article, language=language)
    (print_json if as_json else print_answer)(answer)


@app.command(epilog=_examples("qa chat", "qa chat --article chongqing-new-energy-vehicles --language en"))
def chat(
    article: ArticleOption = None,
    language: LanguageOption = None,
    index: IndexOption = None,
) -> None:
    """Ask one question after another; Ctrl-D leaves."""
    with (
        _engine(_settings(index_dir=index)) as engine,
        contextlib.suppress(KeyboardInterrupt),
    ):
        print_welcome(engine, language)
        history: list[Turn] = []
        for question in _typed_questions():
            try:
                answer = engine.ask(question, history, article, language)
            except QuestionError as error:
                _complain(error)
                continue
            print_answer(answer)
            history.append(Turn(question, answer.text))
    typer.echo()


@app.command(epilog=_examples("qa serve", "qa serve --host 0.0.0.0 --port 8000"))
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default=False)] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on.", show_default=False)] = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
) -> None:
    """Bring the index into step, then open the chat page."""
    settings = _settings(corpus_dir=corpus, index_dir=index, host=host, port=port)
    from qa.server import check_address
    from qa.server import serve as serve_pages

    check_address(settings)  # before anything slow is done
    _refresh(settings)
    with _engine(settings) as engine:
        engine.ask("你好")  # loads what the first reader would otherwise wait for
        serve_pages(settings, engine, lambda address: typer.echo(f"Open {address} (Ctrl-C ends it)."))


@app.command(epilog=_examples("qa feedback", "qa feedback --limit 5", "qa feedback --json"))
def feedback(
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many questions to list.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """List the questions whose answers readers disliked or that were declined, most frequent first."""
    from qa.feedback import Feedback

    asked = Feedback(_settings().feedback_file).report()[:limit]
    (print_json if as_json else print_feedback)(asked)


@app.command(epilog=_examples("qa doctor", "qa doctor --settings", "qa doctor --json"))
def doctor(
    settings_only: Annotated[bool, typer.Option("--settings", help="Print every setting and leave.")] = False,
    as_json: JsonOption = False,
    corpus: CorpusOption = None,
    index: IndexOption = None,
) -> None:
    """Check everything that answers depend on, and say how to mend what is wrong."""
    from qa import doctor as examination

    if settings_only:
        rows, error = examination.settings_rows({"corpus_dir": corpus, "index_dir": index})
        (print_json if as_json else print_settings)(rows)
        if error:
            raise error
        return
    findings = []
    with progress_bars() as progress:
        for finding in examination.examine(_settings(corpus_dir=corpus, index_dir=index), progress):
            findings.append(finding)
            if not as_json:
                print_finding(finding)
    if as_json:
        print_json(findings)
    if any(finding.fix for finding in findings):
        raise typer.Exit(1)


def _settings(**values: Any) -> "Settings":
    from qa.settings import Settings

    return Settings(**{name: value for name, value in values.items() if value is not None})


@contextlib.contextmanager
def _engine(settings: "Settings") -> "Iterator[Engine]":
    from qa.index import current_generation

    current_generation(settings.index_dir)  # a missing index is found before torch is imported
    from qa.engine import Engine

    with progress_bars() as progress:
        engine = Engine.open(settings, progress)
    with engine:
        yield engine


def _refresh(settings: "Settings") -> None:
    """Updates the index; where that fails, the last good one serves."""
    from qa.index import build_index, current_generation

    try:
        with progress_bars() as progress:
            _tell(build_index(settings, progress))
    except QAError as error:
        try:
            current_generation(settings.index_dir)
        except IndexFaultError:
            raise error from None
        _complain(f"{error} The index is served as it stands.")


def _tell(report: "IndexReport") -> None:
    for problem in report.problems:
        _complain(problem)
    typer.echo(
        f"{report.articles} articles, {report.passages} passages: {report.added} added, {report.updated} updated, "
        f"{report.removed} removed, {report.unchanged} unchanged ({report.seconds:.1f} s)."
    )


def _typed(question: str) -> str:
    return sys.stdin.read() if question == "-" else question


def _typed_questions() -> Iterator[str]:
    """Yields what is typed, line by line, until the input ends."""
    with contextlib.suppress(ImportError):  # not on Windows
        import readline  # noqa: F401  # gives input() a history and arrow keys
    prompt = "\n> " if sys.stdin.isatty() else ""
    with contextlib.suppress(EOFError):
        while True:
            if question := input(prompt).strip():
                yield question


def _complain(message: object) -> None:
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
