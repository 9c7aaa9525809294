"""What readers and publishers run: bring the index into step, search, ask, chat, serve."""

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.app import (
    ArticleOption,
    CorpusOption,
    IndexOption,
    JsonOption,
    LanguageOption,
    QuestionArgument,
    app,
    complain,
    examples,
    opened_engine,
    settings_from,
)
from qa.cli.terminal import print_answer, print_hits, print_json, print_welcome, progress_bars
from qa.errors import IndexFaultError, QAError, QuestionError
from qa.records import Turn

if TYPE_CHECKING:
    from qa.records import IndexReport
    from qa.settings import Settings

__all__ = ["ask", "chat", "index", "search", "serve"]


@app.command(epilog=examples("qa index", "qa index --strict --corpus articles --index /tmp/index"))
def index(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make a new index even if nothing changed.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Fail when anything had to be left out.")] = False,
    allow_removals: Annotated[
        bool, typer.Option("--allow-removals", help="Go on even if more than a fifth of the articles are gone.")
    ] = False,
    corpus: CorpusOption = None,
    index: IndexOption = None,
) -> None:
    """Bring the index into step with the articles."""
    from qa.index import build_index

    with progress_bars() as progress:
        report = build_index(settings_from(corpus_dir=corpus, index_dir=index), progress, rebuild, allow_removals)
    _tell(report)
    if strict and report.problems:
        raise typer.Exit(1)


@app.command(
    no_args_is_help=True,
    epilog=examples("qa search 重慶的新能源車", "qa search 'AI unicorns' --top-k 3 --json"),
)
def search(
    question: QuestionArgument,
    top_k: Annotated[int, typer.Option("--top-k", min=1, metavar="N", help="How many passages to show.")] = 10,
    article: ArticleOption = None,
    as_json: JsonOption = False,
    index: IndexOption = None,
) -> None:
    """Show the passages nearest to a question, best first."""
    with opened_engine(settings_from(index_dir=index)) as engine:
        hits = engine.search(_typed(question), top_k, article)
    (print_json if as_json else print_hits)(hits)


@app.command(
    no_args_is_help=True,
    epilog=examples(
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
    with opened_engine(settings_from(index_dir=index)) as engine:
        answer = engine.ask(_typed(question), article_id=article, language=language)
    (print_json if as_json else print_answer)(answer)


@app.command(epilog=examples("qa chat", "qa chat --article chongqing-new-energy-vehicles --language en"))
def chat(
    article: ArticleOption = None,
    language: LanguageOption = None,
    index: IndexOption = None,
) -> None:
    """Ask one question after another; Ctrl-D leaves."""
    with (
        opened_engine(settings_from(index_dir=index)) as engine,
        contextlib.suppress(KeyboardInterrupt),
    ):
        print_welcome(engine, language)
        history: list[Turn] = []
        for question in _typed_questions():
            try:
                answer = engine.ask(question, history, article, language)
            except QuestionError as error:
                complain(error)
                continue
            print_answer(answer)
            history.append(Turn(question, answer.text))
    typer.echo()


@app.command(epilog=examples("qa serve", "qa serve --host 0.0.0.0 --port 8000"))
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default=False)] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on.", show_default=False)] = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
) -> None:
    """Bring the index into step, then open the chat page."""
    settings = settings_from(corpus_dir=corpus, index_dir=index, host=host, port=port)
    from qa.server import check_address
    from qa.server import serve as serve_pages

    check_address(settings)  # before anything slow is done
    _refresh(settings)
    with opened_engine(settings) as engine:
        engine.ask("你好")  # loads what the first reader would otherwise wait for
        serve_pages(settings, engine, lambda address: typer.echo(f"Open {address} (Ctrl-C ends it)."))


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
        complain(f"{error} The index is served as it stands.")


def _tell(report: "IndexReport") -> None:
    for problem in report.problems:
        complain(problem)
    typer.echo(
        f"{report.articles} articles, {report.passages} passages: {report.added} added, {report.updated} updated, "
        f"{report.removed} removed, {report.unchanged} unchanged ({report.seconds:.1f} s)."
    )
    if report.waiting:
        typer.echo(f"{report.waiting} more not published yet: drafts, or dated in the future.")


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
