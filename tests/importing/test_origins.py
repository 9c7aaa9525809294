"""Sources that are alike: each keeps an article of its own, and is known again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qa.articles import read_corpus
from qa.importing.fetching import Fetched, Fetcher
from qa.importing.naming import article_id

from .conftest import MORE, STORY, outcomes, reasons, rss, story

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Site
    from .test_adding import Add

FERRY = "渡輪公司去年載客一百二十萬人次，收入也創下十年新高。"
PARTS = (
    "第一篇說的是港口的事情，港口去年處理了十萬個貨櫃，這個數字創下了新高，市長對此表示滿意。",
    "第二篇說的是渡輪的事情，渡輪去年載客一百二十萬人次，這個數字創下了新高，公司對此表示滿意。",
    "第三篇說的是燈塔的事情，燈塔今年滿一百歲了，市政府將會為它慶祝，並且邀請了所有的居民。",
)


def texts(corpus_dir: Path) -> dict[str, str]:
    return {article.id: article.text.strip() for article in read_corpus(corpus_dir).articles}


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def reports(folder: Path) -> list[Path]:
    """Writes two files whose names and whose folders' names are the same."""
    return [
        write(folder / year / "07" / "report.md", f"---\ntitle: 年報\n---\n\n{text}\n")
        for year, text in (("2024", STORY), ("2025", MORE))
    ]


def as_before_the_marks(corpus_dir: Path, name: str, old: str, new: str) -> Path:
    """Rewrites an article as an earlier version would have written it."""
    from qa.importing.shelf import _stamp

    path = corpus_dir / f"{name}.md"
    text = path.read_text(encoding="utf-8").replace(old, new)
    head, _, rest = text.partition("\nimported: ")
    bare = f"{head}\nimported: \n{rest.partition(chr(10))[2]}"
    path.write_text(bare.replace("imported: ", f"imported: {_stamp(bare)}"), encoding="utf-8")
    return path


@pytest.mark.parametrize("as_folders", [False, True])
def test_files_of_one_name_in_folders_of_one_name_are_two_articles(
    add: Add, corpus_dir: Path, tmp_path: Path, as_folders: bool
) -> None:
    sources = [path.parent if as_folders else path for path in reports(tmp_path)]
    assert [outcomes(add(source)) for source in sources] == [["added"], ["added"]]
    assert texts(corpus_dir) == {"report": STORY, "07-report": MORE}
    assert outcomes(add(*sources)) == ["unchanged", "unchanged"]
    reports(tmp_path)[0].write_text(f"---\ntitle: 年報\n---\n\n{FERRY}\n", encoding="utf-8")
    assert outcomes(add(*sources)) == ["updated", "unchanged"]
    assert texts(corpus_dir) == {"report": FERRY, "07-report": MORE}


def test_a_file_that_an_earlier_version_added_is_known_again(add: Add, corpus_dir: Path, tmp_path: Path) -> None:
    old, new = reports(tmp_path)
    add(old)
    (origin,) = (line for line in (corpus_dir / "report.md").read_text().splitlines() if "imported_from" in line)
    as_before_the_marks(corpus_dir, "report", origin, "imported_from: 07/report.md")
    assert [(article.id, article.outcome) for article in add(old, new, old).articles] == [
        ("report", "updated"),
        ("07-report", "added"),
        ("report", "unchanged"),
    ]
    assert texts(corpus_dir) == {"report": STORY, "07-report": MORE}


def test_an_edited_file_that_an_earlier_version_added_is_left_without_a_word(
    add: Add, corpus_dir: Path, tmp_path: Path
) -> None:
    source = reports(tmp_path)[0]
    add(source)
    (origin,) = (line for line in (corpus_dir / "report.md").read_text().splitlines() if "imported_from" in line)
    path = as_before_the_marks(corpus_dir, "report", origin, "imported_from: 07/report.md")
    path.write_text(path.read_text(encoding="utf-8") + FERRY, encoding="utf-8")
    report = add(source)
    assert (outcomes(report), report.problems) == (["unchanged"], ())


