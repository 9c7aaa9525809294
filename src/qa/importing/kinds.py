"""Bytes -> which kind of source they are, by what they hold rather than what they are called."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import Literal

from qa.importing.drafts import UnusableError

__all__ = ["READABLE", "Kind", "kind_of", "unpacked"]

Kind = Literal["page", "feed", "sitemap", "text", "markdown", "pdf", "word", "epub"]
READABLE = "pages, feeds, site maps, .txt, .md, .pdf, .docx and .epub are"
HEAD_BYTES = 4096
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_ROOT = re.compile(rb"<(?![?!])\s*(?:[\w.-]+:)?([\w.-]+)")
_COMMENTS = re.compile(rb"<!--.*?-->|<\?.*?\?>|<!doctype[^>]*>", re.DOTALL | re.IGNORECASE)
_ROOTS: dict[str, Kind] = {
    **dict.fromkeys(("rss", "feed", "rdf"), "feed"),
    **dict.fromkeys(("urlset", "sitemapindex"), "sitemap"),
    **dict.fromkeys(("html", "body", "head", "div", "p", "article", "h1"), "page"),
}
_SUFFIXES: dict[str, Kind] = {
    **dict.fromkeys((".html", ".htm", ".xhtml", ".shtml"), "page"),
    **dict.fromkeys((".md", ".markdown"), "markdown"),
    **dict.fromkeys((".txt", ".text", ""), "text"),
}


def unpacked(data: bytes, max_bytes: int) -> bytes:
    """Unpacks what is packed with gzip, as site maps are.

    Raises:
        UnusableError: it is damaged, or larger than the limit.
    """
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        plain = zlib.decompressobj(47).decompress(data, max_bytes + 1)
    except zlib.error as error:
        raise UnusableError("is compressed data that is damaged") from error
    if len(plain) > max_bytes:
        raise UnusableError(f"unpacks to more than {max_bytes / 1e6:g} MB (QA_FETCH_MAX_MB)")
    return plain


def kind_of(data: bytes, name: str, content_type: str = "") -> Kind:
    """Tells the kind of a source.

    Raises:
        UnusableError: it is empty, protected by a password, or of a kind that is not read.
    """
    if not data.strip():
        raise UnusableError("is empty")
    if data.startswith(_OLD_OFFICE):
        locked = _ENCRYPTED_OFFICE in data
        raise UnusableError("is protected by a password" if locked else "is an old Office file; save it as .docx")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _zip_kind(data)
    return _text_kind(data, PurePosixPath(name).suffix.lower(), content_type.split(";", maxsplit=1)[0].strip().lower())


def _zip_kind(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            locked = any(entry.flag_bits & 1 for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise UnusableError("is a damaged archive") from error
    if locked:
        raise UnusableError("is protected by a password")
    if "META-INF/container.xml" in names:
        return "epub"
    if "word/document.xml" in names:
        return "word"
    raise UnusableError(f"is an archive of a kind that is not read; {READABLE}")


def _text_kind(data: bytes, suffix: str, content_type: str) -> Kind:
    root = _ROOT.search(_COMMENTS.sub(b"", data[:HEAD_BYTES]).replace(b"\x00", b"")) if _opens_markup(data) else None
    named = _ROOTS.get(root[1].decode("ascii", "replace").lower()) if root else None
    if named in ("feed", "sitemap"):
        return named
    if content_type in ("text/html", "application/xhtml+xml") or (not content_type and _SUFFIXES.get(suffix) == "page"):
        return "page"
    if named:
        return named
    if suffix == ".jsonl":
        raise UnusableError("is a file of articles as it stands; put it into the folder of articles")
    if content_type in ("text/markdown", "text/x-markdown"):
        return "markdown"
    if content_type == "text/plain" or (suffix in _SUFFIXES and content_type in ("", "application/octet-stream")):
        return _SUFFIXES[suffix] if _SUFFIXES.get(suffix) in ("text", "markdown") else "text"
    raise UnusableError(f"is {content_type or f'a {suffix} file'}, a kind that is not read; {READABLE}")


def _opens_markup(data: bytes) -> bool:
    return data[:HEAD_BYTES].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")
