"""The nearest passages by cosine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from qa.errors import IndexDamagedError
from qa.index.nearest import NearestPassages

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def vectors() -> Any:
    rows = np.random.default_rng(0).standard_normal((1200, 16))  # over 1000: Chroma then keeps its graph in files
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)


@pytest.mark.parametrize("in_memory", [True, False])
def test_each_vector_is_nearest_to_itself(tmp_path: Path, vectors: Any, in_memory: bool) -> None:
    nearest = NearestPassages.build(None if in_memory else tmp_path / "chroma", vectors)
    if not in_memory:
        nearest.close()
        nearest = NearestPassages.open(tmp_path / "chroma")
    for number in (0, 1, 600, 1199):
        found = nearest.search(vectors[number].astype(np.float32), 5)
        exact = np.argsort(-(vectors.astype(np.float32) @ vectors[number].astype(np.float32)))[:5]
        assert found[0] == number
        assert len(set(found) & set(exact)) >= 4  # the search is approximate
    nearest.close()


def test_indexes_in_memory_do_not_mix(vectors: Any) -> None:
    one, other = NearestPassages.build(None, vectors[:2]), NearestPassages.build(None, vectors[2:5])
    assert len(one.search(vectors[0].astype(np.float32), 10)) == 2
    one.close()
    assert len(other.search(vectors[0].astype(np.float32), 10)) == 3
    other.close()


def test_two_readers_of_one_folder_close_by_themselves(tmp_path: Path, vectors: Any) -> None:
    NearestPassages.build(tmp_path / "chroma", vectors[:3]).close()
    one, other = NearestPassages.open(tmp_path / "chroma"), NearestPassages.open(tmp_path / "chroma")
    one.close()
    assert len(other.search(vectors[0].astype(np.float32), 3)) == 3
    other.close()


def test_a_folder_without_a_collection_is_damage(tmp_path: Path) -> None:
    with pytest.raises(IndexDamagedError, match=r"^Cannot open the vectors in [^\n]*qa index --rebuild$"):
        NearestPassages.open(tmp_path / "nothing")


def test_a_vector_of_another_length_is_damage_in_one_line(vectors: Any) -> None:
    nearest = NearestPassages.build(None, vectors[:2])
    with pytest.raises(IndexDamagedError, match=r"^The vectors cannot be searched: [^\n]*$"):
        nearest.search(np.ones(3, np.float32), 1)
    nearest.close()
