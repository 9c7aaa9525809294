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
from qa.errors import IndexDamagedError, IndexFaultError, IndexOutdatedError, QAError, QuestionError
from qa.records import IndexReport, Turn

if TYPE_CHECKING:
    from qa.index import Outcome
    from qa.settings import Settings

__all__ = ["ask", "chat", "index", "search", "serve"]


@app.command(epilog=examples("qa index", "qa index --watch", "qa index --strict --corpus articles --index /tmp/index"))
def index(
    watch: Annotated[bool, typer.Option("--watch", help="Go on following the articles; Ctrl-C ends it.")] = False,
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

    settings = settings_from(corpus_dir=corpus, index_dir=index)
    try:
        with progress_bars() as progress:
            outcome: Outcome = build_index(settings, progress, rebuild, allow_removals)
    except QAError as error:
        if not watch:
            raise
        outcome = error
    _tell(outcome)
    if watch:
        _follow(settings, outcome)
    elif strict and isinstance(outcome, IndexReport) and outcome.problems:
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
    outcome = _refresh(settings)
    _mend(settings)
    with opened_engine(settings) as engine:
        engine.ask("你好")  # loads what the first reader would otherwise wait for
        serve_pages(settings, engine, lambda address: typer.echo(f"Open {address} (Ctrl-C ends it)."), _tell, outcome)


def _refresh(settings: "Settings") -> "Outcome":
    """Updates the index; where that fails, the last good one serves, unless what was taken down is not known."""
    from qa.index import build_index, current_generation
    from qa.takedowns import taken_down

    taken_down(settings.corpus_dir)  # outside the `try`: the old index may hold what the list names
    try:
        with progress_bars() as progress:
            outcome: Outcome = build_index(settings, progress)
    except QAError as error:
        try:
            current_generation(settings.index_dir)
        except IndexFaultError:
            raise error from None
        complain(f"{error} The index is served as it stands.")
        return error
    _tell(outcome)
    return outcome


def _mend(settings: "Settings") -> None:
    """Rebuilds an index whose files are whole but which cannot be opened, as when a Chroma server lost its part."""
    from qa.index import build_index, open_serving

    try:
        open_serving(settings).close()
    except IndexOutdatedError:
        raise
    except IndexDamagedError as error:
        complain(f"{error} It is rebuilt now.")
        with progress_bars() as progress:
            _tell(build_index(settings, progress, rebuild=True))


def _follow(settings: "Settings", known: "Outcome") -> None:
    """Follows the articles until Ctrl-C; the model is loaded for the first new text, and kept."""
    import functools
    import threading

    from qa.embedding import load_embedder
    from qa.index import build_index, follow

    load = functools.cache(lambda: load_embedder(settings.embedding_model, settings.cache_dir))
    with contextlib.suppress(KeyboardInterrupt):
        follow(settings, functools.partial(build_index, settings, load=load), _tell, threading.Event(), known)


def _tell(outcome: "Outcome") -> None:
    if isinstance(outcome, QAError):
        complain(outcome)
        return
    for problem in outcome.problems:
        complain(problem)
    typer.echo(
        f"{outcome.articles} articles, {outcome.passages} passages: {outcome.added} added, {outcome.updated} updated, "
        f"{outcome.removed} removed, {outcome.unchanged} unchanged ({outcome.seconds:.1f} s)."
    )
    if outcome.waiting:
        typer.echo(f"{outcome.waiting} more not published yet: drafts, or dated in the future.")


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
