"""A build makes a whole new generation, or leaves the old one serving."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import filelock
import pytest

from qa.articles import read_corpus
from qa.errors import (
    CorpusError,
    CorpusShrunkError,
    IndexBusyError,
    IndexDamagedError,
    IndexFaultError,
    IndexMissingError,
    ModelError,
    QAError,
)
from qa.index import build_in_memory, build_index, current_generation, is_stale, open_current
from qa.index import building as module
from qa.index.checker import COMMAND, Checker
from qa.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.records import Article

    from .conftest import Library

FULL = OSError(errno.ENOSPC, "No space left on device")
SCRIPT = """
import sys
from pathlib import Path
from qa.index import build_index
from qa.settings import Settings
"""


def run(script: str, library: Library) -> subprocess.Popen[str]:
    """Starts a process that knows `settings`, `here` and the modules of this test."""
    settings = f"Settings(corpus_dir={str(library.settings.corpus_dir)!r}, index_dir={str(library.index_dir)!r})"
    start = f"{SCRIPT}settings = {settings}\nhere = Path({str(library.index_dir.parent)!r})\n"
    command = [sys.executable, "-c", start + script]
    return subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def raising(error: BaseException) -> Callable[..., Any]:
    def fail(*_: Any, **__: Any) -> Any:
        raise error

    return fail


def test_what_was_built_and_checked_by_a_fresh_process_is_found_by_both_legs(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "Checker", Checker)
    stages: list[str] = []
    report = library.build(progress=lambda stage, _done, _total: stages.append(stage))
    assert (report.articles, report.passages, report.added, report.unchanged) == (3, 3, 3, 0)
    assert list(dict.fromkeys(stages)) == ["Embedding", "Checking"]
    with library.opened() as generation:
        for number in range(3):
            passage = generation.passage(number).passage
            assert generation.nearest.search(generation.passage_vectors[number].astype("float32"), 1).tolist() == [
                number
            ]
            assert passage.text == generation.catalogue.article(passage.article_id).text[passage.start : passage.end]
        rows = generation.keywords.postings("贷")[0], generation.keywords.postings("柜")[0]
        harbour = generation.catalogue.passages_of("harbour")
        assert (rows[0].tolist(), rows[1].tolist()) == ([], harbour)


def test_relative_dates_are_written_out_for_matching_only(library: Library, hash_embedder: Any) -> None:
    library.write("dated", "---\npublished: 2025-07-30\n---\n港口去年擴建。")
    library.build()
    assert "2025年7月30日\n港口去年（2024年）擴建。" in [text.strip() for text in hash_embedder.embedded]
    with library.opened() as generation:
        (number,) = generation.catalogue.passages_of("dated")
        stored = generation.passage(number)
        assert stored.passage.text == "港口去年擴建。"
        assert stored.dated(0, 7) == "港口去年（2024年）擴建。"


def test_an_unchanged_corpus_builds_nothing_and_imports_no_heavy_library(library: Library) -> None:
    library.build()
    before = library.folders()
    process = run(
        "report = build_index(settings)\n"
        "heavy = {'torch', 'chromadb', 'bm25s', 'sentence_transformers', 'gradio'} & set(sys.modules)\n"
        "print(report.unchanged, report.added, report.passages, sorted(heavy))",
        library,
    )
    output, errors = process.communicate(timeout=60)
    assert output == "3 0 3 []\n", errors
    assert library.folders() == before


def test_a_changed_article_embeds_only_its_new_text(library: Library, hash_embedder: Any) -> None:
    library.build()
    hash_embedder.embedded.clear()
    library.write("harbour", "# 港口新聞\n\n港口去年處理了十萬個貨櫃。明年又如何？\n")
    report = library.build()
    assert (report.added, report.updated, report.removed, report.unchanged) == (0, 1, 0, 2)
    passage = "港口新聞\n# 港口新聞\n\n港口去年處理了十萬個貨櫃。明年又如何？"
    assert sorted(hash_embedder.embedded) == sorted([passage, "明年又如何？"])


def test_a_rebuild_makes_a_new_generation_of_kept_vectors(library: Library, hash_embedder: Any) -> None:
    library.build()
    first = current_generation(library.index_dir)
    hash_embedder.embedded.clear()
    report = library.build(rebuild=True)
    assert report.unchanged == 3
    assert current_generation(library.index_dir) != first
    assert hash_embedder.embedded == []


def test_a_removed_article_is_gone_and_an_added_one_there(library: Library) -> None:
    library.build()
    library.remove("cars")
    library.write("new", "全新的文章。")
    report = library.build(allow_removals=True)
    assert (report.added, report.updated, report.removed, report.unchanged) == (1, 0, 1, 2)
    assert library.ids() == {"harbour", "english", "new"}
    with library.opened() as generation:
        assert generation.catalogue.passages_of("cars") == []
        assert generation.keywords.frequency("汽车") == 0


@pytest.mark.parametrize(
    ("articles", "gone", "stops"),
    [(10, 2, False), (10, 3, True), (11, 3, True), (5, 1, False), (4, 1, True), (1, 1, True)],
)
def test_more_than_a_fifth_gone_stops_and_asks(library: Library, articles: int, gone: int, stops: bool) -> None:
    for name in ("harbour", "cars", "english"):
        library.remove(name)
    library.write("stays", "這篇一直都在。")
    for number in range(articles - 1):
        library.write(f"a{number}", f"第{number}篇。")
    library.build()
    before = library.ids()
    for path in sorted(library.settings.corpus_dir.iterdir())[:gone]:
        path.unlink()
    library.write("new", "全新的文章。")
    if stops:
        with pytest.raises(CorpusShrunkError, match=rf"^{gone} of {articles} articles are gone .*--allow-removals$"):
            library.build()
        assert library.ids() == before
        with pytest.raises(CorpusShrunkError):
            library.build(rebuild=True)
    assert library.build(allow_removals=stops).removed == gone
    assert len(library.ids()) == articles - gone + 1


def test_an_article_that_can_no_longer_be_read_counts_as_gone(library: Library) -> None:
    library.build()
    for name in ("harbour", "cars"):
        library.write(name, "---\nid: [\n---\n內文。")
    with pytest.raises(CorpusShrunkError, match=r"^2 of 3 articles are gone .*'cars', 'harbour'"):
        library.build()


def test_problems_of_the_corpus_are_reported_and_do_not_stop_the_build(library: Library) -> None:
    library.write("bad", "---\nid: [\n---\n內文。")
    report = library.build()
    assert report.articles == 3
    assert [problem.file for problem in report.problems] == ["bad.md"]


def test_an_emptied_corpus_leaves_the_old_index(library: Library) -> None:
    library.build()
    for path in library.settings.corpus_dir.iterdir():
        path.unlink()
    with pytest.raises(CorpusError):
        library.build()
    assert library.ids() == {"harbour", "cars", "english"}


@pytest.mark.parametrize(
    ("place", "error", "kind", "message"),
    [
        ("qa.index.building.load_embedder", ModelError("No model."), ModelError, "No model"),
        ("conftest.embed", RuntimeError("out of\nmemory"), ModelError, "out of memory"),
        ("qa.index.generation.np.save", FULL, IndexFaultError, "No space left on device"),
        ("qa.index.manifest.os.fsync", FULL, IndexFaultError, "No space left on device"),
        ("qa.index.current.os.fsync", FULL, IndexFaultError, "No space left on device"),
        ("qa.index.generation.KeywordIndex.save", FULL, IndexFaultError, "No space left on device"),
        (
            "qa.index.vectors.KeptVectors.put",
            sqlite3.OperationalError("database or disk is full"),
            IndexFaultError,
            "database or disk is full",
        ),
        (
            "qa.index.catalogue.Catalogue.add_dictionary",
            sqlite3.OperationalError("database or disk is full"),
            IndexFaultError,
            "database or disk is full",
        ),
        ("qa.index.nearest._filled", RuntimeError("disk\nfull"), IndexFaultError, "disk full"),
        ("qa.index.building.Checker.check", IndexDamagedError("Check failed."), IndexDamagedError, "Check failed"),
        ("qa.index.building.Path.replace", FULL, IndexFaultError, "No space left on device"),
        ("qa.index.building.Path.rename", FULL, IndexFaultError, "No space left on device"),
    ],
)
def test_a_failed_build_says_why_in_one_line_and_leaves_the_old_index(
    library: Library,
    hash_embedder: Any,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    error: Exception,
    kind: type[QAError],
    message: str,
) -> None:
    library.build()
    folders = library.folders()
    library.write("new", "全新的文章。")
    with monkeypatch.context() as broken:
        if place == "conftest.embed":
            broken.setattr(hash_embedder, "encode_passages", raising(error))
        elif "Path" in place:
            broken.setattr(Path, place.rpartition(".")[2], raising(error))
        else:
            broken.setattr(place, raising(error))
        with pytest.raises(kind, match=message) as raised:
            library.build()
    assert "\n" not in str(raised.value)
    assert library.folders() == folders
    assert not (library.index_dir / "CURRENT.new").exists()
    assert library.ids() == {"harbour", "cars", "english"}
    assert library.build().added == 1
    assert "new" in library.ids()


def test_a_new_generation_that_a_fresh_process_cannot_read_never_serves(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Damaging(Checker):
        def check(self, folder: Path, chroma_url: str | None) -> None:
            (folder / "passage_vectors.npy").write_bytes(b"")
            super().check(folder, chroma_url)

    monkeypatch.setattr(module, "Checker", Damaging)
    with pytest.raises(IndexDamagedError, match=r"failed its check \(.*passage_vectors\.npy has 0 bytes"):
        library.build()
    assert library.folders() == set()
    with pytest.raises(IndexMissingError):
        current_generation(library.index_dir)


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("import os; os.kill(os.getpid(), 11)", r"\(exit code -11\)"),
        ("import sys; sys.exit(1)", r"\(exit code 1\)"),
        ("import sys; sys.exit('a warning\\nThe reason.')", r"\(The reason\.\)"),
        ("import time; time.sleep(60)", r"\(not done in 1 seconds\)"),
    ],
)
def test_a_check_that_crashes_or_hangs_is_a_failed_check(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, message: str
) -> None:
    monkeypatch.setattr("qa.index.checker.COMMAND", [sys.executable, "-c", script])
    monkeypatch.setattr("qa.index.checker.SECONDS", 1)
    with contextlib.closing(Checker()) as checker, pytest.raises(IndexDamagedError, match=message):
        checker.check(tmp_path, None)


def test_the_process_that_checks_ends_with_the_build(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Checker] = []

    class Noted(Checker):
        def start(self) -> None:
            super().start()
            started.append(self)

    monkeypatch.setattr(module, "Checker", Noted)
    monkeypatch.setattr("qa.index.generation.KeywordIndex.save", raising(FULL))
    with pytest.raises(IndexFaultError, match="No space left"):
        library.build()
    [checker] = started
    assert checker._process is not None
    assert checker._process.returncode is not None


def test_the_process_that_checks_ends_quietly_where_its_parent_is_killed() -> None:
    done = subprocess.run(COMMAND, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_only_one_process_writes_at_a_time(library: Library) -> None:
    library.build()
    with filelock.FileLock(library.index_dir / "write.lock"), pytest.raises(IndexBusyError, match="Another process"):
        library.build()
    assert library.build().unchanged == 3


def test_a_build_that_is_killed_leaves_the_old_index_and_the_next_one_succeeds(library: Library) -> None:
    library.build()
    library.write("new", "全新的文章。")
    process = run(
        "import time, qa.index.building as building\n"
        "class Slow:\n"
        "    def encode_passages(self, texts, progress):\n"
        "        (here / 'embedding').touch()\n"
        "        time.sleep(60)\n"
        "building.load_embedder = lambda *_: Slow()\n"
        "build_index(settings)",
        library,
    )
    deadline = time.monotonic() + 60
    while not (library.index_dir.parent / "embedding").exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    with pytest.raises(IndexBusyError):
        library.build()
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=10)
    assert any(name.startswith("unfinished-") for name in library.folders())
    assert library.ids() == {"harbour", "cars", "english"}
    assert library.build().added == 1
    assert library.ids() == {"harbour", "cars", "english", "new"}
    assert not any(name.startswith("unfinished-") for name in library.folders())


def test_a_generation_held_open_answers_after_later_builds_and_goes_when_it_is_closed(library: Library) -> None:
    library.build()
    first = current_generation(library.index_dir).name
    with library.opened() as generation:  # nothing of it has been searched yet
        for round_number in range(2):
            library.write("cars", f"第{round_number}版。")
            library.build()
        assert first in library.folders()
        assert len(generation.nearest.search(generation.passage_vectors[0].astype("float32"), 3)) == 3
        assert generation.catalogue.article("cars").text.startswith("# 汽車新聞")
        assert generation.keywords.frequency("汽车") == 1
    library.write("cars", "最後一版。")
    library.build()
    assert first not in library.folders()
    assert len(library.folders()) == 2  # the one that serves and the one before, which may be about to be opened


def test_a_generation_held_by_another_process_stays(library: Library) -> None:
    library.build()
    first = current_generation(library.index_dir).name
    script = (
        "from qa.index.holding import hold\n"
        f"held = hold(settings.index_dir / {first!r} / 'manifest.json')\n"
        "print('held', flush=True)\n"
        "import time; time.sleep(60)"
    )
    with run(script, library) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        for text in ("一。", "二。", "三。"):
            library.write("cars", text)
            library.build()
        assert first in library.folders()
        process.kill()
    library.write("cars", "四。")
    library.build()
    assert first not in library.folders()


def test_without_an_index_there_is_a_plain_error(library: Library) -> None:
    with pytest.raises(IndexMissingError, match=r"^No index in '.*'\. Build it with: qa index$"):
        open_current(library.settings)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"generation-gone", b"../corpus", b"x" * 5000, b"generation-\x00", b"generation-" + b"x" * 300],
)
def test_a_garbled_current_is_damage_that_a_build_mends(library: Library, content: bytes) -> None:
    library.build()
    (library.index_dir / "CURRENT").write_bytes(content)
    with pytest.raises(IndexDamagedError, match="Rebuild with: qa index --rebuild"):
        open_current(library.settings)
    library.build()
    assert library.ids() == {"harbour", "cars", "english"}


def test_a_missing_current_is_a_missing_index_that_a_build_mends(library: Library) -> None:
    library.build()
    (library.index_dir / "CURRENT").unlink()
    with pytest.raises(IndexMissingError):
        open_current(library.settings)
    library.build()
    assert library.ids() == {"harbour", "cars", "english"}


def test_an_index_of_another_model_says_to_run_qa_index(library: Library, tmp_path: Path) -> None:
    library.build()
    (tmp_path / "model").mkdir()
    other = Settings(**{**library.settings.model_dump(), "embedding_model": str(tmp_path / "model")})
    with pytest.raises(IndexDamagedError, match=r"embedding model '.*', but the settings name '.*'\. Run: qa index$"):
        open_current(other)
    assert is_stale(other)


def test_an_index_of_older_rules_says_to_run_qa_index(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.build()
    monkeypatch.setattr("qa.index.current.TOKEN_RULES", "another")
    with pytest.raises(IndexDamagedError, match=r"another version of qa.* Run: qa index$"):
        open_current(library.settings)
    assert library.build().unchanged == 3
    assert library.ids() == {"harbour", "cars", "english"}


def test_a_changed_passage_length_serves_until_the_next_build_cuts_anew(library: Library) -> None:
    library.write("long", "很長的一句話還沒有完，這裡才完。" * 12)
    before = library.build().passages
    shorter = Settings(**{**library.settings.model_dump(), "passage_chars": 80})
    open_current(shorter).close()
    assert is_stale(shorter)
    assert build_index(shorter).passages > before
    assert not is_stale(shorter)


def test_an_index_is_stale_until_it_holds_the_articles_as_they_are(library: Library) -> None:
    assert is_stale(library.settings)
    library.build()
    assert not is_stale(library.settings)
    library.write("cars", "# 汽車新聞\n\n改了。")
    assert is_stale(library.settings)
    library.build()
    library.remove("cars")
    assert is_stale(library.settings)
    library.build(allow_removals=True)
    library.write("bad", "")
    assert not is_stale(library.settings)
    (current_generation(library.index_dir) / "manifest.json").write_text("[]", encoding="utf-8")
    assert is_stale(library.settings)


def test_a_damaged_store_of_vectors_is_begun_anew(library: Library, hash_embedder: Any) -> None:
    library.build()
    embedded = len(hash_embedder.embedded)
    store = library.index_dir / "vectors.sqlite"
    store.write_bytes(bytes(store.stat().st_size))
    library.build(rebuild=True)
    assert len(hash_embedder.embedded) == 2 * embedded
    assert library.ids() == {"harbour", "cars", "english"}


def test_an_unreadable_store_of_vectors_is_a_fault_in_one_line(library: Library) -> None:
    library.build()
    store = library.index_dir / "vectors.sqlite"
    store.unlink()
    store.mkdir()
    with pytest.raises(IndexFaultError, match=r"^Cannot write the index in '.*': unable to open database file"):
        library.build(rebuild=True)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_a_fault_in_one_line(library: Library) -> None:
    library.index_dir.mkdir()
    library.index_dir.chmod(0o500)
    with pytest.raises(IndexFaultError, match="Permission denied"):
        library.build()


def test_a_file_in_the_place_of_the_index_folder_is_a_fault_in_one_line(library: Library) -> None:
    library.index_dir.write_text("x")
    with pytest.raises(IndexFaultError, match=r"^Cannot write the index in '.*': File exists"):
        library.build()


@pytest.mark.parametrize("field", ["id", "title", "text"])
def test_an_article_in_memory_with_half_a_surrogate_pair_is_refused(
    make_article: Callable[..., Article], hash_embedder: Any, field: str
) -> None:
    article = make_article(**{field: "壞\ud800。"})
    with pytest.raises(CorpusError, match="half a surrogate pair"):
        build_in_memory([article], Settings(), hash_embedder)


def test_the_real_model_finds_its_own_passages(
    library: Library, embedder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "load_embedder", lambda *_: embedder)
    library.build()
    with library.opened() as generation:
        vector = embedder.encode_query(["How many containers did the port handle?"])[0]
        nearest = generation.nearest.search(vector, 3)
        found = [generation.passage(int(number)).passage.article_id for number in nearest]
    assert set(found[:2]) == {"harbour", "english"}
    assert len(read_corpus(library.settings.corpus_dir).articles) == 3


def test_an_article_of_a_day_to_come_is_indexed_when_its_day_has_come(library: Library) -> None:
    library.write("later", "---\npublished: 2999-01-02\n---\n# 明日\n\n明日的新聞要等到那一天。\n")
    library.write("draft", "---\ndraft: true\n---\n# 草稿\n\n草稿還沒有寫完。\n")
    report = library.build()
    assert (report.articles, report.waiting, report.problems) == (3, 2, ())
    eve = library.settings.model_copy(update={"today": dt.date(2999, 1, 1)})
    assert not is_stale(eve)
    day = library.settings.model_copy(update={"today": dt.date(2999, 1, 2)})
    assert is_stale(day)
    report = build_index(day)
    assert (report.added, report.waiting) == (1, 1)
    assert library.ids() == {"harbour", "cars", "english", "later"}
