"""PDF, Word and EPUB files: their text in paragraphs, and one clear reason where there is none."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest

from qa.importing.documents import drafts_from_epub, drafts_from_pdf, drafts_from_word
from qa.importing.drafts import UnusableError
from qa.importing.kinds import kind_of, unpacked

from .makers import make_epub, make_pdf, make_word

TIMEZONE = "Asia/Hong_Kong"
FIRST = "港口去年处理了十万个货柜，这个数字创下了历史新高。"
SECOND = "市长说，来年会更好，因为新码头将会启用。"


def test_a_pdfs_lines_join_into_paragraphs_and_running_heads_go() -> None:
    wide = "这一行写满了整个版面的宽度，一直写到了最右边的地方才转到下一行去继续写"
    pages = [
        ["海港周刊", f"港口扩建第{n}期", wide, f"{wide[:-8]}。", f"第{n}段说的是第{n}期工程。", f"第 {n} 页"]
        for n in (1, 2, 3)
    ]
    (draft,) = drafts_from_pdf(make_pdf(pages))
    lines = [line.text for line in draft.lines]
    assert [line for line in lines if "海港周刊" in line or "页" in line] == []
    assert f"{wide}{wide[:-8]}。" in lines
    assert [f"第{n}段说的是第{n}期工程。" in lines for n in (1, 2, 3)] == [True, True, True]
    assert draft.language == "zh-Hans"


def test_a_pdfs_headline_and_day_are_known() -> None:
    (draft,) = drafts_from_pdf(
        make_pdf(
            [
                [
                    "港口货柜创下新高",
                    "2025年3月1日",
                    *[FIRST, SECOND] * 1,
                    FIRST[:-1] + "，船也多。",
                    "码头边的灯塔今年满一百岁了。",
                ]
            ]
        )
    )
    assert (draft.title, draft.title_derived, draft.published) == ("港口货柜创下新高", False, dt.date(2025, 3, 1))


def test_a_pdf_of_pictures_is_refused() -> None:
    with pytest.raises(UnusableError, match="holds no text, only pictures"):
        drafts_from_pdf(make_pdf([[], []]))


def test_a_pdf_under_a_password_is_refused() -> None:
    with pytest.raises(UnusableError, match="is protected by a password"):
        drafts_from_pdf(make_pdf([[FIRST]], encrypted=True))


@pytest.mark.parametrize("data", [b"%PDF-1.5\nnothing", make_pdf([[FIRST]])[:60]])
def test_a_damaged_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(UnusableError, match=r"is a damaged PDF|holds no text"):
        drafts_from_pdf(data)


def test_a_word_file_keeps_its_headings_lists_and_tables() -> None:
    data = make_word(
        [
            ("Title", "港口擴建"),
            ("", FIRST),
            ("heading2", "新碼頭"),
            ("", SECOND),
            ("row", "泊位|六個"),
            ("Caption", "圖一。"),
            ("", "完工日期未定。"),
        ]
    )
    assert kind_of(data, "a.bin") == "word"
    (draft,) = drafts_from_word(data)
    assert draft.title == "港口擴建"
    assert draft.text == "\n\n".join([FIRST, "## 新碼頭", SECOND, "| 泊位 | 六個 |", "圖一。", "完工日期未定。"])


def test_what_word_does_not_show_is_no_text() -> None:
    (draft,) = drafts_from_word(
        make_word([("", FIRST), ("hidden", "藏起的句子。"), ("deleted", "刪去的句子。"), ("", SECOND)])
    )
    assert draft.text == f"{FIRST}\n\n{SECOND}"


def test_an_empty_and_a_damaged_word_file_are_refused() -> None:
    with pytest.raises(UnusableError, match="holds no text"):
        drafts_from_word(make_word([]))
    with pytest.raises(UnusableError, match="is a damaged Word file"):
        drafts_from_word(make_word([("", FIRST)])[:400])


def test_an_epubs_chapters_come_out_apart_with_the_books_author_and_day() -> None:
    metadata = "<dc:title>海港四季</dc:title><dc:creator>周以蘭</dc:creator><dc:date>2024-05-06</dc:date>"
    chapters = [f"<h1>春</h1><p>{FIRST}</p><p style='display:none'>藏起的句子。</p>", f"<h1>夏</h1><p>{SECOND}</p>"]
    spring, summer = drafts_from_epub(make_epub(chapters, metadata), TIMEZONE)
    assert (spring.title, summer.title) == ("春", "夏")
    assert (spring.text, summer.text) == (FIRST, SECOND)
    assert {(d.author, d.source, d.published) for d in (spring, summer)} == {
        ("周以蘭", "海港四季", dt.date(2024, 5, 6))
    }


def test_an_epub_of_one_chapter_has_the_books_title() -> None:
    (draft,) = drafts_from_epub(
        make_epub([f"<p>{FIRST}</p><p>{SECOND}</p>"], "<dc:title>海港</dc:title><dc:date>2024</dc:date>"), TIMEZONE
    )
    assert (draft.title, draft.title_derived, draft.published) == ("海港", False, None)


def test_an_epub_under_copy_protection_is_refused_and_one_with_hidden_fonts_is_not() -> None:
    lock = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><CipherReference URI="{}"/></encryption>'
    )
    chapters = [f"<p>{FIRST}</p>"]
    with pytest.raises(UnusableError, match="is protected against copying"):
        drafts_from_epub(make_epub(chapters, "", lock.format("OEBPS/text/chapter1.xhtml")), TIMEZONE)
    assert drafts_from_epub(make_epub(chapters, "", lock.format("OEBPS/font.otf")), TIMEZONE)


def test_an_epub_without_its_parts_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("META-INF/container.xml", "<container/>")
    with pytest.raises(UnusableError, match="is a damaged EPUB"):
        drafts_from_epub(out.getvalue(), TIMEZONE)


def test_a_document_made_to_fill_the_disk_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 201_000_000)
    with pytest.raises(UnusableError, match="unpacks to more than 200 MB"):
        drafts_from_word(out.getvalue())


@pytest.mark.parametrize(
    ("data", "name", "content_type", "expected"),
    [
        (b"%PDF-1.4 x", "a", "", "pdf"),
        (b"<!DOCTYPE html><p>x", "a", "", "page"),
        (b"x", "a.html", "", "page"),
        (b"x", "a", "text/html; charset=big5", "page"),
        (b"<?xml version='1.0'?><!-- x --><rss version='2.0'>", "a", "text/html", "feed"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'>", "a.xml", "", "feed"),
        (b"<?xml version='1.0'?><urlset>", "a", "application/xml", "sitemap"),
        (b"<?xml version='1.0'?><sm:sitemapindex xmlns:sm='x'>", "a", "text/xml", "sitemap"),
        (b"<?xml version='1.0'?><html xmlns='x'>", "a", "application/xhtml+xml", "page"),
        (b"some text", "a.txt", "", "text"),
        (b"some text", "a", "text/plain", "text"),
        (b"# text", "a.md", "", "markdown"),
        ("港口".encode("big5"), "a.txt", "", "text"),
    ],
)
def test_a_kind_is_told_by_what_is_inside(data: bytes, name: str, content_type: str, expected: str) -> None:
    assert kind_of(data, name, content_type) == expected


@pytest.mark.parametrize(
    ("data", "name", "content_type", "reason"),
    [
        (b"", "a.txt", "", "is empty"),
        (b" \n", "a.txt", "", "is empty"),
        (b"\x89PNG\r\n", "a.png", "", r"is a \.png file, a kind that is not read"),
        (b"a,b", "a.csv", "", r"is a \.csv file, a kind that is not read"),
        (b"{}", "a", "application/json", "is application/json, a kind that is not read"),
        (b"GIF89a", "a", "image/gif", "is image/gif"),
        (b'{"id": "a"}', "a.jsonl", "", "put it into the folder of articles"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "a.docx",
            "",
            "is protected by a password",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc", "", r"save it as \.docx"),
        (b"PK\x03\x04broken", "a.docx", "", "is a damaged archive"),
    ],
)
def test_what_is_not_read_is_named(data: bytes, name: str, content_type: str, reason: str) -> None:
    with pytest.raises(UnusableError, match=reason):
        kind_of(data, name, content_type)


def test_an_archive_of_another_kind_is_named() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "x")
    with pytest.raises(UnusableError, match="an archive of a kind that is not read"):
        kind_of(out.getvalue(), "a.xlsx")


def test_a_packed_file_is_unpacked_up_to_the_limit() -> None:
    import gzip

    assert unpacked(gzip.compress(b"x" * 10), 10) == b"x" * 10
    with pytest.raises(UnusableError, match="unpacks to more than"):
        unpacked(gzip.compress(b"x" * 11), 10)
    with pytest.raises(UnusableError, match="damaged"):
        unpacked(b"\x1f\x8bnot", 10)
