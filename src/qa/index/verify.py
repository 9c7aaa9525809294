"""Asks a generation for what was put into it; run in a process of its own, as a damaged store can crash one."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qa.errors import IndexDamagedError, QAError
from qa.index.generation import Generation, open_generation
from qa.index.manifest import check_files
from qa.index.nearest import ready
from qa.text.tokens import tokenize

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["main", "verify"]

SAMPLE_SIZE = 50
MISSES_ALLOWED = 0.1  # the search is approximate: ties and a rare miss are not damage
SAMPLE_SEED = 0
UNIT_TOLERANCE = 0.01  # half precision leaves unit vectors 0.001 off


def verify(generation: Generation) -> None:
    """Reads every file, and searches both legs for a sample of the passages that the generation holds.

    Raises:
        IndexDamagedError: counts disagree, something cannot be read, or passages are not found where they are.
    """
    try:
        if generation.folder:
            check_files(generation.folder, generation.manifest)
        _check_counts(generation)
        _check_sample(generation)
    except QAError:
        raise
    except Exception as error:  # damaged files make the libraries raise anything at all
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        raise IndexDamagedError(f"The index cannot be read: {reason}.") from error


def _check_counts(generation: Generation) -> None:
    counts = {
        "passages": (generation.passage_count, generation.manifest["passages"]),
        "keyword passages": (generation.keywords.passage_count, generation.manifest["passages"]),
        "sentences": (len(generation.sentence_vectors), generation.manifest["sentences"]),
    }
    for what, (found, expected) in counts.items():
        if found != expected:
            raise IndexDamagedError(f"The index holds {found} {what}, not {expected}.")


def _check_sample(generation: Generation) -> None:
    size = min(SAMPLE_SIZE, generation.passage_count)
    sample = np.random.default_rng(SAMPLE_SEED).choice(generation.passage_count, size, replace=False)
    legs = (("vector", _found_by_vector), ("keyword", _found_by_keywords), ("sentence", _has_sentence_vectors))
    for leg, finds in legs:
        missed = [int(number) for number in sample if not finds(generation, number)]
        if len(missed) > MISSES_ALLOWED * size:
            raise IndexDamagedError(f"The {leg} leg misses {len(missed)} of {size} passages, first number {missed[0]}.")


def _found_by_vector(generation: Generation, number: int) -> bool:
    vector: NDArray[np.float32] = generation.passage_vectors[number].astype(np.float32)
    nearest = generation.nearest.search(vector, min(5, generation.passage_count))
    # A passage that stands in the corpus twice is as well found by its twin.
    return any(np.dot(generation.passage_vectors[other].astype(np.float32), vector) > 0.999 for other in nearest)


def _found_by_keywords(generation: Generation, number: int) -> bool:
    tokens = tokenize(generation.passage(number).passage.text)
    return not tokens or any(number in generation.keywords.postings(token)[0] for token in tokens[:3])


def _has_sentence_vectors(generation: Generation, number: int) -> bool:
    rows = generation.sentence_vectors[generation.sentence_rows(number)].astype(np.float32)
    return bool(np.any(np.abs(np.linalg.norm(rows, axis=1) - 1) < UNIT_TOLERANCE))


def main() -> None:
    """Reads a folder and a Chroma server, if any, as JSON; tells of damage in one line and exits 1."""
    ready()  # while the generation is still being built
    asked = sys.stdin.read()
    if not asked:  # the process that builds has ended
        return
    folder, chroma_url = json.loads(asked)
    try:
        verify(open_generation(Path(folder), chroma_url))
    except QAError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
