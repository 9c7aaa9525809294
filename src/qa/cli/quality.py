"""What an editor runs to know how things stand: evaluation, readers' feedback, the doctor."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.app import CorpusOption, IndexOption, JsonOption, app, examples, settings_from
from qa.cli.terminal import print_feedback, print_finding, print_json, print_settings, progress_bars

if TYPE_CHECKING:
    from qa.settings import Settings

__all__ = ["doctor", "evaluate", "feedback", "index_beside"]

GOLD = Path("eval/gold.jsonl")
RESULTS = Path("eval/results")


@app.command(
    name="eval",
    epilog=examples(
        "qa eval",
        "qa eval --corpus articles --questions questions.jsonl --json",
        "qa eval --fail-under hit@5=0.95 --fail-under far_declined=1",
        "qa eval --compare eval/results/A.json eval/results/B.json",
    ),
)
def evaluate(
    questions: Annotated[Path, typer.Option(metavar="FILE", help="Gold questions, one JSON object a line.")] = GOLD,
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            metavar="A B",
            help="Show what moved between two results instead; not with --fail-under.",
            show_default=False,
        ),
    ] = None,
    fail_under: Annotated[
        list[str] | None,
        typer.Option(metavar="METRIC=FLOOR", help="Exit with 1 if a metric is under its floor.", show_default=False),
    ] = None,
    output: Annotated[Path, typer.Option(metavar="DIR", help="Where results and report are written.")] = RESULTS,
    as_json: JsonOption = False,
    corpus: CorpusOption = None,
    index: IndexOption = None,
) -> None:
    """Ask gold questions, and measure retrieval, answers, citations and declining."""
    from qa.cli.evaluating import compare_results, run_evaluation

    if compare and fail_under:
        raise typer.BadParameter("it does not go with --compare; leave one of them out.", param_hint="--fail-under")
    if compare:
        compare_results(*compare, as_json)
        return
    settings = settings_from(corpus_dir=corpus, index_dir=index)
    is_beside = corpus is not None and index is None  # the index that serves is another corpus's
    if is_beside:
        settings = settings_from(corpus_dir=corpus, index_dir=index_beside(settings))
    run_evaluation(settings, questions, output, fail_under or [], as_json, allow_removals=is_beside)


@app.command(epilog=examples("qa feedback", "qa feedback --limit 5", "qa feedback --json"))
def feedback(
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many questions to list.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """List the questions whose answers readers disliked or that were declined, most frequent first."""
    from qa.feedback import Feedback

    settings = settings_from()
    asked = Feedback(settings.feedback_file, settings.keep_days).report()[:limit]
    (print_json if as_json else print_feedback)(asked)


@app.command(epilog=examples("qa doctor", "qa doctor --settings", "qa doctor --json"))
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
        for finding in examination.examine(settings_from(corpus_dir=corpus, index_dir=index), progress):
            findings.append(finding)
            if not as_json:
                print_finding(finding)
    if as_json:
        print_json(findings)
    if any(finding.fix for finding in findings):
        raise typer.Exit(1)


def index_beside(settings: "Settings") -> Path:
    """Names a folder in the cache for the index of a corpus that is only to be evaluated."""
    digest = hashlib.sha256(str(settings.corpus_dir.resolve()).encode()).hexdigest()[:16]
    return settings.cache_dir / "evaluated" / digest
