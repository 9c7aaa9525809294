"""PDF, Word and EPUB files -> drafts."""

from __future__ import annotations

import collections
import dataclasses
import io
import posixpath
import re
import urllib.parse
import zipfile
from typing import TYPE_CHECKING, Any

from qa.importing.blocks import blocks_of
from qa.importing.bylines import stamped
from qa.importing.cleaning import ends_sentence, key, tidy
from qa.importing.drafts import Draft, Line, UnusableError
from qa.importing.hidden import remove_hidden
from qa.importing.scrapes import drafts_from_lines
from qa.text.folding import HAN

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["drafts_from_epub", "drafts_from_pdf", "drafts_from_word"]

EDGE_LINES = 2  # of a page's top and bottom, where running heads and page numbers stand
RUNNING_SHARE = 0.5  # of the pages: a line at the edge of so many is a running head
RUNNING_MIN_PAGES = 3
FULL_LINE_SHARE = 0.75  # of the widest line: a shorter line ends its paragraph
UNPACKED_MAX_BYTES = 200_000_000  # a document unpacks to less than this, or it is made to fill the disk
_WORD_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Caption'] => p.caption:fresh"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FRONT = re.compile(r"nav|toc|contents|cover|copyright|titlepage|版權|版权|目錄|目录|封面", re.IGNORECASE)


def drafts_from_pdf(data: bytes) -> list[Draft]:
    """Reads a PDF's text; running heads and page numbers go, wrapped lines join.

    Raises:
        UnusableError: it is damaged, protected by a password, or holds no text.
    """
    pages = _pdf_pages(data)
    if not any(line.strip() for page in pages for line in page):
        raise UnusableError("holds no text, only pictures; recognise its text (OCR) first")
    running = _running_heads(pages)
    lines = [line for page in pages for line in _without_edges(page, running)]
    return drafts_from_lines(_joined(lines))


def drafts_from_word(data: bytes) -> list[Draft]:
    """Reads a Word file; hidden and deleted text stays out.

    Raises:
        UnusableError: it is damaged or holds no text.
    """
    import mammoth

    try:
        html = mammoth.convert_to_html(io.BytesIO(_without_vanished(data)), style_map=_WORD_STYLES).value
    except (KeyError, ValueError, zipfile.BadZipFile, OSError, RecursionError, AttributeError) as error:
        raise UnusableError("is a damaged Word file") from error
    if not html.strip():
        raise UnusableError("holds no text")
    return drafts_from_lines(_lines_of_html(html))


