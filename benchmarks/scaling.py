"""How building, disk, memory and answers grow from 1,000 to 50,000 passages.

`python -m benchmarks.scaling pool FOLDER`, `build SIZE` and `change SIZE` for every size, and `ask FOLDER` take the
same steps one by one, where a machine has no hour to spare.
"""

from __future__ import annotations

import functools
import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.data import WORKSPACE
from qa import Engine, Settings, build_index
from qa.embedding import BUNDLED, load_embedder, model_fingerprint
from qa.evaluation import read_questions
from qa.index import open_current
from qa.text.sentences import split_paragraphs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

__all__ = ["FOLDER", "SIZES", "cost", "measure_scaling", "recombined"]

SIZES = (1_000, 10_000, 50_000)  # passages
POOL_ARTICLES = 400  # whose sentences are recombined; some 2,000 are embedded by the real model
PASSAGE_CHARS = 250  # of recombined sentences at most: one passage an article
QUESTIONS = 40
SEED = 4
FOLDER = WORKSPACE / "scaling"
POOL = FOLDER / "pool.json"
POOL_VECTORS = FOLDER / "pool.npy"
MILLISECONDS = 1000
MEGABYTE = 1_000_000


class RecombinedEmbedder:
    """Gives a sentence of the pool its real vector, and a passage the mean of its sentences': at once."""

    dimension = 384

    def __init__(self) -> None:
        self.fingerprint = model_fingerprint(BUNDLED)
        self.embedded = 0
        self._vectors = dict(zip(json.loads(POOL.read_text(encoding="utf-8")), np.load(POOL_VECTORS), strict=True))

    def encode_query(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embeds questions as passages are."""
        return np.stack([self._vector(text) for text in texts])

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Looks vectors up."""
        self.embedded += len(texts)
        return self.encode_query(texts)

    def _vector(self, text: str) -> NDArray[np.float32]:
        known = [self._vectors[one] for one in _sentences(text) if one in self._vectors]
        vector = np.sum(known, axis=0) if known else np.ones(self.dimension)
        return np.asarray(vector / np.linalg.norm(vector), np.float32)


def measure_scaling(data: Path) -> list[list[str]]:
    """Returns rows of a measure and its values at 1,000, 10,000 and 50,000 passages.

    Their sentences are those of the data, recombined, with their real vectors; a passage's is the mean of its
    sentences'. Building is measured in processes of their own, the answers of all sizes in turn in one.
    """
    _embed_pool(data)
    built = [_in_a_process("build", size) | _in_a_process("change", size) for size in SIZES]
    rows = [[name, *(found[name] for found in built)] for name in built[0]]
    return [*rows, *([name, *values] for name, values in _ask_in_turn(data).items())]


def _pool_articles(data: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (data / "corpus.jsonl").open(encoding="utf-8")][:POOL_ARTICLES]


def _embed_pool(data: Path) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    articles = _pool_articles(data)
    sentences = list(dict.fromkeys(one for article in articles for one in _sentences(article["text"])))
    embedder = load_embedder(BUNDLED, Settings().cache_dir)
    POOL.write_text(json.dumps(sentences, ensure_ascii=False), encoding="utf-8")
    np.save(POOL_VECTORS, embedder.encode_passages(sentences))


def _sentences(text: str) -> Iterator[str]:
    for paragraph in split_paragraphs(text):
        yield from (text[start:end] for start, end in paragraph.sentences)


def _questions(data: Path) -> list[str]:
    """Takes questions about the articles whose sentences were recombined."""
    ids = {article["id"] for article in _pool_articles(data)}
    known = [gold.question for gold in read_questions(data / "questions.jsonl") if ids & set(gold.article_ids)]
    return random.Random(SEED).sample(known, QUESTIONS)


def _settings(size: int) -> Settings:
    folder = FOLDER / str(size)
    return Settings(corpus_dir=folder / "corpus", index_dir=folder / "index", keep_declined="off", reader="on")


def _in_a_process(step: str, size: int) -> dict[str, str]:
    command = [sys.executable, "-m", "benchmarks.scaling", step, str(size)]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, str] = json.loads(result.stdout.splitlines()[-1])
    return found


