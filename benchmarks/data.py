"""Development data -> an open engine and its questions; indexes are kept between runs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import Progress

from qa import Engine, Settings, build_index
from qa.evaluation import read_questions

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["open_engine", "sources_of", "with_progress"]

WORKSPACE = Path(".bench")


def sources_of(data: Path) -> dict[str, str]:
    """Names the source of every question's passage, whether or not that passage was taken away."""
    articles = [json.loads(line) for line in (data / "corpus.jsonl").open(encoding="utf-8")]
    by_article = {article["id"]: article["source"] for article in articles}
    return {gold.id: by_article[min(gold.article_ids)] for gold in read_questions(data / "questions_all.jsonl")}


def open_engine(corpus: Path, name: str, threshold: float = 0.0) -> Engine:
    """Opens an engine that answers everything over a corpus file, building its index where that is still to be done."""
    corpus_dir = WORKSPACE / name / "corpus"
    corpus_dir.mkdir(parents=True, exist_ok=True)
    shutil.copy(corpus, corpus_dir / "corpus.jsonl")
    index_dir = WORKSPACE / name / "index"
    _borrow_vectors(index_dir)
    settings = Settings(
        corpus_dir=corpus_dir,
        index_dir=index_dir,
        confidence_threshold=threshold,
        short_answer_threshold=threshold,
        keep_declined="off",
    )
    with_progress(lambda report: build_index(settings, report, allow_removals=True))
    return Engine.open(settings)


def with_progress(work: Callable[[Callable[[str, int, int], None]], object]) -> None:
    """Runs a build with a progress bar on a terminal."""
    with Progress(console=Console(stderr=True), transient=True) as bars:
        tasks = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        work(report)


def _borrow_vectors(index_dir: Path) -> None:
    """Starts a new index with the vectors of the first one: the other corpora are parts of it."""
    kept = WORKSPACE / "dev" / "index" / "vectors.sqlite"
    target = index_dir / "vectors.sqlite"
    if kept.exists() and not target.exists():
        index_dir.mkdir(parents=True, exist_ok=True)
        shutil.copy(kept, target)
