"""`qa add` from end to end: a site of this machine, files and folders -> Markdown in the corpus folder."""

from __future__ import annotations

import datetime as dt
import errno
import gzip
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qa.articles import read_corpus
from qa.errors import AddingError
from qa.importing.naming import article_id
from qa.takedowns import TAKEN_DOWN, take_out

from .conftest import MORE, PAGES, STORY, item, only, outcomes, reasons, rss, story
from .makers import make_epub, make_pdf, make_word

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.importing import AddReport

    from .conftest import Site

    Add = Callable[..., AddReport]


def test_a_page_becomes_an_article_of_the_corpus(site: Site, add: Add, corpus_dir: Path) -> None:
    url = site.page("/news/pier.html", "news.html")
    report = add(url + "?utm_source=x#top")
    assert outcomes(report) == ["added"]
    article = only(corpus_dir)
    assert article.id == report.articles[0].id
    assert (article.title, article.url, article.published, article.author, article.source, article.language) == (
        "青嶼海港新碼頭啟用",
        f"{site.root}/news/pier.html",
        dt.date(2025, 3, 2),
        "陳小文",
        "海港週刊",
        "zh-Hant",
    )
    assert article.text.startswith("\n新碼頭航拍。\n\n青嶼海港的新碼頭昨日啟用")


@pytest.mark.parametrize("name", ["news.html", "blog.html", "forum.html", "amp.html", "magazine.html"])
def test_pages_of_every_layout_are_added(site: Site, add: Add, corpus_dir: Path, name: str) -> None:
    assert outcomes(add(site.page("/page", name))) == ["added"]
    assert only(corpus_dir).title


def test_the_same_address_again_is_unchanged_and_a_changed_page_updates_it(
    site: Site, add: Add, corpus_dir: Path
) -> None:
    url = site.serve("/a", story("港口"))
    first = add(url)
    before = {path: path.read_bytes() for path in corpus_dir.iterdir()}
    assert outcomes(add(url, f"{url}?utm_medium=mail#x")) == ["unchanged"]
    assert {path: path.read_bytes() for path in corpus_dir.iterdir()} == before
    site.serve("/a", story("港口", STORY, "市長昨日更正說，新碼頭的啟用日期未定。"))
    again = add(url)
    assert (outcomes(again), again.articles[0].id) == (["updated"], first.articles[0].id)
    assert "未定" in only(corpus_dir).text


def test_two_addresses_of_one_page_are_one_article(site: Site, add: Add, corpus_dir: Path) -> None:
    page = story("港口").replace("<head>", '<head><link rel="canonical" href="/a">')
    urls = [site.serve("/a", page), site.serve("/amp/a", page), site.redirect("/old", "/a")]
    assert outcomes(add(*urls)) == ["added", "unchanged", "unchanged"]
    assert only(corpus_dir).url == f"{site.root}/a"


def test_an_article_that_an_editor_changed_is_left_as_it_stands(site: Site, add: Add, corpus_dir: Path) -> None:
    url = site.serve("/a", story("港口"))
    (path,) = (corpus_dir / f"{article.id}.md" for article in add(url).articles)
    edited = path.read_text(encoding="utf-8").replace("language:", "questions:\n  - 港口處理了多少貨櫃？\nlanguage:")
    path.write_text(edited, encoding="utf-8")
    assert outcomes(add(url)) == ["unchanged"]
    site.serve("/a", story("港口", STORY, "這一段是網頁上新添的，說的是渡輪。"))
    report = add(url)
    assert (outcomes(report), path.read_text(encoding="utf-8")) == (["edited"], edited)
    assert reasons(report) == ["was edited since it was added and is left as it stands; --overwrite replaces it"]
    assert outcomes(add(url, options={"overwrite": True})) == ["updated"]
    assert "渡輪" in only(corpus_dir).text


def test_an_article_written_by_hand_with_the_same_address_is_left_as_it_stands(
    site: Site, add: Add, corpus_dir: Path
) -> None:
    url = site.serve("/a", story("港口"))
    corpus_dir.mkdir()
    path = corpus_dir / "mine.md"
    path.write_text(f"---\ntitle: 我的港口\nurl: {url}\n---\n{STORY}\n", encoding="utf-8")
    report = add(url)
    assert (outcomes(report), only(corpus_dir).title) == (["foreign"], "我的港口")
    assert reasons(report) == ["was not written by qa add and is left as it stands; --overwrite replaces it"]


