"""The server follows the articles while it serves, unless it is told not to."""

from __future__ import annotations

import queue
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from qa.errors import CorpusError
from qa.records import IndexReport
from qa.server.serve import FOLLOWER, _following, _log
from qa.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

REPORT = IndexReport(articles=1, passages=1, added=1, updated=0, removed=0, unchanged=0, seconds=0.1)


def engine(in_memory: bool = False) -> Any:
    return SimpleNamespace(in_memory=in_memory, refresh=lambda: REPORT)


def test_a_change_of_the_articles_is_told_and_following_ends_with_the_server(tmp_path: Path) -> None:
    settings, told = Settings(corpus_dir=tmp_path), queue.Queue[Any]()
    with _following(settings, engine(), told.put, known=None):
        assert told.get(timeout=30) is REPORT  # at once: the folder may have changed since the start
        (tmp_path / "new.md").write_text("新。", encoding="utf-8")
        assert told.get(timeout=30) is REPORT
    assert FOLLOWER not in {thread.name for thread in threading.enumerate()}


@pytest.mark.parametrize(("watch", "in_memory"), [("off", False), ("on", True)])
def test_nothing_is_followed_where_that_is_off_or_the_index_is_in_memory(
    tmp_path: Path, watch: Any, in_memory: bool
) -> None:
    settings = Settings(corpus_dir=tmp_path, watch=watch)
    with _following(settings, engine(in_memory), lambda outcome: pytest.fail(str(outcome)), known=None):
        assert FOLLOWER not in {thread.name for thread in threading.enumerate()}


def test_without_anyone_to_tell_errors_are_logged_as_warnings(caplog: pytest.LogCaptureFixture) -> None:
    _log(CorpusError("No article."))
    _log(REPORT)
    assert [(record.levelname, record.message) for record in caplog.records] == [("WARNING", "No article.")]
