"""How well the confidence tells questions that the articles answer from those they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.progress import track

from benchmarks.data import open_engine, read_questions
from benchmarks.intervals import percent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["measure_declining"]


def measure_declining(data: Path, name: str, threshold: float) -> list[list[str]]:
    """Returns rows of set, language, ROC AUC, share of answerable questions answered, of the others declined."""
    questions = read_questions(data / name / "questions.jsonl")
    with open_engine(data / name / "corpus.jsonl", name) as engine:
        measured = [(gold, engine.ask(gold.question).confidence) for gold in track(questions, name, transient=True)]
    rows = []
    for language in ("all", "zh", "en"):
        some = [(g, c) for g, c in measured if language == "all" or g.language.startswith(language)]
        right = [c for g, c in some if g.answerable]
        wrong = [c for g, c in some if not g.answerable]
        answered, declined = [c >= threshold for c in right], [c < threshold for c in wrong]
        rows.append([name, language, f"{_roc_auc(right, wrong):.3f}", percent(answered), percent(declined)])
    return rows


def _roc_auc(right: Sequence[float], wrong: Sequence[float]) -> float:
    """Returns the share of pairs ranked rightly, ties counting half."""
    wins = sum((a > b) + 0.5 * (a == b) for a in right for b in wrong)
    return wins / (len(right) * len(wrong))