def test_an_article_that_an_editor_renamed_is_known_again(site: Site, add: Add, corpus_dir: Path) -> None:
    url = site.serve("/a", story("港口"))
    (path,) = (corpus_dir / f"{article.id}.md" for article in add(url).articles)
    path.rename(corpus_dir / "harbour-2025.md")
    site.serve("/a", story("港口", STORY, "這一段是網頁上新添的，說的是渡輪。"))
    assert [(article.outcome, article.id) for article in add(url).articles] == [("updated", "harbour-2025")]


def test_a_dry_run_reads_everything_and_writes_nothing(site: Site, add: Add, corpus_dir: Path) -> None:
    report = add(site.page("/a", "news.html"), options={"dry_run": True})
    assert outcomes(report) == ["added"]
    assert not corpus_dir.exists()
    dropped = {gone.text: gone.reason for gone in report.articles[0].draft.dropped}
    assert dropped["相關文章"] == "points to other articles"
    assert dropped["隱藏的句子說碼頭其實沒有啟用。"] == "hidden (display: none)"


def test_a_feed_brings_its_articles_with_what_it_says_of_them(site: Site, add: Add, corpus_dir: Path) -> None:
    page = site.serve("/a", "<p>" + STORY + "</p><p>" + MORE + "</p>")
    whole = "".join(f"<p>這是全文裡的第{n}段，說的是港口的第{n}件事，每件事都不同。</p>" for n in range(12))
    feed = rss(
        item(page, "港口貨櫃"),
        item(f"{site.root}/b", "全文在此", f"<content:encoded><![CDATA[{whole}<p>分享此文</p>]]></content:encoded>"),
    )
    report = add(site.serve("/feed.xml", feed, "application/rss+xml"))
    assert outcomes(report) == ["added", "added"]
    first, second = sorted(read_corpus(corpus_dir).articles, key=lambda article: article.url or "")
    assert (first.title, first.published, first.source) == ("港口貨櫃", dt.date(2025, 7, 30), "海港週刊")
    assert (second.title, second.published, second.source) == ("全文在此", dt.date(2025, 7, 30), "海港週刊")
    assert "第11段" in second.text
    assert "分享" not in second.text
    assert site.asked() == ["/feed.xml", "/a"]  # /b came whole with the feed
    assert outcomes(add(f"{site.root}/feed.xml")) == ["unchanged", "unchanged"]


def test_an_address_in_a_feed_that_is_not_of_the_web_is_refused(site: Site, add: Add, corpus_dir: Path) -> None:
    paragraphs = "".join(f"<p>全文的第{n}段說的是港口的第{n}件事。</p>" for n in range(30))
    whole = f"<content:encoded><![CDATA[{paragraphs}]]></content:encoded>"
    feed = rss(item("javascript:alert(1)", "壞", whole), item(site.serve("/a", story("港口"))))
    report = add(site.serve("/feed", feed, "application/rss+xml"))
    assert outcomes(report) == ["added"]
    assert "javascript" not in (only(corpus_dir).url or "")
    assert len(report.problems) == 1


def test_an_atom_feed_is_read_too(site: Site, add: Add, corpus_dir: Path) -> None:
    site.serve("/a", "<p>" + STORY + "</p>")
    entry = "<entry><title>港口</title><link href='/a'/><published>2025-07-29T23:30:00Z</published><author><name>陳小文</name></author></entry>"  # noqa: E501
    url = site.serve(
        "/atom", f"<feed xmlns='http://www.w3.org/2005/Atom'><title>海港</title>{entry}</feed>", "application/atom+xml"
    )
    assert outcomes(add(url)) == ["added"]
    assert (only(corpus_dir).author, only(corpus_dir).published) == ("陳小文", dt.date(2025, 7, 30))


def test_a_feed_in_gbk_is_read(site: Site, add: Add, corpus_dir: Path) -> None:
    page = site.serve("/a", "<p>港口去年处理了十万个货柜，这个数字创下新高。</p>")
    feed = rss(item(page, "港口货柜")).replace('encoding="utf-8"', 'encoding="gbk"').encode("gbk")
    assert outcomes(add(site.serve("/feed", feed, "application/rss+xml"))) == ["added"]
    assert only(corpus_dir).title == "港口货柜"


