"""What builds that are killed, or that find the disk full, leave behind; every step in a forked process.

`python -m benchmarks.faults FOLDER KILLS PASSAGES PART...` prints what was found as JSON; the tests run it on a small
scale.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.data import WORKSPACE
from qa import Settings, build_index
from qa.dictionary import compile_dictionary
from qa.errors import IndexFaultError
from qa.index import building, current_generation, open_current, open_serving, verify
from qa.index.checker import Checker
from qa.index.generation import open_generation
from qa.index.manifest import read_manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

__all__ = ["CheckerHere", "measure_faults"]

KILLS = 20
PASSAGES = 1_200  # over 1,000 Chroma keeps its graph in files
SEED = 5
FULL_AT = (0.05, 0.4, 0.9)  # of the largest file: where the disk is full
CHILD_FAILED = 77  # an exit code that nothing else uses


class HashEmbedder:
    """Gives every text a unit vector of its own, at once."""

    fingerprint = "hash"
    dimension = 64

    def encode_query(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Hashes texts."""
        rows = [np.frombuffer(hashlib.shake_128(text.encode()).digest(self.dimension), np.int8) for text in texts]
        return np.stack([row / np.linalg.norm(row) for row in rows]).astype(np.float32)

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Hashes texts."""
        return self.encode_query(texts)


def measure_faults() -> list[list[str]]:
    """Returns rows of a fault and what it left behind, at full scale, in a fresh process."""
    folder = WORKSPACE / "faults"
    command = [sys.executable, "-m", "benchmarks.faults", str(folder), str(KILLS), str(PASSAGES)]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    found = json.loads(result.stdout.splitlines()[-1])
    return [[name, str(value)] for name, value in found.items()]


class _Trial:
    """A corpus of one JSON-lines file and its index."""

    def __init__(self, folder: Path, passages: int) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        self.settings = Settings(corpus_dir=folder / "corpus", index_dir=folder / "index", passage_chars=80)
        self.settings.corpus_dir.mkdir(parents=True)
        self.passages = passages

    def write(self, version: int) -> None:
        """Writes the articles, one of them anew."""
        lines = [{"id": f"a{n}", "text": f"第{n}篇說的是港口。{'很長的話，' * 12}完。"} for n in range(self.passages)]
        lines[0]["text"] = _text(version)
        text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
        (self.settings.corpus_dir / "corpus.jsonl").write_text(text, encoding="utf-8")

    def build(self) -> dict[str, Any]:
        """Builds without a model, and checks in this process: a fresh one would take most of the time.

        Returns what the manifest says, but for when it was built and what Chroma numbers anew each time.
        """
        build_index(self.settings, load=HashEmbedder)
        manifest = read_manifest(current_generation(self.settings.index_dir))
        manifest["files"] = {name: seal for name, seal in manifest["files"].items() if not name.startswith("chroma/")}
        return {name: value for name, value in manifest.items() if name != "built"}

    def serving(self) -> str:
        """Asks the index that serves for all that it should hold, and returns the article that changes."""
        with contextlib.closing(open_serving(self.settings)) as generation:
            verify(generation)
            return generation.catalogue.article("a0").text

    def orphans(self) -> list[str]:
        """Names folders that belong to nothing."""
        names = [path.name for path in self.settings.index_dir.iterdir() if path.is_dir()]
        unfinished = [name for name in names if name.startswith("unfinished-")]
        return unfinished or names[2:]  # the one that serves and the one before


def _text(version: int) -> str:
    return f"第{version}版。"


def _measure_killing(folder: Path, kills: int, passages: int) -> dict[str, Any]:
    trial, chance, version = _Trial(folder / "killed", passages), random.Random(SEED), 0
    undisturbed, longest = _undisturbed(folder, passages)
    trial.write(version)
    _in_a_child(trial.build)
    answered, same, orphans, killed = 0, 0, 0, 0
    while killed < kills:
        version = 1 - version
        trial.write(version)
        if _killed_after(trial.build, chance.uniform(0, longest)):
            killed += 1
            answered += _in_a_child(trial.serving) in map(_text, (0, 1))
            same += _in_a_child(trial.build) == undisturbed[version]
            orphans += len(trial.orphans())
    return {
        "builds killed": killed,
        "an index answered": answered,
        "the next run ended with the same manifest": same,
        "orphans left": orphans,
    }


def _undisturbed(folder: Path, passages: int) -> tuple[list[dict[str, Any]], float]:
    """Builds both versions from nothing; returns their states, and how long a build takes after another."""
    states = []
    for version in (0, 1):
        fresh = _Trial(folder / "fresh", passages)
        fresh.write(version)
        states.append(_in_a_child(fresh.build))
    fresh.write(0)
    started = time.monotonic()
    _in_a_child(fresh.build)
    return states, time.monotonic() - started


def _measure_full_disk(folder: Path, passages: int) -> dict[str, Any]:
    """Lets no file grow over a limit, at which every write fails as on a full disk."""
    trial = _Trial(folder / "full", passages)
    trial.write(0)
    _in_a_child(trial.build)
    largest = max(path.stat().st_size for path in trial.settings.index_dir.rglob("*"))
    told, answered, mended = 0, 0, 0
    for version, share in enumerate(FULL_AT, start=1):
        trial.write(version)
        message = _in_a_child(functools.partial(_build_within, trial, int(share * largest)))
        told += "\n" not in message and "Free space" in message
        answered += _in_a_child(trial.serving) == _text(version - 1)
        _in_a_child(trial.build)
        mended += _in_a_child(trial.serving) == _text(version) and not trial.orphans()
    return {
        "builds on a full disk": len(FULL_AT),
        "said so in one line": told,
        "the old index answered": answered,
        "the next run mended it": mended,
    }


def _build_within(trial: _Trial, limit: int) -> str:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        trial.build()
    except IndexFaultError as error:
        return str(error)
    return "it was built\n"


def _measure_damage(folder: Path, passages: int) -> dict[str, Any]:
    """Cuts short and overwrites each file of the current generation in turn."""
    trial = _Trial(folder / "damaged", passages)
    trial.write(0)
    _in_a_child(trial.build)
    trial.write(1)
    _in_a_child(trial.build)
    hit, noticed, answered, mended = 0, 0, 0, 0
    for at in range(len(_files(trial))):
        for damage in (lambda data: data[: len(data) // 2], lambda data: bytes(len(data))):
            path = _files(trial)[at]
            before, version = path.read_bytes(), hit + 2
            hit += 1
            path.write_bytes(damage(before))
            noticed += not _in_a_child(lambda: _opens(trial))
            answered += _in_a_child(trial.serving) == _text(version - 2)
            _in_a_child(trial.build)
            mended += _in_a_child(lambda: _opens(trial)) and _in_a_child(trial.serving) == _text(version - 1)
            trial.write(version)
            _in_a_child(trial.build)
    return {
        "files damaged": hit,
        "noticed on opening": noticed,
        "the index before answered": answered,
        "qa index mended it": mended,
    }


def _files(trial: _Trial) -> list[Path]:
    folder = current_generation(trial.settings.index_dir)
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)


def _opens(trial: _Trial) -> bool:
    try:
        open_current(trial.settings).close()
    except IndexFaultError:
        return False
    return True


def _in_a_child(work: Callable[[], Any]) -> Any:
    """Does work in a forked process and returns its result: Chroma's threads do not outlast a fork of this one."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _finish(work, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as result:
        data = result.read()
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0:
        raise RuntimeError("a child failed; its error is above")
    return json.loads(data)


