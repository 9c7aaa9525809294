"""`qa add` as an editor and a script meet it: output, one-line errors, exit codes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from qa.cli import main
from qa.importing.reading import expects_feed

from .conftest import PAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Site

STORY = "港口去年處理了十萬個貨櫃，這個數字創下新高。"


class Result(NamedTuple):
    """How the command ended and what it printed."""

    code: int
    out: str
    err: str


@pytest.fixture
def qa(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    def run(*arguments: str | Path) -> Result:
        monkeypatch.setattr("sys.argv", ["qa", *map(str, arguments)])
        monkeypatch.setenv("QA_FETCH_PRIVATE", "on")
        monkeypatch.setenv("QA_FETCH_DELAY", "0")
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO()))
        with pytest.raises(SystemExit) as ended:
            main()
        return Result(int(ended.value.code or 0), *capsys.readouterr())

    return run


def test_what_was_added_is_said_and_what_comes_next(qa: Callable[..., Result]) -> None:
    result = qa("add", PAGES / "scrape.txt")
    assert (result.code, result.err) == (0, "")
    assert "added     scrape-2: 松濤與Kappa幾乎同時向證券所遞表" in result.out
    assert "(title derived from the text)" in result.out
    assert result.out.endswith("2 added, 0 updated, 0 unchanged, 0 left out. Now run: qa index\n")
    again = qa("add", PAGES / "scrape.txt")
    assert (again.code, again.out.splitlines()[-1]) == (0, "0 added, 0 updated, 2 unchanged, 0 left out.")
    assert {path.name for path in Path("corpus").iterdir()} == {"scrape.md", "scrape-2.md"}


def test_a_dry_run_shows_every_line_kept_and_dropped_and_why(qa: Callable[..., Result]) -> None:
    result = qa("add", PAGES / "news.html", "--dry-run")
    assert result.code == 0
    assert "    keep  啟用後，航線由十二條增至二十條，其中五條開往南洋。" in result.out
    assert "    drop  相關文章  (points to other articles)" in result.out
    assert "    drop  看不見的句子說造價是一百億元。  (hidden (aria-hidden))" in result.out
    assert result.out.endswith("Nothing was written.\n")
    assert not Path("corpus").exists()


def test_a_bad_source_is_one_line_on_standard_error_and_the_rest_goes_on(site: Site, qa: Callable[..., Result]) -> None:
    bad = site.serve("/bad", "", status=500)
    result = qa("add", bad, PAGES / "scrape.txt", "missing.pdf")
    assert result.code == 0
    assert result.err.splitlines() == [f"{bad}: answers 500", "missing.pdf: cannot be read: No such file or directory"]
    assert qa("add", bad, PAGES / "scrape.txt", "--strict").code == 1


def test_it_fails_where_nothing_could_be_added(qa: Callable[..., Result]) -> None:
    result = qa("add", "missing.pdf")
    assert (result.code, result.err) == (1, "missing.pdf: cannot be read: No such file or directory\n")


def test_a_folder_that_cannot_be_written_is_one_line(qa: Callable[..., Result]) -> None:
    Path("corpus").write_text("x")
    result = qa("add", PAGES / "scrape.txt")
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("Cannot write 'corpus': ")
    assert result.err.count("\n") == 1


@pytest.mark.parametrize("arguments", [("add", "a.txt", "--limit", "0"), ("add", "a.txt", "--nonsense")])
def test_wrong_usage_is_two(qa: Callable[..., Result], arguments: tuple[str, ...]) -> None:
    assert qa(*arguments).code == 2


def test_a_wrong_setting_is_one_line(qa: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_FETCH_TIMEOUT", "0")
    result = qa("add", PAGES / "scrape.txt")
    assert result.code == 1
    assert "fetch_timeout" in result.err
    assert result.err.count("\n") == 1


def test_a_damaged_page_prints_nothing_of_the_libraries(site: Site, qa: Callable[..., Result]) -> None:
    url = site.serve("/a", "<html><body><div></div></body></html>")
    assert qa("add", url).err.count("\n") == 1


@pytest.mark.parametrize(
    ("url", "feed"),
    [
        ("https://a.example/feed.xml", True),
        ("https://a.example/rss", True),
        ("https://a.example/news/feed/", True),
        ("https://a.example/sitemap.xml", True),
        ("https://a.example/feedback", False),
        ("https://a.example/rss-explained.html", False),
        ("https://a.example/", False),
    ],
)
def test_an_address_that_names_a_feed_is_told_from_others(url: str, feed: bool) -> None:
    assert expects_feed(url) is feed