def test_the_path_of_a_file_does_not_stand_in_its_article(add: Add, corpus_dir: Path, tmp_path: Path) -> None:
    add(reports(tmp_path)[0])
    assert tmp_path.name not in (corpus_dir / "report.md").read_text(encoding="utf-8")


def section_page(title: str, *paragraphs: str) -> str:
    return story(title, *paragraphs).replace("<head>", '<head><link rel="canonical" href="/news/">')


def test_pages_that_all_name_their_section_as_their_address_are_articles_of_their_own(
    site: Site, add: Add, corpus_dir: Path
) -> None:
    urls = [site.serve("/news/1", section_page("港口")), site.serve("/news/2", section_page("渡輪", FERRY, MORE))]
    assert outcomes(add(*urls)) == ["added", "added"]
    assert {article.url for article in read_corpus(corpus_dir).articles} == set(urls)
    site.serve("/news/1", section_page("港口有新事", FERRY))
    assert outcomes(add(*urls)) == ["updated", "unchanged"]


def test_a_page_that_an_earlier_version_added_under_its_section_is_known_again(
    site: Site, add: Add, corpus_dir: Path
) -> None:
    urls = [site.serve("/news/1", section_page("港口")), site.serve("/news/2", section_page("燈塔", PARTS[2]))]
    (first,) = (article.id for article in add(urls[0]).articles)
    as_before_the_marks(corpus_dir, first, "/news/1", "/news/")
    site.serve("/news/1", section_page("港口", STORY, MORE, FERRY))
    report = add(*urls)
    assert [(article.outcome, article.id == first) for article in report.articles] == [
        ("updated", True),
        ("added", False),
    ]


def test_another_article_under_a_canonical_address_is_not_replaced(site: Site, add: Add, corpus_dir: Path) -> None:
    fixed = '<head><link rel="canonical" href="/x">'
    urls = [
        site.serve("/1", story("港口").replace("<head>", fixed)),
        site.serve("/2", story("渡輪", FERRY).replace("<head>", fixed)),
    ]
    assert [outcomes(add(*urls)), outcomes(add(*urls))] == [["added"] * 2, ["unchanged"] * 2]
    assert len(read_corpus(corpus_dir).articles) == 2


def test_the_phones_page_of_an_article_updates_it(site: Site, add: Add, corpus_dir: Path) -> None:
    def page(*paragraphs: str) -> str:
        return story("港口", *paragraphs).replace("<head>", '<head><link rel="canonical" href="/pier/">')

    add(site.serve("/pier/amp/", page(STORY, MORE)))
    site.serve("/pier/amp/", page(STORY, MORE, FERRY).replace("港口</", "港口有新事</"))
    assert outcomes(add(f"{site.root}/pier/amp/")) == ["updated"]
    (article,) = read_corpus(corpus_dir).articles
    assert article.url == f"{site.root}/pier/"


def test_a_further_article_on_a_page_replaces_none_of_the_others(site: Site, add: Add, corpus_dir: Path) -> None:
    def page(count: int) -> str:
        articles = "".join(f"<article><h2>第{n}篇</h2><p>{PARTS[n]}</p></article>" for n in range(count))
        return f"<html><head><meta charset=utf-8><title>三篇</title></head><body>{articles}</body></html>"

    url = site.serve("/a", page(2))
    assert outcomes(add(url)) == ["added", "added"]
    site.serve("/a", page(3))
    assert outcomes(add(url)) == ["unchanged", "unchanged", "added"]
    assert sorted(texts(corpus_dir).values()) == sorted(PARTS)