def _killed_after(work: Callable[[], Any], seconds: float) -> bool:
    """Kills a forked process in the middle of its work; tells whether it was not done yet."""
    child = os.fork()
    if not child:
        _finish(work, os.open(os.devnull, os.O_WRONLY))
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _finish(work: Callable[[], Any], writing: int) -> None:
    try:
        os.write(writing, json.dumps(work()).encode())
        os._exit(0)
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(CHILD_FAILED)


class CheckerHere(Checker):
    """Checks as a build does, but in this process: a fresh one takes seconds to import Chroma."""

    def start(self) -> None:
        pass

    def check(self, folder: Path, chroma_url: str | None) -> None:
        with contextlib.closing(open_generation(folder, chroma_url)) as generation:
            verify(generation)


if __name__ == "__main__":
    import bm25s  # noqa: F401 - once, and not in every child
    import chromadb  # noqa: F401

    compile_dictionary(frozenset())  # read once
    building.Checker = CheckerHere  # type: ignore[attr-defined]
    place, kills, passages = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    parts = {
        "killed": lambda: _measure_killing(place, kills, passages),
        "full": lambda: _measure_full_disk(place, passages),
        "damaged": lambda: _measure_damage(place, passages),
    }
    print(json.dumps({name: value for part in sys.argv[4:] or parts for name, value in parts[part]().items()}))
