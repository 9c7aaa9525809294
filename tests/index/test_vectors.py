"""Vectors are kept by content, so that only new text is embedded."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from qa.errors import ModelError
from qa.index import vectors as module
from qa.index.vectors import KeptVectors, embed_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@pytest.fixture
def kept() -> Iterator[KeptVectors]:
    with contextlib.closing(KeptVectors(None, "model")) as empty:
        yield empty


def ignore(_done: int, _total: int) -> None:
    pass


def never(_: Sequence[str]) -> Any:
    pytest.fail("the model was loaded")


def test_each_text_is_embedded_once_and_gets_its_own_row(kept: KeptVectors, hash_embedder: Any) -> None:
    texts = ["甲", "乙乙", "甲", "\x00", "甲"]
    rows = embed_all(texts, kept, lambda _: hash_embedder, ignore)
    assert sorted(hash_embedder.embedded) == ["\x00", "乙乙", "甲"]
    assert rows.dtype == np.float16
    np.testing.assert_allclose(rows, hash_embedder.encode_query(texts), atol=1e-3)


def test_known_texts_do_not_load_the_model(kept: KeptVectors, hash_embedder: Any) -> None:
    first = embed_all(["甲", "乙"], kept, lambda _: hash_embedder, ignore)
    again = embed_all(["乙", "甲"], kept, never, ignore)
    assert (again == first[::-1]).all()


def test_the_longest_texts_come_first_and_progress_reaches_the_total(
    kept: KeptVectors, hash_embedder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 2)
    steps: list[tuple[int, int]] = []
    embed_all(["a", "aaa", "甲甲", "aa"], kept, lambda _: hash_embedder, lambda *step: steps.append(step))
    assert hash_embedder.embedded == ["甲甲", "aaa", "aa", "a"]  # by bytes: 6, 3, 2, 1
    assert steps == [(2, 4), (4, 4)]


def test_a_crash_loses_one_chunk_at_most(
    kept: KeptVectors, hash_embedder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 1)
    embed = hash_embedder.encode_passages

    def failing(texts: list[str], progress: Any) -> Any:
        if hash_embedder.embedded:
            raise RuntimeError("out of\nmemory")
        return embed(texts, progress)

    monkeypatch.setattr(hash_embedder, "encode_passages", failing)
    with pytest.raises(ModelError, match=r"^The embedding model failed: out of memory\."):
        embed_all(["aaa", "bb"], kept, lambda _: hash_embedder, ignore)
    assert list(kept.get(["aaa", "bb"])) == ["aaa"]


def test_more_texts_than_one_query_takes_are_found(kept: KeptVectors, hash_embedder: Any) -> None:
    texts = [str(number) for number in range(module.LOOKUP_SIZE * 2 + 1)]
    kept.put(texts, hash_embedder.encode_query(texts))
    assert set(kept.get([*texts, "unknown"])) == set(texts)


def test_vectors_of_another_model_are_not_used(tmp_path: Path, hash_embedder: Any) -> None:
    with contextlib.closing(KeptVectors(tmp_path / "v.sqlite", "one")) as store:
        store.put(["甲"], hash_embedder.encode_query(["甲"]))
    with contextlib.closing(KeptVectors(tmp_path / "v.sqlite", "other")) as store:
        assert store.get(["甲"]) == {}
    with contextlib.closing(KeptVectors(tmp_path / "v.sqlite", "one")) as store:
        assert list(store.get(["甲"])) == ["甲"]


@pytest.mark.parametrize("content", [b"", b"garbage" * 500, bytes(8192)])
def test_a_store_that_is_no_database_is_begun_anew(tmp_path: Path, hash_embedder: Any, content: bytes) -> None:
    (tmp_path / "v.sqlite").write_bytes(content)
    with contextlib.closing(KeptVectors(tmp_path / "v.sqlite", "one")) as store:
        assert store.get(["甲"]) == {}
        store.put(["甲"], hash_embedder.encode_query(["甲"]))
        assert list(store.get(["甲"])) == ["甲"]


def test_a_store_that_is_damaged_inside_is_begun_anew_when_that_is_noticed(tmp_path: Path, hash_embedder: Any) -> None:
    path, texts = tmp_path / "v.sqlite", [str(number) for number in range(3000)]
    with contextlib.closing(KeptVectors(path, "one")) as store:
        store.put(texts, hash_embedder.encode_query(texts))
    data = bytearray(path.read_bytes())
    data[8192:] = b"\xff" * (len(data) - 8192)
    path.write_bytes(data)
    with contextlib.closing(KeptVectors(path, "one")) as store:
        assert len(store.get(texts)) < len(texts)
        store.put(texts, hash_embedder.encode_query(texts))
        assert len(store.get(texts)) == len(texts)


def test_a_vector_that_is_damaged_is_embedded_again(tmp_path: Path, hash_embedder: Any) -> None:
    path, texts = tmp_path / "v.sqlite", ["甲", "乙", "丙", "丁"]
    with contextlib.closing(KeptVectors(path, "one")) as store:
        store.put(texts, hash_embedder.encode_query(texts))
        damaged = {"乙": bytes(32), "丙": b"short"}
        for text, vector in damaged.items():
            store._connection.execute("UPDATE vectors SET vector = ? WHERE key = ?", (vector, store._key(text)))
        rows = embed_all(texts, store, lambda _: hash_embedder, ignore)
    assert sorted(hash_embedder.embedded) == sorted(damaged)
    np.testing.assert_allclose(rows, hash_embedder.encode_query(texts), atol=1e-3)


def test_a_store_that_cannot_be_opened_is_not_thrown_away(tmp_path: Path) -> None:
    (tmp_path / "v.sqlite").mkdir()
    with pytest.raises(sqlite3.OperationalError):
        KeptVectors(tmp_path / "v.sqlite", "one")
    assert (tmp_path / "v.sqlite").is_dir()
