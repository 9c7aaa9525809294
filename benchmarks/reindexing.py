"""What bringing an index into step costs beside its first build, with the real model, from a cold start each time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from benchmarks.scaling import FOLDER, cost, recombined

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["measure_reindexing"]

ARTICLES = 1_000  # of one passage each


def measure_reindexing() -> list[list[str]]:
    """Returns rows of a run of `qa index`, its seconds by the clock and of processor, and their shares of the first's.

    Needs the sentences that `benchmarks.scaling` has embedded.
    """
    folder = FOLDER / "cold"
    shutil.rmtree(folder, ignore_errors=True)
    corpus = folder / "corpus" / "corpus.jsonl"
    corpus.parent.mkdir(parents=True)
    corpus.write_text("\n".join(recombined(ARTICLES)), encoding="utf-8")
    first, unchanged = _index(folder), _index(folder)
    corpus.write_text(corpus.read_text(encoding="utf-8").replace("。", "！", 1), encoding="utf-8")
    runs = {"first build": first, "nothing changed": unchanged, "one article changed": _index(folder)}
    return [
        [name, *(f"{one:.1f} ({100 * one / whole:.1f} %)" for one, whole in zip(run, first, strict=True))]
        for name, run in runs.items()
    ]


def _index(folder: Path) -> tuple[float, float]:
    """Runs `qa index`; returns seconds by the clock, and of processor in it and in what it started."""
    settings = {"QA_CORPUS_DIR": str(folder / "corpus"), "QA_INDEX_DIR": str(folder / "index")}
    command = [sys.executable, "-c", "from qa.cli import app; app()", "index"]
    return cost(lambda: subprocess.run(command, check=True, capture_output=True, env={**os.environ, **settings}))
