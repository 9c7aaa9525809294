"""Whichever file of the index is hit, it is found out, something whole serves, and a build mends it."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from qa import Engine
from qa.errors import IndexDamagedError, IndexMissingError
from qa.index import current_generation, open_current, open_serving, verify
from qa.index.manifest import check_files, read_manifest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Library

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut short": lambda data: data[: len(data) // 2],
    "zeroed": lambda data: bytes(len(data)),
}


def files_of(library: Library) -> list[Path]:
    folder = current_generation(library.index_dir)
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)


def held_ids(library: Library) -> set[str]:
    with contextlib.closing(open_serving(library.settings)) as generation:
        verify(generation)
        return {row[0] for row in generation.catalogue.headlines()}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_found_out_the_index_before_serves_and_a_build_mends_it_without_the_model(
    library: Library, hash_embedder: Any, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    library.build()
    library.write("new", "全新的文章。")
    library.build()
    count, blanks = len(files_of(library)), 0
    for at in range(count):
        library.write("new", f"第{at}版。")  # so that the index before is a good one, and another
        library.build()
        hash_embedder.embedded.clear()
        path = files_of(library)[at]  # Chroma names its folder anew each time
        data = path.read_bytes()
        path.write_bytes(DAMAGES[damage](data))
        if path.suffix == ".bin" and damage == "zeroed":  # blanks, as long as Chroma keeps its vectors in its log
            blanks += 1
            assert held_ids(library) == {"harbour", "cars", "english", "new"}
            continue
        with pytest.raises(IndexDamagedError, match=r"Rebuild with: qa index --rebuild$"):
            open_current(library.settings)
        caplog.clear()
        assert held_ids(library) == {"harbour", "cars", "english", "new"}
        assert "Until then the index before it serves." in caplog.text
        assert library.build().articles == 4
        with library.opened() as generation:
            verify(generation)
            assert generation.catalogue.article("new").text == f"第{at}版。"
        assert hash_embedder.embedded == []
    assert count - blanks >= 8


def test_an_index_without_a_whole_one_before_it_says_how_to_mend_it(library: Library) -> None:
    library.build()
    (current_generation(library.index_dir) / "passage_vectors.npy").write_bytes(b"")
    with pytest.raises(IndexDamagedError, match=r"passage_vectors\.npy has 0 bytes.*Rebuild with: qa index --rebuild$"):
        open_serving(library.settings)


def test_an_index_of_another_model_is_not_replaced_by_an_older_one(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.build()
    with monkeypatch.context() as newer:
        newer.setattr("qa.index.current.TOKEN_RULES", "another")
        library.build()
    with pytest.raises(IndexDamagedError, match=r"another version of qa.* Run: qa index$"):
        open_serving(library.settings)


def test_a_running_engine_goes_on_with_what_it_has_when_the_next_index_is_damaged(
    library: Library, hash_embedder: Any, caplog: pytest.LogCaptureFixture
) -> None:
    library.build()
    with Engine(library.settings, open_current(library.settings), hash_embedder, in_memory=False) as engine:
        first = engine.generation()
        library.write("new", "全新的文章。")
        library.build()
        (current_generation(library.index_dir) / "catalogue.sqlite").write_bytes(b"")
        assert [engine.generation(), engine.generation()] == [first, first]
        assert caplog.text.count("the index opened before serves") == 1
        (library.index_dir / "CURRENT").write_text("garbled", encoding="utf-8")
        assert engine.generation() is first
        library.build()
        assert engine.generation().catalogue.article("new").text == "全新的文章。"
        shutil.rmtree(library.index_dir)
        with pytest.raises(IndexMissingError):
            engine.generation()


def test_a_log_that_another_process_tidies_is_not_damage(library: Library) -> None:
    library.build()
    folder = current_generation(library.index_dir)
    with contextlib.closing(sqlite3.connect(folder / "chroma" / "chroma.sqlite3")) as tidying:
        tidying.execute("BEGIN EXCLUSIVE")
        check_files(folder, read_manifest(folder))