def test_one_bad_article_of_a_feed_does_not_stop_the_others(site: Site, add: Add) -> None:
    pages = [
        site.serve("/a", story("港口")),
        site.serve("/b", "", status=500),
        site.serve("/c", story("燈塔", "燈塔今年滿一百歲了，市政府為它慶祝。")),
    ]
    report = add(site.serve("/feed", rss(*map(item, pages)), "application/rss+xml"))
    assert outcomes(report) == ["added", "added"]
    assert [str(problem) for problem in report.problems] == [f"{site.root}/b: answers 500"]


def test_no_more_is_taken_from_a_feed_than_asked_for(site: Site, add: Add) -> None:
    pages = [
        site.serve(f"/{n}", story(f"港口第{n}號", f"第{n}號碼頭去年處理了{n}萬個貨櫃，創下新高。")) for n in range(4)
    ]
    report = add(site.serve("/feed", rss(*map(item, pages)), "text/xml"), options={"limit": 2})
    assert outcomes(report) == ["added", "added"]
    assert reasons(report) == ["names more than 2 articles; --limit takes more"]


def test_a_site_map_and_the_maps_that_it_names_are_followed(site: Site, add: Add, corpus_dir: Path) -> None:
    site.serve("/a", story("港口"))
    site.serve("/b", story("燈塔", "燈塔今年滿一百歲了，市政府為它慶祝。"))
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    inner = f"<urlset {space}><url><loc>{site.root}/b</loc><lastmod>2026-01-01</lastmod></url></urlset>"
    site.serve("/inner.xml.gz", gzip.compress(inner.encode()), "application/gzip")
    day = "<news:publication_date>2025-07-29T23:30:00Z</news:publication_date>"
    news = f"<news:news>{day}<news:title>x</news:title></news:news>"
    site.serve("/news.xml", f"<urlset {space}><url><loc>{site.root}/a</loc>{news}</url></urlset>", "application/xml")
    maps = "".join(
        f"<sitemap><loc>{site.root}/{name}</loc></sitemap>" for name in ("inner.xml.gz", "gone.xml", "news.xml")
    )
    report = add(site.serve("/sitemap.xml", f"<sitemapindex {space}>{maps}</sitemapindex>", "application/xml"))
    assert outcomes(report) == ["added", "added"]
    assert [str(problem) for problem in report.problems] == [f"{site.root}/gone.xml: answers 404"]
    published = {article.title: article.published for article in read_corpus(corpus_dir).articles}
    assert published == {
        "燈塔": None,
        "港口": dt.date(2025, 7, 30),
    }  # the day of the last change is not that of publication


@pytest.mark.parametrize(
    ("path", "body", "content_type", "reason"),
    [
        ("/feed.xml", "<html><p>請登入</p></html>", "text/html", "is a web page, not a feed; check the address"),
        ("/rss", "<html><p>請登入</p></html>", "text/html", "is a web page, not a feed; check the address"),
        ("/feed.xml", rss(), "application/rss+xml", "is an empty feed; nothing was changed"),
        ("/sitemap.xml", "<urlset></urlset>", "application/xml", "is an empty site map; nothing was changed"),
        ("/feed.xml", "<rss", "application/rss+xml", "is not a feed that can be read"),
        ("/a", "", "text/html", "is empty"),
        ("/a", "\x89PNG", "image/png", "is image/png, a kind that is not read"),
        ("/a", "<html><body></body></html>", "text/html", "holds no text that reads like an article"),
    ],
)
def test_what_is_no_article_is_one_line_and_the_rest_goes_on(
    site: Site, add: Add, path: str, body: str, content_type: str, reason: str
) -> None:
    good = site.serve("/good", story("港口"))
    report = add(site.serve(path, body, content_type), good)
    assert outcomes(report) == ["added"]
    (found,) = reasons(report)
    assert found.startswith(reason)
    assert "\n" not in found


