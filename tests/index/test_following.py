"""The index follows the folder of articles, and no failure ends that."""

from __future__ import annotations

import contextlib
import queue
import shutil
import threading
import time
from typing import TYPE_CHECKING, Any

import filelock
import pytest

from qa import Engine
from qa.errors import CorpusError, CorpusShrunkError, QAError
from qa.index import follow, open_current
from qa.index import following as module
from qa.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.index import Outcome
    from qa.records import IndexReport

    from .conftest import Library

WAIT_SECONDS = 30.0


class Followed:
    """A library followed by an engine, and what was told of it."""

    def __init__(self, library: Library, engine: Engine) -> None:
        self.library = library
        self.engine = engine
        self.told: queue.Queue[Outcome] = queue.Queue()
        self.builds = 0

    def build(self) -> IndexReport:
        self.builds += 1
        return self.engine.refresh()

    def next(self) -> Any:
        return self.told.get(timeout=WAIT_SECONDS)

    def wait_for_build(self) -> None:
        before, deadline = self.builds, time.monotonic() + WAIT_SECONDS
        while self.builds == before:
            assert time.monotonic() < deadline
            time.sleep(0.02)


@pytest.fixture
def followed(library: Library, hash_embedder: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Followed]:
    monkeypatch.setattr(module, "QUIET_MS", 50)
    monkeypatch.setattr(module, "LOOK_MS", 50)
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.05)
    report, stop = library.build(), threading.Event()
    with Engine(library.settings, open_current(library.settings), hash_embedder, in_memory=False) as engine:
        followed = Followed(library, engine)
        arguments = (library.settings, followed.build, followed.told.put, stop, report)
        follower = threading.Thread(target=follow, args=arguments)
        follower.start()
        followed.wait_for_build()  # it is at work
        yield followed
        stop.set()
        follower.join(WAIT_SECONDS)
        assert not follower.is_alive()


def test_a_new_article_is_in_the_index_that_the_running_engine_serves(followed: Followed, hash_embedder: Any) -> None:
    hash_embedder.embedded.clear()
    before = followed.engine.generation()
    followed.library.write("new", "全新的文章。")
    report = followed.next()
    assert (report.added, report.updated, report.removed, report.unchanged) == (1, 0, 0, 3)
    after = followed.engine.generation()
    assert after is not before
    assert after.catalogue.article("new").text == "全新的文章。"
    assert len(before.nearest.search(before.passage_vectors[0].astype("float32"), 3)) == 3  # for questions under way
    assert sorted(hash_embedder.embedded) == ["\n全新的文章。", "全新的文章。"]
    assert followed.told.empty()  # nothing was told of the builds that changed nothing


def test_an_article_in_a_new_folder_is_noticed(followed: Followed) -> None:
    folder = followed.library.settings.corpus_dir / "2025"
    folder.mkdir()
    (folder / "deep.md").write_text("深處的文章。", encoding="utf-8")
    assert followed.next().added == 1


def test_errors_are_told_once_leave_the_old_index_serving_and_end_nothing(followed: Followed) -> None:
    library, before = followed.library, followed.engine.generation()
    kept = {path.name: path.read_text(encoding="utf-8") for path in library.settings.corpus_dir.iterdir()}
    for name in ("harbour", "cars"):
        library.remove(name)
    error = followed.next()
    assert isinstance(error, CorpusShrunkError)
    assert "--allow-removals" in str(error)
    library.remove("english")
    error = followed.next()
    assert isinstance(error, CorpusError)
    assert str(error).startswith("No article in ")
    shutil.rmtree(library.settings.corpus_dir)
    assert str(followed.next()).startswith("No folder of articles at ")
    followed.wait_for_build()
    followed.wait_for_build()
    assert followed.engine.generation() is before
    library.settings.corpus_dir.mkdir()
    for name, text in kept.items():
        (library.settings.corpus_dir / name).write_text(text, encoding="utf-8")
    while isinstance(report := followed.next(), QAError):  # the folder was empty for a moment
        pass
    assert report.unchanged == 3
    library.write("new", "全新的文章。")
    assert followed.next().added == 1


def test_a_file_that_cannot_be_read_is_told_when_it_comes(followed: Followed) -> None:
    followed.library.write("bad", "---\nid: [\n---\n內文。")
    assert [problem.file for problem in followed.next().problems] == ["bad.md"]


def test_a_build_that_meets_another_writer_is_tried_again(followed: Followed) -> None:
    with filelock.FileLock(followed.library.index_dir / "write.lock"):
        followed.library.write("new", "全新的文章。")
        followed.wait_for_build()
        followed.wait_for_build()
    assert followed.next().added == 1


def test_a_fault_of_the_program_does_not_end_it(
    followed: Followed, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("qa.engine.build_index", lambda *_, **__: 1 / 0)
        followed.library.write("new", "全新的文章。")
        followed.wait_for_build()
    followed.library.write("newer", "更新的文章。")
    assert followed.next().added == 2
    assert "ZeroDivisionError" in caplog.text


def test_a_new_day_is_a_reason_to_look_again(followed: Followed, monkeypatch: pytest.MonkeyPatch) -> None:
    builds = followed.builds
    time.sleep(0.3)
    assert followed.builds == builds
    monkeypatch.setattr(Settings, "current_day", lambda _: "tomorrow")
    followed.wait_for_build()


def test_an_index_inside_the_corpus_folder_does_not_wake_it(library: Library) -> None:
    folder = library.settings.corpus_dir
    settings = Settings(corpus_dir=folder, index_dir=folder / "index")
    assert module._concerns(folder.absolute() / "a.md", settings)
    assert not module._concerns(folder.absolute() / "index" / "CURRENT", settings)
    assert not module._concerns(folder.absolute() / ".git" / "HEAD", settings)


def test_following_ends_at_once_when_it_is_told_to(library: Library) -> None:
    stop, builds = threading.Event(), []

    def build() -> IndexReport:
        builds.append(1)
        stop.set()
        return library.build()

    with contextlib.suppress(KeyboardInterrupt):
        follow(library.settings, build, lambda _: None, stop)
    assert builds == [1]