def _measure_building(size: int) -> dict[str, str]:
    """Builds an index of recombined articles from nothing."""
    settings, embedder = _settings(size), RecombinedEmbedder()
    shutil.rmtree(settings.corpus_dir.parent, ignore_errors=True)
    settings.corpus_dir.mkdir(parents=True)
    (settings.corpus_dir / "corpus.jsonl").write_text("\n".join(recombined(size)), encoding="utf-8")
    seconds, processor = cost(lambda: build_index(settings, load=lambda: embedder))
    peak = _most_memory_kilobytes() * 1024
    disk = sum(path.stat().st_size for path in settings.index_dir.rglob("*") if path.is_file())
    return {
        "passages": str(open_current(settings).passage_count),
        "texts to embed": str(embedder.embedded),
        "build without the embedding, s (of processor)": f"{seconds:.1f} ({processor:.1f})",
        "index and kept vectors on disk, MB": f"{disk / MEGABYTE:.0f}",
        "most memory while building, MB": f"{peak / MEGABYTE:.0f}",
    }


def _measure_changing(size: int) -> dict[str, str]:
    """Builds again without a change, and with one article changed."""
    settings, embedder = _settings(size), RecombinedEmbedder()
    build = functools.partial(build_index, settings, load=lambda: embedder)
    corpus = settings.corpus_dir / "corpus.jsonl"
    unchanged, first = cost(build)
    text = corpus.read_text(encoding="utf-8")
    corpus.write_text(text.replace("。", "！", 1), encoding="utf-8")
    changed, second = cost(build)
    corpus.write_text(text, encoding="utf-8")
    return {
        "nothing changed, s (of processor)": f"{unchanged:.2f} ({first:.2f})",
        "one article changed, s (of processor)": f"{changed:.1f} ({second:.1f})",
    }


def recombined(size: int) -> Iterator[str]:
    """Yields articles of one passage as lines of JSON, made of sentences of the pool."""
    chance, pool = random.Random(SEED), json.loads(POOL.read_text(encoding="utf-8"))
    short = [sentence for sentence in pool if len(sentence) < PASSAGE_CHARS / 2]
    for number in range(size):
        text = ""
        while len(text) + len(sentence := chance.choice(short)) <= PASSAGE_CHARS:
            text += sentence
        yield json.dumps({"id": f"a{number}", "title": f"第{number}篇", "text": text}, ensure_ascii=False)


def _ask_in_turn(data: Path) -> dict[str, list[str]]:
    """Asks every size the same questions in turn, so that noise hits all alike."""
    embedder = load_embedder(BUNDLED, Settings().cache_dir)
    engines = [Engine(_settings(size), open_current(_settings(size)), embedder, in_memory=False) for size in SIZES]
    times: dict[str, list[list[float]]] = {"search": [], "ask, reader off": [], "ask": []}
    readers = [engine.reader for engine in engines]
    for question in _questions(data):
        for name, found in times.items():
            found.append([])
            for engine, reader in zip(engines, readers, strict=True):
                engine.reader = reader if name == "ask" else None
                catalogue = engine.generation().catalogue
                catalogue.article.cache_clear()  # of what the measure before has read
                catalogue.passage.cache_clear()
                ask = engine.search if name == "search" else engine.ask
                found[-1].append(_seconds(functools.partial(ask, question)))
    warm = {name: np.array(found[5:]) * MILLISECONDS for name, found in times.items()}
    return {
        f"{name} p50 / p95, ms": [f"{np.median(one):.0f} / {np.percentile(one, 95):.0f}" for one in found.T]
        for name, found in warm.items()
    } | {
        f"{name} p50 beside {SIZES[0]:,}": [f"{np.median(one) / np.median(found.T[0]):.2f}" for one in found.T]
        for name, found in warm.items()
    }


def _most_memory_kilobytes() -> int:
    """Reads it where Linux tells it: `getrusage` counts in what a parent process held."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def cost(work: Callable[[], object]) -> tuple[float, float]:
    """Returns seconds by the clock, and of processor in this process and in those that it started."""
    before = sum(os.times()[:4])
    seconds = _seconds(work)
    return seconds, sum(os.times()[:4]) - before


if __name__ == "__main__":
    if sys.argv[1] == "pool":
        _embed_pool(Path(sys.argv[2]))
    elif sys.argv[1] == "ask":
        print(json.dumps(_ask_in_turn(Path(sys.argv[2]))))
    else:
        measure = {"build": _measure_building, "change": _measure_changing}[sys.argv[1]]
        print(json.dumps(measure(int(sys.argv[2]))))
