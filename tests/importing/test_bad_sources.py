"""One bad source is one line that names it, and the rest goes on; a date that is not certain is none."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from qa.articles import read_corpus
from qa.importing.bylines import stamped
from qa.importing.feeds import feed_entries

from .conftest import item, only, outcomes, reasons, rss, story

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Site
    from .test_adding import Add

FEED = "application/rss+xml"
MAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def test_a_feed_that_the_library_stumbles_over_is_one_line(site: Site, add: Add) -> None:
    good = site.serve("/good", story("港口"))
    bad = site.serve("/feed", rss(item(good), title="笑&#55357;&#56832;"), FEED)
    report = add(bad, good)
    assert [str(problem) for problem in report.problems] == [f"{bad}: cannot be read (UnicodeEncodeError)"]
    assert outcomes(report) == ["added"]


def test_a_feeds_day_that_is_none_leaves_the_day_open(site: Site, add: Add, corpus_dir: Path) -> None:
    entry = item(site.serve("/a", story("港口"))).replace("Tue, 29 Jul 2025 23:30:00 GMT", "0000-00-00 00:00:00")
    assert outcomes(add(site.serve("/feed", rss(entry), FEED))) == ["added"]
    assert only(corpus_dir).published is None


@pytest.mark.parametrize("inner", ["", " ", "x"])
def test_an_inner_site_map_that_is_none_does_not_stop_the_others(site: Site, add: Add, inner: str) -> None:
    page = site.serve("/a", story("港口"))
    bad = site.serve("/bad.xml", inner, "application/xml")
    good = site.serve("/good.xml", f"<urlset {MAP}><url><loc>{page}</loc></url></urlset>", "application/xml")
    maps = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in (bad, good))
    report = add(site.serve("/sitemap.xml", f"<sitemapindex {MAP}>{maps}</sitemapindex>", "application/xml"))
    assert (outcomes(report), [problem.file for problem in report.problems]) == (["added"], [bad])


def test_a_site_maps_day_at_the_end_of_time_is_none(site: Site, add: Add, corpus_dir: Path) -> None:
    news = "<news:news><news:publication_date>9999-12-31T23:59:59Z</news:publication_date></news:news>"
    page = site.serve("/a", story("港口"))
    url = site.serve("/map.xml", f"<urlset {MAP}><url><loc>{page}</loc>{news}</url></urlset>", "application/xml")
    assert outcomes(add(url)) == ["added"]
    assert only(corpus_dir).published is None


def test_a_redirect_to_no_address_is_one_line(site: Site, add: Add) -> None:
    report = add(site.redirect("/a", "http://[bad/"), site.serve("/good", story("港口")))
    assert reasons(report) == ["is redirected to 'http://[bad/', which is no address"]
    assert outcomes(report) == ["added"]


def test_a_page_that_names_a_feed_at_no_address_is_read(site: Site, add: Add, corpus_dir: Path) -> None:
    link = '<head><link rel=alternate type="application/rss+xml" href="http://[bad/">'
    assert outcomes(add(site.serve("/a", story("港口").replace("<head>", link)))) == ["added"]
    assert len(read_corpus(corpus_dir).articles) == 1


def test_a_name_that_no_file_can_have_is_one_line(site: Site, add: Add) -> None:
    report = add("長" * 100, site.serve("/good", story("港口")))  # 300 bytes; a name has 255 at most
    assert reasons(report) == ["cannot be read: File name too long"]
    assert outcomes(report) == ["added"]


def test_a_file_whose_own_address_cannot_be_is_one_line(site: Site, add: Add, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("---\nurl: http://[bad/\n---\n\n港口去年處理了十萬個貨櫃。\n", encoding="utf-8")
    report = add(path, site.serve("/good", story("港口")))
    assert reasons(report) == ["cannot be read (ValueError)"]
    assert outcomes(report) == ["added"]


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2025-07-30 20:15:00", "2025-07-30"),
        ("2025-07-30T20:15:00", "2025-07-30"),
        ("2025-07-30 20:15:00 +0000", "2025-07-31"),
        ("2025-07-30T20:15:00Z", "2025-07-31"),  # 04:15 of the next day in Hong Kong
        ("2025/07/30 20:15:00", "2025-07-30"),
        ("2025年7月30日", "2025-07-30"),
        ("Wed, 30 Jul 2025 20:15:00 HKT", "2025-07-30"),
        ("Wed, 30 Jul 2025 20:15:00 CST", "2025-07-30"),
        ("Wed Jul 30 20:15:00 CST 2025", "2025-07-30"),
        ("Wed, 30 Jul 2025 20:15:00", "2025-07-30"),
        ("Wed, 30 Jul 2025 20:15:00 GMT", "2025-07-31"),
        ("Wed, 30 Jul 2025 20:15:00 +0800", "2025-07-30"),
        ("Wed, 30 Jul 2025 20:15:00 -0000", "2025-07-31"),  # Greenwich, as libraries of mail write it
        ("Wed, 30 Jul 2025 20:15:00 -0500", "2025-07-31"),
        ("Mon, 01 Jan 0001 00:00:00 GMT", None),
        ("0001-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+00:00", None),
        ("9999-12-31T23:59:59Z", None),
        ("0000-00-00 00:00:00", None),
        ("昨天", None),
        ("", None),
    ],
)
def test_a_machines_date_is_the_publishers_day_or_none(said: str, day: str | None) -> None:
    expected = dt.date.fromisoformat(day) if day else None
    assert stamped(said, "Asia/Hong_Kong") == expected
    feed = rss(f"<item><title>題目</title><pubDate>{said}</pubDate></item>")
    (entry,) = feed_entries(feed.encode(), None, FEED, "Asia/Hong_Kong")
    assert entry.published == expected


def test_the_first_year_of_all_is_no_day_of_a_page(site: Site, add: Add, corpus_dir: Path) -> None:
    mark = '<head><meta property="article:published_time" content="0001-01-01T00:00:00+00:00">'
    add(site.serve("/a", story("港口").replace("<head>", mark)))
    assert only(corpus_dir).published is None