def test_an_empty_feed_takes_nothing_away(site: Site, add: Add, corpus_dir: Path) -> None:
    feed = site.serve("/feed", rss(item(site.serve("/a", story("港口")))), "application/rss+xml")
    add(feed)
    site.serve("/feed", rss(), "application/rss+xml")
    assert reasons(add(feed)) == ["is an empty feed; nothing was changed"]
    assert only(corpus_dir).title == "港口"


def test_an_entity_bomb_in_a_feed_or_site_map_does_no_harm(site: Site, add: Add) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    for root in ("rss", "urlset"):
        bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><{root} version="2.0"><channel><title>&l9;</title></channel><url><loc>&l9;</loc></url></{root}>'  # noqa: E501
        assert len(add(site.serve("/bomb.xml", bomb, "application/xml")).problems) == 1


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("big5", "港口去年處理了十萬個貨櫃，這個數字創下新高。"), ("gbk", "港口去年处理了十万个货柜，这个数字创下新高。")],
)
def test_pages_and_files_in_big5_and_gbk_are_read(
    site: Site, add: Add, corpus_dir: Path, tmp_path: Path, encoding: str, text: str
) -> None:
    page = site.serve("/a", f"<html><p>{text}</p></html>".encode(encoding), "text/html")
    path = tmp_path / "b.txt"
    path.write_bytes(f"{text}\n".encode(encoding))
    assert outcomes(add(page, path)) == ["added", "added"]
    assert {article.text.strip() for article in read_corpus(corpus_dir).articles} == {text}


