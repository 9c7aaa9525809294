"""Feeds and site maps -> the articles they name."""

from __future__ import annotations

import datetime as dt
import io
import urllib.parse
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.importing.bylines import stamped
from qa.importing.cleaning import tidy
from qa.importing.drafts import UnusableError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Entry", "SiteMap", "feed_entries", "read_site_map"]

WHOLE_MIN_CHARS = 300  # a feed that carries less of an article carries its beginning
_CUT = ("…", "...", "[…]", "[&#8230;]", "閱讀全文", "阅读全文", "read more", "continue reading")


@dataclass(frozen=True, slots=True)
class Entry:
    """An article that a feed or a site map names; `html` is its text where the feed carries it whole."""

    url: str | None
    title: str = ""
    author: str | None = None
    published: dt.date | None = None
    source: str | None = None
    html: str | None = None


@dataclass(frozen=True, slots=True)
class SiteMap:
    """A site map's pages, and the further site maps that it names."""

    entries: tuple[Entry, ...]
    maps: tuple[str, ...]


def feed_entries(data: bytes, url: str | None, content_type: str, timezone: str) -> list[Entry]:
    """Reads an RSS or Atom feed.

    Raises:
        UnusableError: it is no feed, or it is empty.
    """
    import feedparser

    if b"<!ENTITY" in data.replace(b"\x00", b""):
        raise UnusableError("declares entities, which feeds have no need of and attacks do")
    headers = {"content-type": content_type} if content_type else {}
    if url:
        headers["content-location"] = url
    feed = feedparser.parse(
        io.BytesIO(data), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    if not feed.version:
        raise UnusableError("is not a feed that can be read")
    if not feed.entries:
        raise UnusableError("is an empty feed; nothing was changed")
    source = tidy(feed.feed.get("title", "")) or None
    return [_entry(entry, source, url, timezone) for entry in feed.entries]


def read_site_map(data: bytes, timezone: str) -> SiteMap:
    """Reads a site map or an index of site maps.

    Raises:
        UnusableError: it is no site map, or it is empty.
    """
    import lxml.etree

    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    root = lxml.etree.fromstring(data, parser) if data.strip() else None
    found = list(_places(root)) if root is not None else []
    entries = tuple(_page(place, timezone) for name, place in found if name == "url")
    maps = tuple(filter(None, (_child(place, "loc") for name, place in found if name == "sitemap")))
    if not entries and not maps:
        raise UnusableError("is an empty site map; nothing was changed")
    return SiteMap(entries, maps)


def _entry(entry: Any, source: str | None, url: str | None, timezone: str) -> Entry:
    link = entry.get("link")
    return Entry(
        url=tidy(urllib.parse.urljoin(url or "", link)) if link else None,
        title=tidy(_plain(entry.get("title", ""))),
        author=tidy(entry.get("author", "")) or None,
        published=_day(entry, timezone),
        source=source,
        html=_whole(entry),
    )


def _day(entry: Any, timezone: str) -> dt.date | None:
    """Reads when an entry was published, in the publisher's time; when it was updated is another day."""
    said = entry.get("published") or entry.get("created")  # the library takes a time without a zone for Greenwich's
    return stamped(said, timezone) if said else None


def _whole(entry: Any) -> str | None:
    """Returns the article's HTML where the feed carries all of it."""
    longest = max((part.get("value", "") for part in entry.get("content", [])), key=len, default="")
    text = _plain(longest)
    return longest if len(text) >= WHOLE_MIN_CHARS and not text.rstrip().lower().endswith(_CUT) else None


def _plain(html: str) -> str:
    if "<" not in html and "&" not in html:
        return html
    import lxml.html

    return str(lxml.html.fromstring(f"<div>{html}</div>").text_content())


def _places(root: Any) -> Iterator[tuple[str, Any]]:
    for place in root.iter():
        if isinstance(place.tag, str):
            yield place.tag.rpartition("}")[2].lower(), place


def _page(place: Any, timezone: str) -> Entry:
    """Reads one page of a site map; only a news site map says when it was published, `lastmod` is another day."""
    day = _child(place, "publication_date")
    return Entry(
        url=_child(place, "loc"), title=_child(place, "title") or "", published=stamped(day, timezone) if day else None
    )


def _child(place: Any, name: str) -> str | None:
    for found, child in _places(place):
        if found == name and child.text:
            return str(tidy(child.text)) or None
    return None
