"""How building, disk, memory and answers grow from 1,000 to 50,000 passages."""

from __future__ import annotations

import functools
import json
import random
import resource
import shutil
import subprocess
import sys
import time
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
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["measure_scaling"]

SIZES = (1_000, 10_000, 50_000)  # passages
POOL_ARTICLES = 400  # whose sentences are recombined; some 2,000 are embedded by the real model
PASSAGE_CHARS = 250  # of recombined sentences at most: one passage an article
QUESTIONS = 60
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
    FOLDER.mkdir(parents=True, exist_ok=True)
    articles = [json.loads(line) for line in (data / "corpus.jsonl").open(encoding="utf-8")][:POOL_ARTICLES]
    _embed_pool(articles)
    built = [_in_a_process(size) for size in SIZES]
    asked = _ask_in_turn([gold.question for gold in _questions(data, {article["id"] for article in articles})])
    names = [name for name in built[0] if name != "settings"]
    return [
        *([name, *(str(found[name]) for found in built)] for name in names),
        *([name, *values] for name, values in asked.items()),
    ]


def _embed_pool(articles: Sequence[dict[str, Any]]) -> None:
    if POOL_VECTORS.exists():
        return
    sentences = list(dict.fromkeys(one for article in articles for one in _sentences(article["text"])))
    embedder = load_embedder(BUNDLED, Settings().cache_dir)
    POOL.write_text(json.dumps(sentences, ensure_ascii=False), encoding="utf-8")
    np.save(POOL_VECTORS, embedder.encode_passages(sentences))


def _sentences(text: str) -> Iterator[str]:
    for paragraph in split_paragraphs(text):
        yield from (text[start:end] for start, end in paragraph.sentences)


def _questions(data: Path, article_ids: set[str]) -> list[Any]:
    known = [gold for gold in read_questions(data / "questions.jsonl") if gold.article_ids & article_ids]
    return random.Random(SEED).sample(known, QUESTIONS)


def _settings(size: int) -> Settings:
    folder = FOLDER / str(size)
    return Settings(corpus_dir=folder / "corpus", index_dir=folder / "index", keep_declined="off", reader="on")


def _in_a_process(size: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.scaling", str(size)]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return found


def _measure_building(size: int) -> dict[str, Any]:
    """Builds an index of recombined articles, again without a change, and again with one article changed."""
    settings = _settings(size)
    shutil.rmtree(settings.corpus_dir.parent, ignore_errors=True)
    settings.corpus_dir.mkdir(parents=True)
    corpus, lines = settings.corpus_dir / "corpus.jsonl", list(_recombined(size))
    corpus.write_text("\n".join(lines), encoding="utf-8")
    embedder = RecombinedEmbedder()
    build = functools.partial(build_index, settings, load=lambda: embedder)
    first = _seconds(build)
    texts = embedder.embedded
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    disk = sum(path.stat().st_size for path in settings.index_dir.rglob("*") if path.is_file())
    unchanged = _seconds(build)
    corpus.write_text("\n".join([*lines[1:], lines[0].replace("。", "！", 1)]), encoding="utf-8")
    changed = _seconds(build)
    return {
        "passages": open_current(settings).passage_count,
        "texts to embed": texts,
        "build without the embedding, s": f"{first:.1f}",
        "nothing changed, s": f"{unchanged:.2f}",
        "one article changed, s": f"{changed:.1f}",
        "index and kept vectors on disk, MB": f"{disk / MEGABYTE:.0f}",
        "most memory while building, MB": f"{peak / MEGABYTE:.0f}",
    }


def _recombined(size: int) -> Iterator[str]:
    chance, pool = random.Random(SEED), json.loads(POOL.read_text(encoding="utf-8"))
    short = [sentence for sentence in pool if len(sentence) < PASSAGE_CHARS / 2]
    for number in range(size):
        text = ""
        while len(text) + len(sentence := chance.choice(short)) <= PASSAGE_CHARS:
            text += sentence
        yield json.dumps({"id": f"a{number}", "title": f"第{number}篇", "text": text}, ensure_ascii=False)


def _ask_in_turn(questions: Sequence[str]) -> dict[str, list[str]]:
    embedder = load_embedder(BUNDLED, Settings().cache_dir)
    engines = [Engine(_settings(size), open_current(_settings(size)), embedder, in_memory=False) for size in SIZES]
    times: dict[str, list[list[float]]] = {"search": [], "ask, reader off": [], "ask": []}
    readers = [engine.reader for engine in engines]
    for question in questions:
        for name, found in times.items():
            found.append([])
            for engine, reader in zip(engines, readers, strict=True):
                engine.reader = reader if name == "ask" else None
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


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    print(json.dumps(_measure_building(int(sys.argv[1]))))
