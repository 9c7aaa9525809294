"""Killed builds, full disks, other users' folders and files that vanish: the old index serves, the next run mends it.

What `make bench` measures at full scale runs here on a small one, with real processes and real limits.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.candidates import propose
from qa.index import open_current

if TYPE_CHECKING:
    import pytest

    from .conftest import Library

ROOT = Path(__file__).parents[2]
KILLS = 3
NOBODY = 65534  # whom no folder belongs to, where the tests run as root


def measured(folder: Path, part: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.faults", str(folder), str(KILLS), "40", part]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])}
    result = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False, env=environment)
    assert result.returncode == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return found


def test_a_build_killed_at_any_moment_leaves_an_index_and_the_next_run_ends_as_if_nothing_had_been(
    tmp_path: Path,
) -> None:
    assert measured(tmp_path, "killed") == {
        "builds killed": KILLS,
        "an index answered": KILLS,
        "the next run ended with the same manifest": KILLS,
        "orphans left": 0,
    }


def test_a_disk_that_is_full_in_the_middle_of_a_build_is_one_line_and_costs_nothing(tmp_path: Path) -> None:
    found = measured(tmp_path, "full")
    assert set(found.values()) == {found["builds on a full disk"]}


READ_ONLY = """
import os, sys
from pathlib import Path
from qa.errors import QAError
from qa.index import build_index, open_current
from qa.settings import Settings
settings = Settings(corpus_dir=Path(sys.argv[1]), index_dir=Path(sys.argv[2]))
open_current(settings).close()  # imports all, which nobody might not be allowed to
if os.geteuid() == 0:
    os.setuid(int(sys.argv[3]))
try:
    build_index(settings, rebuild=True, load=lambda: None)
except QAError as error:
    print(type(error).__name__, error)
generation = open_current(settings)
print(len(generation.nearest.search(generation.passage_vectors[0].astype("float32"), 3)))
"""


def test_an_index_that_may_only_be_read_serves_and_a_build_of_it_is_one_line(library: Library) -> None:
    library.build()
    for path in (library.index_dir, *library.index_dir.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    for folder in library.index_dir.parents:
        if folder.owner() == library.index_dir.owner() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o555)
    command = [sys.executable, "-c", READ_ONLY, str(library.settings.corpus_dir), str(library.index_dir)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "HOME": "/nowhere"}
    result = subprocess.run(
        [*command, str(NOBODY)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env=environment,
        cwd=library.index_dir,
    )
    for path in (library.index_dir, *library.index_dir.rglob("*")):
        path.chmod(0o755)
    assert result.returncode == 0, result.stderr
    error, count = result.stdout.splitlines()
    assert error.startswith("IndexFaultError Cannot write the index in ")
    assert "Permission denied" in error
    assert count == "3"


def test_a_corpus_file_that_vanishes_while_the_folder_is_read_is_one_problem_and_the_rest_goes_on(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.build()
    library.write("late", "剛剛還在的文章。")
    read = Path.read_bytes

    def vanishing(path: Path) -> bytes:
        if path.name == "late.md":
            path.unlink(missing_ok=True)
        return read(path)

    with monkeypatch.context() as moving:
        moving.setattr(Path, "read_bytes", vanishing)
        report = library.build()
    assert [str(problem) for problem in report.problems] == ["late.md:1: cannot be read: No such file or directory"]
    assert report.unchanged == 3
    assert library.ids() == {"harbour", "cars", "english"}


def test_an_index_that_is_deleted_under_a_reader_goes_on_answering_it(library: Library) -> None:
    library.build()
    generation = open_current(library.settings)
    first, second = generation.passage_vectors[:2].astype("float32")
    assert 0 in propose(generation, 1, first, [], [])
    shutil.rmtree(library.index_dir, ignore_errors=True)  # Chroma may be tidying its log
    assert propose(generation, 1, second, [], []).tolist() == [1]
    assert generation.catalogue.article("cars").text
    generation.close()


def test_where_chroma_can_no_longer_search_all_vectors_are_compared(
    library: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    library.build()
    with library.opened() as generation:
        vector = generation.passage_vectors[2].astype("float32")
        before = propose(generation, 2, vector, [], []).tolist()

        def lost(*_: Any, **__: Any) -> Any:
            raise RuntimeError("unable to open database file")

        monkeypatch.setattr(generation.nearest._collection, "query", lost)
        assert propose(generation, 2, vector, [], []).tolist() == before
    assert "unable to open database file" in caplog.text
