"""How well the confidence tells questions that the articles answer from those they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.progress import track

from benchmarks.data import open_engine, sources_of
from benchmarks.intervals import percent, roc_auc
from qa.evaluation import read_questions
from training.reader.examples import is_held_out

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["measure_declining"]


def measure_declining(data: Path, name: str, threshold: float) -> list[list[str]]:
    """Returns rows of set, language, ROC AUC, share of answerable questions answered, of the others declined.

    The rows `new` keep to the questions of sources that the reader never saw.
    """
    questions = read_questions(data / name / "questions.jsonl")
    sources = sources_of(data)
    with open_engine(data / name / "corpus.jsonl", name) as engine:
        measured = [(gold, engine.ask(gold.question).confidence) for gold in track(questions, name, transient=True)]
    rows = []
    for language in ("all", "zh", "en", "new", "new zh", "new en"):
        wanted = language.removeprefix("new").strip()
        some = [
            (gold, confidence)
            for gold, confidence in measured
            if (wanted in ("", "all") or gold.language.startswith(wanted))
            and (not language.startswith("new") or is_held_out(sources[gold.id]))
        ]
        right = [confidence for gold, confidence in some if gold.answerable]
        wrong = [confidence for gold, confidence in some if not gold.answerable]
        answered, declined = [c >= threshold for c in right], [c < threshold for c in wrong]
        rows.append([name, f"{language} ({len(some)})", roc_auc(right, wrong), percent(answered), percent(declined)])
    return rows
