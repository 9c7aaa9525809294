"""How long things take beside the bare model, in one run; these machines are noisy, ratios hold."""

from __future__ import annotations

import functools
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.data import WORKSPACE
from qa import Engine, Settings, build_index
from qa.embedding import load_embedder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qa.evaluation import GoldQuestion

__all__ = ["measure_indexing", "measure_latency", "measure_start"]

QUESTIONS = 200
ARTICLES = 120  # indexed from nothing, to compare with the bare model
MILLISECONDS = 1000


def measure_latency(engine: Engine, questions: Sequence[GoldQuestion]) -> list[list[str]]:
    """Returns rows of quantile, milliseconds of a bare query embedding, and of `ask` without and with the reader."""
    some = questions[:: max(1, len(questions) // QUESTIONS)]
    reader = engine.reader
    for gold in some[:5]:
        engine.ask(gold.question)
    bare, quoting, reading = [], [], []
    for gold in some:  # in turn, so that noise hits all alike
        bare.append(_seconds(functools.partial(engine.embedder.encode_query, [gold.question])))
        engine.reader = None
        quoting.append(_seconds(functools.partial(engine.ask, gold.question)))
        engine.reader = reader
        reading.append(_seconds(functools.partial(engine.ask, gold.question)))
    return [
        [
            name,
            *(f"{MILLISECONDS * of(times):.0f}" for times in (bare, quoting, reading)),
            f"{of(quoting) / of(bare):.2f}",
        ]
        for name, of in (("p50", statistics.median), ("p95", _p95))
    ]


def measure_indexing(corpus: Path) -> list[list[str]]:
    """Returns rows of a measure and its value: building from nothing beside the bare model, and changing nothing."""
    from sentence_transformers import SentenceTransformer

    folder = WORKSPACE / "speed"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "corpus").mkdir(parents=True)
    lines = corpus.read_text(encoding="utf-8").splitlines()[:ARTICLES]
    (folder / "corpus" / "corpus.jsonl").write_text("\n".join(lines), encoding="utf-8")
    settings = Settings(corpus_dir=folder / "corpus", index_dir=folder / "index")
    model_folder = next((settings.cache_dir / "models").iterdir())
    model = SentenceTransformer(str(model_folder))
    load_embedder("bundled", settings.cache_dir).encode_query(["warm"])
    embedded: list[str] = []
    build = _seconds(lambda: _build_recording(settings, embedded))
    bare = _seconds(lambda: model.encode_document(embedded, batch_size=32, show_progress_bar=False))
    unchanged = _seconds(
        lambda: _run("index", "--corpus", str(settings.corpus_dir), "--index", str(settings.index_dir))
    )
    return [
        ["texts embedded", str(len(embedded))],
        ["embedded twice", str(len(embedded) - len(set(embedded)))],
        ["build, seconds", f"{build:.1f}"],
        ["bare SentenceTransformer.encode of the same, seconds", f"{bare:.1f}"],
        ["speed beside the bare model, %", f"{100 * bare / build:.0f}"],
        ["qa index, unchanged, seconds", f"{unchanged:.1f}"],
    ]


def measure_start(engine: Engine) -> list[list[str]]:
    """Returns rows of a measure and its value: a first answer from nothing running, and memory while serving."""
    settings = engine.settings
    cold = _seconds(lambda: _run("ask", "重慶2024年新能源車產量是多少？", "--index", str(settings.index_dir)))
    return [
        ["cold qa ask, seconds", f"{cold:.1f}"],
        ["resident memory while serving, MB", f"{_serving_memory(settings, 'on'):.0f}"],
        ["the same without the reader, MB", f"{_serving_memory(settings, 'off'):.0f}"],
    ]


def _build_recording(settings: Settings, embedded: list[str]) -> None:
    from qa.embedding import embedder as room

    encode = room.SentenceTransformerEmbedder.encode_passages

    def record(self: room.SentenceTransformerEmbedder, texts: Sequence[str], progress: object = None) -> object:
        embedded.extend(texts)
        return encode(self, texts, progress)  # type: ignore[arg-type]

    room.SentenceTransformerEmbedder.encode_passages = record  # type: ignore[assignment,method-assign]
    try:
        build_index(settings)
    finally:
        room.SentenceTransformerEmbedder.encode_passages = encode  # type: ignore[method-assign]


def _serving_memory(settings: Settings, reader: str) -> float:
    """Reads the resident memory, in MB, of a fresh process that serves the page and has answered questions."""
    command = [sys.executable, "-m", "benchmarks.serving", str(settings.corpus_dir), str(settings.index_dir)]
    environment = {**os.environ, "QA_READER": reader}
    result = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return float(result.stdout.split()[-1])


def _run(*arguments: str) -> None:
    command = Path(sys.executable).with_name("qa")
    subprocess.run([command, *arguments], check=True, stdout=subprocess.DEVNULL)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _p95(values: Sequence[float]) -> float:
    return float(statistics.quantiles(values, n=20)[-1])
