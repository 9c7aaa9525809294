"""A takedown leaves nothing of an article in any generation or among the kept vectors."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import filelock
import numpy as np
import pytest

from qa.errors import IndexBusyError, IndexMissingError
from qa.index import current_generation, indexed_articles, open_current, take_down
from qa.index import takedown as module
from qa.index.manifest import write_manifest
from qa.index.nearest import NearestPassages
from qa.takedowns import take_out

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Library


def vectors(library: Library) -> int:
    with sqlite3.connect(library.index_dir / "vectors.sqlite") as store:
        return int(store.execute("SELECT count(*) FROM vectors").fetchone()[0])


def traces(library: Library, text: str) -> list[str]:
    found = [path for path in library.index_dir.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]
    return [path.name for path in found]


def test_an_article_is_gone_from_every_generation_even_one_that_is_held_and_from_the_kept_vectors(
    library: Library, hash_embedder: Any
) -> None:
    library.write("secret", "秘密的第一版。共有的一句。")
    library.write("other", "共有的一句。")
    library.build()
    library.write("secret", "秘密的第二版。")
    library.build()
    assert traces(library, "秘密")
    before = vectors(library)
    hash_embedder.embedded.clear()
    with library.opened() as held:
        take_down(library.settings, ["secret"])
        assert held.catalogue.article("secret").text == "秘密的第二版。"  # a question under way ends in peace
    assert traces(library, "秘密") == []
    assert library.ids() == {"harbour", "cars", "english", "other"}
    assert len(library.folders()) == 1
    assert hash_embedder.embedded == []
    # Gone: of the first version the passage and a sentence, of the second the same; the shared sentence stays.
    assert vectors(library) == before - 4
    take_out(library.settings.corpus_dir, ["secret"])
    assert library.build().unchanged == 4  # in step: nothing to do


def test_a_takedown_is_no_reason_to_take_in_other_changes(library: Library) -> None:
    library.build()
    for name in ("harbour", "cars"):
        library.remove(name)
    take_down(library.settings, ["english"])
    assert library.ids() == {"harbour", "cars"}


def test_what_was_taken_down_does_not_count_as_gone_by_mishap(library: Library) -> None:
    library.build()
    take_out(library.settings.corpus_dir, ["harbour", "cars"])  # two of three
    assert library.build().removed == 2
    library.write("harbour", "又來了。")
    report = library.build()
    assert (report.added, report.unchanged) == (0, 1)
    assert [problem.file for problem in report.problems] == ["taken-down.txt"]


def test_the_last_article_takes_the_index_with_it(library: Library) -> None:
    library.build()
    take_down(library.settings, ["harbour", "cars", "english"])
    with pytest.raises(IndexMissingError):
        open_current(library.settings)
    assert traces(library, "港口") == []
    assert library.folders() == set()
    assert library.build().added == 3  # nothing else is broken


def test_a_damaged_index_is_read_from_the_one_before(library: Library) -> None:
    library.build()
    library.write("new", "全新的文章。")
    library.build()
    (current_generation(library.index_dir) / "catalogue.sqlite").write_bytes(b"")
    assert indexed_articles(library.settings, ["cars", "new", "none"]).keys() == {"cars"}
    take_down(library.settings, ["cars"])
    assert library.ids() == {"harbour", "english"}
    library.remove("cars")
    assert library.build().added == 1


def test_a_takedown_waits_for_a_build(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.build()
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.1)
    with filelock.FileLock(library.index_dir / "write.lock"), pytest.raises(IndexBusyError):
        take_down(library.settings, ["cars"])


def test_without_an_index_there_is_nothing_to_do(library: Library) -> None:
    take_down(library.settings, ["cars"])
    assert not library.index_dir.exists()


def test_what_memory_held_is_not_kept_in_files_that_are_still_blank(tmp_path: Path) -> None:
    NearestPassages.build(tmp_path / "chroma", np.eye(3, 8, dtype=np.float16)).close()
    write_manifest(tmp_path, {})
    blanks = list(tmp_path.rglob("*.bin"))
    assert blanks
    assert not [path.name for path in blanks if any(path.read_bytes())]