def test_an_article_of_a_feed_that_is_called_by_a_year_is_no_part_that_went(site: Site, add: Add) -> None:
    items = [
        f"<item><title>{title}</title><content:encoded><![CDATA[{paragraphs}]]></content:encoded></item>"
        for title in ("2024", "港口")
        for paragraphs in ["".join(f"<p>{title}全文的第{n}段說的是港口的第{n}件事。</p>" for n in range(30))]
    ]
    report = add(site.serve("/feed", rss(*items), "application/rss+xml"))
    assert (outcomes(report), report.problems) == (["added", "added"], ())


def test_an_edit_made_while_articles_are_added_is_left_as_it_stands(
    site: Site, add: Add, corpus_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = site.serve("/a", story("港口"))
    (path,) = (corpus_dir / f"{article.id}.md" for article in add(url).articles)
    site.serve("/a", story("港口", STORY, FERRY))
    edited = path.read_text(encoding="utf-8").replace(MORE, "編者改過的一句。")
    get = Fetcher.get

    def meanwhile(fetcher: Fetcher, address: str) -> Fetched:
        path.write_text(edited, encoding="utf-8")
        return get(fetcher, address)

    monkeypatch.setattr(Fetcher, "get", meanwhile)
    assert (outcomes(add(url)), path.read_text(encoding="utf-8")) == (["edited"], edited)


def test_a_file_that_comes_into_the_folder_meanwhile_is_not_replaced(
    site: Site, add: Add, corpus_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, other = site.serve("/a", story("港口")), site.serve("/b", story("渡輪", FERRY))
    get = Fetcher.get

    def meanwhile(fetcher: Fetcher, address: str) -> Fetched:
        write(corpus_dir / f"{article_id(url)}.md", FERRY)
        return get(fetcher, address)

    monkeypatch.setattr(Fetcher, "get", meanwhile)
    report = add(url, other)
    name = f"{article_id(url)}.md"
    assert reasons(report) == [f"is left out: {name!r} has come into the folder meanwhile; add it again"]
    assert outcomes(report) == ["added"]
    assert (corpus_dir / name).read_text(encoding="utf-8") == FERRY


def test_an_article_keeps_what_it_corrects(add: Add, corpus_dir: Path, tmp_path: Path) -> None:
    add(write(tmp_path / "in" / "fix.md", f"---\ntitle: 更正\ncorrects: harbour\n---\n\n{STORY}\n"))
    (article,) = read_corpus(corpus_dir).articles
    assert article.corrects == "harbour"


def test_what_lies_in_a_hidden_folder_is_not_known(site: Site, add: Add, corpus_dir: Path) -> None:
    url = site.serve("/a", story("港口"))
    (path,) = (corpus_dir / f"{article.id}.md" for article in add(url).articles)
    (corpus_dir / ".trash").mkdir()
    path.rename(corpus_dir / ".trash" / path.name)
    assert outcomes(add(url)) == ["added"]
    assert len(read_corpus(corpus_dir).articles) == 1


@pytest.mark.parametrize("taken", ["report", "Report", "REPORT"])
def test_a_name_that_json_lines_or_another_case_have_is_taken(
    add: Add, corpus_dir: Path, tmp_path: Path, taken: str
) -> None:
    write(corpus_dir / "old.jsonl", f'{{"id": "{taken}", "text": "{FERRY}"}}\n')
    (article,) = add(write(tmp_path / "in" / "report.txt", f"年報\n\n{STORY}")).articles
    assert article.id == "in-report"


def test_an_id_that_an_article_of_the_same_run_names_is_taken(add: Add, tmp_path: Path) -> None:
    first = write(tmp_path / "in" / "a.md", f"---\nid: Report\ntitle: 甲\n---\n\n{STORY}\n")
    second = write(tmp_path / "in" / "report.txt", f"年報\n\n{MORE}")
    assert [article.id for article in add(first, second).articles] == ["Report", "in-report"]


@pytest.mark.parametrize(("taken", "name"), [({"report"}, "a-Report"), (set(), "Report")])
def test_names_that_differ_in_case_alone_are_one_file(taken: set[str], name: Any) -> None:
    assert article_id("a/Report.pdf", taken) == name