def test_a_folder_of_files_of_every_kind_is_read(add: Add, corpus_dir: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_text(f"港口\n\n{STORY}\n\n{MORE}", encoding="utf-8")
    (folder / "b.docx").write_bytes(make_word([("Title", "Word 港口"), ("", STORY)]))
    (folder / "c.pdf").write_bytes(make_pdf([["港口去年处理了十万个货柜。", "市长说来年会更好一些。"]]))
    (folder / "d.epub").write_bytes(make_epub([f"<h1>第一章</h1><p>{STORY}</p>"]))
    (folder / "sub" / "a.html").write_text(story("網頁港口"), encoding="utf-8")
    (folder / "sub" / "made.md").write_text(
        f"---\nid: made\ntitle: 成稿\npublished: 2025-01-02\nquestions: [問？]\n---\n\n{STORY}\n\n{MORE}\n",
        encoding="utf-8",
    )
    (folder / "locked.pdf").write_bytes(make_pdf([["x"]], encrypted=True))
    (folder / "scan.pdf").write_bytes(make_pdf([[]]))
    (folder / "photo.png").write_bytes(b"\x89PNG")
    (folder / "empty.txt").write_bytes(b"")
    (folder / ".hidden.txt").write_text(STORY, encoding="utf-8")
    report = add(folder)
    assert {article.source: article.id for article in report.articles} == {
        "in/a.txt": "a",
        "in/b.docx": "b",
        "in/c.pdf": "c",
        "in/d.epub": "d",
        "in/sub/a.html": "sub-a",
        "in/sub/made.md": "made",
    }
    assert {Path(problem.file).name: problem.reason.split(";")[0].split(",")[0] for problem in report.problems} == {
        "locked.pdf": "is protected by a password",
        "scan.pdf": "holds no text",
        "photo.png": "is a .png file",
        "empty.txt": "is empty",
    }
    made = next(article for article in read_corpus(corpus_dir).articles if article.id == "made")
    assert (made.title, made.published, made.questions, made.text.strip()) == (
        "成稿",
        dt.date(2025, 1, 2),
        ("問？",),
        f"{STORY}\n\n{MORE}",
    )
    assert set(outcomes(add(folder))) == {"unchanged"}


def test_a_scrape_of_two_articles_is_two_files_and_stays_two(add: Add, corpus_dir: Path) -> None:
    report = add(PAGES / "scrape.txt")
    assert [article.id for article in report.articles] == ["scrape", "scrape-2"]
    text = (corpus_dir / "scrape-2.md").read_text(encoding="utf-8")
    assert "title_derived: true\n" in text
    assert not any(f"\n{unknown}:" in text for unknown in ("published", "author", "source", "url"))
    assert outcomes(add(PAGES / "scrape.txt")) == ["unchanged", "unchanged"]


def test_files_of_one_name_do_not_overwrite_each_other(add: Add, corpus_dir: Path, tmp_path: Path) -> None:
    for name in ("x/report.txt", "x/report.docx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / "x/report.txt").write_text(f"港口\n\n{STORY}\n\n{MORE}", encoding="utf-8")
    (tmp_path / "x/report.docx").write_bytes(make_word([("Title", "燈塔"), ("", MORE)]))
    first = add(tmp_path / "x")
    assert outcomes(first) == ["added", "added"]
    assert len(read_corpus(corpus_dir).articles) == 2
    assert [article.id for article in add(tmp_path / "x").articles] == [article.id for article in first.articles]


def test_files_of_one_name_in_two_folders_are_two_articles(add: Add, corpus_dir: Path, tmp_path: Path) -> None:
    for year, text in (("2024", STORY), ("2025", MORE)):
        (tmp_path / year).mkdir()
        (tmp_path / year / "report.txt").write_text(f"年報\n\n{text}", encoding="utf-8")
    assert [article.id for article in add(tmp_path / "2024", tmp_path / "2025").articles] == ["report", "2025-report"]
    assert outcomes(add(tmp_path / "2025" / "report.txt")) == ["unchanged"]
    assert len(read_corpus(corpus_dir).articles) == 2


def test_a_part_that_a_source_no_longer_holds_is_named_and_stays(add: Add, tmp_path: Path) -> None:
    path = tmp_path / "scrape.txt"
    text = (PAGES / "scrape.txt").read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    add(path)
    path.write_text(text.partition("** 讀者專欄文責自負")[0], encoding="utf-8")
    assert [str(problem) for problem in add(path).problems] == [
        f"scrape-2.md: came from {tmp_path.name}/scrape.txt, which no longer holds it"
    ]


@pytest.mark.parametrize("options", [{}, {"dry_run": True}, {"overwrite": True}])
def test_what_was_taken_down_stays_out_until_its_line_is_deleted(
    site: Site, add: Add, corpus_dir: Path, options: dict[str, bool]
) -> None:
    pages = [site.serve(f"/{name}.html", story(f"第{name}篇")) for name in "ab"]
    feed = site.serve("/feed.xml", rss(*map(item, pages)), "application/rss+xml")
    gone, other = (article.id for article in add(feed).articles)
    take_out(corpus_dir, [gone])
    for source in (feed, pages[0]):
        report = add(source, options=options)
        assert [article.id for article in report.articles] == ([other] if source == feed else [])
        (problem,) = report.problems
        assert problem.file == pages[0]
        assert problem.reason.startswith(f"{gone!r} was taken down with qa remove and is left out; to bring it back")
        assert [path.stem for path in corpus_dir.glob("*.md")] == [other]
    (corpus_dir / TAKEN_DOWN).unlink()
    assert outcomes(add(pages[0])) == ["added"]


def test_a_part_of_a_file_that_was_taken_down_stays_out(add: Add, corpus_dir: Path) -> None:
    scrape = PAGES / "scrape.txt"
    first, second = (article.id for article in add(scrape).articles)
    take_out(corpus_dir, [second])
    report = add(scrape)
    assert [(article.id, article.outcome) for article in report.articles] == [(first, "unchanged")]
    assert second in reasons(report)[0]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("nowhere.txt", "cannot be read: No such file or directory"),
        ("ftp://a.example/x", "is not an http or https address but 'ftp'"),
        ("https://", "names no host"),
    ],
)
def test_a_source_that_is_not_there_is_named(add: Add, source: str, reason: str) -> None:
    report = add(source)
    assert [str(problem) for problem in report.problems] == [f"{source}: {reason}"]
    assert not report.articles