def drafts_from_epub(data: bytes, timezone: str) -> list[Draft]:
    """Reads an EPUB: one draft a chapter, in reading order, with the book's author, publisher and day.

    Raises:
        UnusableError: it is damaged, its text is encrypted, or it holds none.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_bomb(archive)
            about, chapters = _book(archive)
    except (KeyError, zipfile.BadZipFile, ValueError, OSError, RuntimeError) as error:
        raise UnusableError("is a damaged EPUB") from error
    drafts = [draft for chapter in chapters for draft in _chapter(chapter)]
    if not drafts:
        raise UnusableError("holds no text")
    return [_of_book(draft, about, len(drafts) == 1, timezone) for draft in drafts]


def _of_book(draft: Draft, about: dict[str, str], is_whole: bool, timezone: str) -> Draft:
    """Fills in what the book says of itself; a year alone is no day of publication."""
    day = stamped(about["date"], timezone) if len(about.get("date", "")) >= len("2025-07-30") else None
    title = about.get("title", "") if is_whole and draft.title_derived else ""
    return dataclasses.replace(
        draft,
        title=title or draft.title,
        title_derived=draft.title_derived and not title,
        author=draft.author or about.get("creator"),
        source=draft.source or about.get("publisher" if is_whole else "title"),
        published=draft.published or day,
    )


def _pdf_pages(data: bytes) -> list[list[str]]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower() or "security" in str(error).lower()
        raise UnusableError("is protected by a password" if locked else "is a damaged PDF") from error
    try:
        return [_pdf_lines(page) for page in document]
    except pypdfium2.PdfiumError as error:
        raise UnusableError("is a damaged PDF") from error
    finally:
        document.close()


def _pdf_lines(page: Any) -> list[str]:
    text = page.get_textpage().get_text_range()
    return tidy(text.replace("\ufffe", "")).split("\n")  # U+FFFE is PDFium's mark for a hyphen at a line's end


def _running_heads(pages: Sequence[list[str]]) -> set[str]:
    """Names the lines, numbers aside, that stand at the edge of most pages."""
    counts = collections.Counter(
        line for page in pages for line in {_numberless(edge) for edge in [*page[:EDGE_LINES], *page[-EDGE_LINES:]]}
    )
    enough = max(RUNNING_MIN_PAGES, RUNNING_SHARE * len(pages))
    return {line for line, count in counts.items() if count >= enough and line}


def _without_edges(page: list[str], running: set[str]) -> list[str]:
    edge = {*range(EDGE_LINES), *range(len(page) - EDGE_LINES, len(page))}
    number = re.compile(r"[-–—\s第]*\d{1,4}[-–—\s頁页]*(?:/\s*\d{1,4})?")
    return [
        line
        for at, line in enumerate(page)
        if not (at in edge and (_numberless(line) in running or number.fullmatch(line)))
    ]


def _numberless(line: str) -> str:
    return "" if ends_sentence(line) else re.sub(r"\d+", "", key(line))


def _joined(lines: Sequence[str]) -> list[Line]:
    """Joins the lines of each paragraph: it ends at a blank line, or with a sentence on a line that is not full."""
    widest = max((len(line) for line in lines), default=0)
    found: list[str] = []
    is_open = False
    for line in lines:
        if not line.strip():
            is_open = is_open and bool(found) and not ends_sentence(found[-1])
            continue
        if is_open:
            found[-1] += ("" if _touches(found[-1], line) else " ") + line
        else:
            found.append(line)
        is_full = len(line) >= FULL_LINE_SHARE * widest
        is_open = is_full and not (ends_sentence(line) and len(line) < widest)
    return [Line(text) for text in found]


def _touches(left: str, right: str) -> bool:
    return re.search(f"[{HAN}\u3000-\u303f\uff00-\uffef]", left[-1] + right[0]) is not None


def _without_vanished(data: bytes) -> bytes:
    """Takes out of a Word file the runs that Word does not show."""
    import lxml.etree

    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True)
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as copy:
        _refuse_bomb(archive)
        for entry in archive.infolist():
            content = archive.read(entry)
            if entry.filename == "word/document.xml":
                root = lxml.etree.fromstring(content, parser)
                for mark in list(root.iter(f"{_WORD}vanish", f"{_WORD}webHidden")):
                    _drop_run(mark)
                content = lxml.etree.tostring(root)
            copy.writestr(entry, content)
    return target.getvalue()


def _drop_run(mark: Any) -> None:
    run = next(mark.iterancestors(f"{_WORD}r"), None)
    if run is not None and mark.get(f"{_WORD}val", "true") not in ("false", "0") and run.getparent() is not None:
        run.getparent().remove(run)


def _lines_of_html(html: str) -> list[Line]:
    import lxml.html

    if not html.strip():
        return []
    tree = lxml.html.document_fromstring(html)
    remove_hidden(tree)
    marks = {"item": "- ", "quote": "> "}
    lines = []
    for block in blocks_of(tree):
        mark = f"{'#' * block.level} " if block.level else marks.get(block.kind, "")
        kind = "caption" if block.element.get("class") == "caption" else block.kind
        lines.append(Line(mark + block.text, kind))
    return lines


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    if sum(entry.file_size for entry in archive.infolist()) > UNPACKED_MAX_BYTES:
        raise UnusableError(f"unpacks to more than {UNPACKED_MAX_BYTES // 1_000_000} MB")


def _book(archive: zipfile.ZipFile) -> tuple[dict[str, str], list[str]]:
    """Reads a book's metadata and the HTML of its chapters, in the order of its spine (EPUB 3.3, 5.6)."""
    container = _xml(archive.read("META-INF/container.xml"))
    root_file = next((place.get("full-path") for place in container.iter() if _name(place) == "rootfile"), "")
    package = _xml(archive.read(root_file))
    about: dict[str, str] = {}
    for place in package.iter():
        if _name(place) in ("title", "creator", "publisher", "date", "language") and place.text:
            about.setdefault(_name(place), tidy(place.text))
    items = {place.get("id"): place for place in package.iter() if _name(place) == "item"}
    spine = [
        items[place.get("idref")]
        for place in package.iter()
        if _name(place) == "itemref" and place.get("idref") in items
    ]
    folder = posixpath.dirname(root_file)
    paths = [
        posixpath.normpath(posixpath.join(folder, urllib.parse.unquote(item.get("href", ""))))
        for item in spine
        if not _is_front(item)
    ]
    locked = _encrypted(archive) & set(paths)
    if locked:
        raise UnusableError("is protected against copying (DRM)")
    return about, [archive.read(path).decode("utf-8", "replace") for path in paths if path in archive.namelist()]


def _is_front(item: Any) -> bool:
    return "nav" in (item.get("properties") or "").split() or bool(
        _FRONT.fullmatch(posixpath.splitext(posixpath.basename(item.get("href", "")))[0])
    )


def _encrypted(archive: zipfile.ZipFile) -> set[str]:
    if "META-INF/encryption.xml" not in archive.namelist():
        return set()
    found = _xml(archive.read("META-INF/encryption.xml"))
    return {urllib.parse.unquote(place.get("URI", "")) for place in found.iter() if _name(place) == "CipherReference"}


def _chapter(html: str) -> list[Draft]:
    """Reads a chapter; its first heading is its title."""
    lines = _lines_of_html(re.sub(r"^\s*<\?xml[^>]*\?>", "", html))
    if lines and lines[0].kind == "heading":
        lines[0] = Line(f"# {lines[0].text.lstrip('# ')}", "heading")
    try:
        return drafts_from_lines(lines)
    except UnusableError:
        return []


def _xml(data: bytes) -> Any:
    import lxml.etree

    return lxml.etree.fromstring(data, lxml.etree.XMLParser(resolve_entities=False, no_network=True, recover=True))


def _name(place: Any) -> str:
    return place.tag.rpartition("}")[2] if isinstance(place.tag, str) else ""