def test_a_folder_without_anything_to_use_is_named(add: Add, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    assert reasons(add(tmp_path / "none")) == ["is a folder without files"]
    (tmp_path / "none" / "a.zip").write_bytes(b"PK\x03\x04")
    assert reasons(add(tmp_path / "none")) == ["is a damaged archive"]


def test_the_folder_of_articles_is_not_added_to_itself(add: Add, corpus_dir: Path) -> None:
    corpus_dir.mkdir()
    (corpus_dir / "a.md").write_text(STORY, encoding="utf-8")
    assert reasons(add(corpus_dir)) == ["is the folder of articles itself; run: qa index"]
    assert reasons(add(corpus_dir / "a.md")) == ["is in the folder of articles already; run: qa index"]


def test_a_file_over_the_limit_is_named(add: Add, tmp_path: Path) -> None:
    with (tmp_path / "huge.html").open("wb") as file:
        file.truncate(100_000_000)
    assert reasons(add(tmp_path / "huge.html")) == ["is larger than 20 MB (QA_FETCH_MAX_MB)"]


def test_a_file_that_vanishes_while_a_folder_is_read_is_one_line(
    add: Add, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text(f"港口{name}\n\n{STORY}\n\n{MORE}", encoding="utf-8")
    open_file = Path.open

    def vanishing(path: Path, *rest: Any, **more: Any) -> Any:
        if path.name == "a.txt":
            path.unlink(missing_ok=True)
        return open_file(path, *rest, **more)

    monkeypatch.setattr(Path, "open", vanishing)
    report = add(folder)
    assert outcomes(report) == ["added"]
    assert reasons(report) == ["cannot be read: No such file or directory"]


def test_a_full_disk_leaves_the_old_article_whole_and_no_litter(
    site: Site, add: Add, corpus_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = site.serve("/a", story("港口"))
    add(url)
    before = {path.name: path.read_bytes() for path in corpus_dir.iterdir()}
    site.serve("/a", story("港口", STORY, "這一段是網頁上新添的，說的是渡輪。"))
    calls = iter([None])  # the check goes through, the article does not

    def full(_: int) -> None:
        if next(calls, "full"):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(AddingError, match="No space left on device"):
        add(url)
    assert {path.name: path.read_bytes() for path in corpus_dir.iterdir()} == before


def test_a_folder_that_cannot_be_written_is_said_before_anything_is_fetched(
    site: Site, add: Add, corpus_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(AddingError, match=r"Cannot write .*: Read-only file system"):
        add(site.serve("/a", story("港口")))
    assert site.requests == []


def test_a_file_in_place_of_the_folder_is_one_line(add: Add, corpus_dir: Path) -> None:
    corpus_dir.write_text("x")
    with pytest.raises(AddingError, match="Cannot write"):
        add("a.txt")


@pytest.mark.parametrize(
    "origin",
    [
        "https://a.example/../../etc/passwd",
        "https://a.example/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "https://a.example/a%00b",
        "https://a.example/" + "長" * 500,
        "https://a.example/?id=1",
        "https://a.example/con",
        "../../outside.txt",
        "/etc/passwd",
        ".hidden.txt",
        "README.txt",
        "CON.txt",
        "a:b*c?.txt",
        "\u202etxt.exe",
        "…",
    ],
)
def test_an_id_is_safe_as_the_name_of_a_file(origin: str, tmp_path: Path) -> None:
    name = article_id(origin)
    assert (tmp_path / f"{name}.md").resolve().parent == tmp_path.resolve()
    assert len(f"{name}.md".encode()) < 128
    assert not name.startswith(".")
    assert name.lower() not in ("con", "readme", "")
    assert article_id(origin) == name


def test_addresses_that_differ_have_ids_that_differ() -> None:
    origins = [
        "https://a.example/?id=1",
        "https://a.example/?id=2",
        "https://b.example/?id=1",
        "https://a.example/a",
        "https://a.example/b/a",
    ]
    assert len({article_id(origin) for origin in origins}) == len(origins)


@pytest.mark.parametrize(
    "title",
    [
        '引號"和: 冒號',
        "# 井號",
        "'單引號",
        "- 橫線",
        "yes",
        "2024",
        "{a: b}",
        "&x *y",
        "a\\b",
        "null",
        "[列]",
        "結尾 #註",
    ],
)
def test_a_title_of_any_form_is_read_back_as_it_was(site: Site, add: Add, corpus_dir: Path, title: str) -> None:
    import html

    add(site.serve("/a", story(html.escape(title))))
    assert only(corpus_dir).title == title


def test_no_file_but_the_articles_is_left_in_the_folder(site: Site, add: Add, corpus_dir: Path) -> None:
    add(site.serve("/a", story("港口")), site.serve("/b", "", status=500))
    assert [path.suffix for path in corpus_dir.iterdir()] == [".md"]
