"""A page's tree -> what it says about itself: headline, author, day, site, address."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import re
import urllib.parse
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.importing.bylines import date_of, stamped
from qa.importing.cleaning import tidy
from qa.importing.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Metadata", "metadata_of"]

_ARTICLE_TYPES = re.compile(r"Article|Posting|Report|Blog")
_SAME_SITE = re.compile(r"^(?:www|m|mobile|amp|wap)\.")
_DATE_META = (
    "article:published_time",
    "datepublished",
    "publishdate",
    "pubdate",
    "date",
    "dc.date",
    "dc.date.issued",
    "sailthru.date",
    "parsely-pub-date",
    "weibo:article:create_at",
    "og:release_date",
)
_PATH_DAY = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?:/|\b)")
_BY = re.compile(r"^(?:by|作者|撰文|文|記者|记者)\s*[：:/／|]?\s*|\s*(?:於|于|發表於|发表于)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says about itself; what it does not say is empty."""

    title: str
    author: str | None
    published: dt.date | None
    source: str | None
    url: str | None
    language: str | None
    feed: str | None


def metadata_of(tree: Any, url: str | None, timezone: str) -> Metadata:
    """Reads JSON-LD, meta elements and the library's findings; a date only where the page marks it as one."""
    from trafilatura.metadata import extract_metadata

    found = extract_metadata(tree, default_url=url, date_config={"extensive_search": False, "original_date": True})
    linked = list(_linked_data(tree))
    source = tidy(found.sitename or "") or None
    if source in (found.hostname, urllib.parse.urlsplit(url or "").netloc):
        source = None  # the library gives the host where the page names no site
    return Metadata(
        title=_title(tree, tidy(found.title or ""), source),
        author=_author(";".join(_signed(tree, linked)) or found.author),
        published=_published(tree, linked, url, timezone),
        source=source or next((name for entry in linked for name in _names(entry.get("publisher"))), None),
        url=_address(tree, url),
        language=(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip() or None,
        feed=_feed(tree, url),
    )


def _title(tree: Any, found: str, source: str | None) -> str:
    """Takes the site's name off the end of a headline, and prefers the one heading that the page's title opens with."""
    headings = [tidy(" ".join("".join(heading.itertext()).split())) for heading in tree.iter("h1", "h2")]
    opening = [heading for heading in headings if len(heading) > 1 and found.startswith(heading)]
    if opening:
        return max(opening, key=len)
    if source and (match := re.fullmatch(rf"(.+?)\s*[-–—|｜_·]\s*{re.escape(source)}", found)):
        return match[1]
    return found


def _signed(tree: Any, linked: list[dict[str, Any]]) -> list[str]:
    """Lists the authors in the page's own marks; the library leaves out names without a space, as Chinese ones are."""
    names = [name for entry in linked for name in _names(entry.get("author"))]
    for meta in tree.iter("meta"):
        if (meta.get("name") or meta.get("property") or "").lower() in ("author", "article:author", "byl"):
            names.append(meta.get("content") or "")
    return [name for name in names if name.strip()]


def _names(value: Any) -> list[str]:
    """Reads the names of people or of an organisation in JSON-LD."""
    if isinstance(value, list):
        return [name for entry in value for name in _names(entry)]
    name = value.get("name") if isinstance(value, dict) else value
    return [name] if isinstance(name, str) else []


def _author(found: str | None) -> str | None:
    names = [_BY.sub("", name.strip()).strip() for name in tidy(found or "").split(";")]
    names = [_BY.sub("", name).strip() for name in names]
    return "、".join(dict.fromkeys(name for name in names if name and len(name) <= 40 and "http" not in name)) or None


def _published(tree: Any, linked: list[dict[str, Any]], url: str | None, timezone: str) -> dt.date | None:
    stamps = [str(entry["datePublished"]) for entry in linked if entry.get("datePublished")]
    for wanted in _DATE_META:
        for meta in tree.iter("meta"):
            name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
            if name.lower() == wanted and meta.get("content"):
                stamps.append(meta.get("content"))
    stamps += [time.get("datetime") for time in tree.iter("time") if time.get("datetime") and _marks_page(time)]
    if day := next((day for stamp in stamps if (day := stamped(stamp, timezone))), None):
        return day
    match = _PATH_DAY.search(urllib.parse.urlsplit(url or "").path)
    return date_of("-".join(match.groups())) if match else None


def _marks_page(time: Any) -> bool:
    """Tells the day of publication from days in comments, lists and the text."""
    around = " ".join((place.get("class") or "") + " " + (place.get("id") or "") for place in time.iterancestors())
    if re.search(r"comment|related|sidebar|recommend|widget", around, re.IGNORECASE):
        return False
    return not any(place.tag in ("aside", "nav", "footer", "li", "p") for place in time.iterancestors()) or (
        time.get("pubdate") is not None or (time.get("itemprop") or "") == "datePublished"
    )


def _linked_data(tree: Any) -> Iterator[dict[str, Any]]:
    """Yields the JSON-LD objects that describe an article."""
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            try:
                yield from _articles_in(json.loads(script.text or ""))
            except (ValueError, RecursionError):
                continue


def _articles_in(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for entry in value:
            yield from _articles_in(entry)
    elif isinstance(value, dict):
        if _ARTICLE_TYPES.search(str(value.get("@type", ""))):
            yield value
        yield from _articles_in(value.get("@graph", []))


def _address(tree: Any, url: str | None) -> str | None:
    """Takes the canonical address of a page where it belongs to the same site, else the one asked for."""
    named = next(
        (link.get("href") for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical"), None
    )
    try:
        full = canonical_url(urllib.parse.urljoin(url or "", named)) if named else None
    except ValueError:
        return url
    if not full or not url:
        return full if full and full.startswith("http") else url
    ours, theirs = urllib.parse.urlsplit(url), urllib.parse.urlsplit(full)
    is_same_site = _site(ours.hostname) == _site(theirs.hostname)
    is_home = theirs.path in ("", "/") and not theirs.query  # sites that call every page their home page
    return full if is_same_site and (not is_home or ours.path in ("", "/")) else url


def _site(host: str | None) -> str:
    return _SAME_SITE.sub("", (host or "").lower())


def _feed(tree: Any, url: str | None) -> str | None:
    for link in tree.iter("link"):
        if (link.get("type") or "").lower() in ("application/rss+xml", "application/atom+xml") and link.get("href"):
            with contextlib.suppress(ValueError):  # http://[bad/
                return str(urllib.parse.urljoin(url or "", link.get("href")))
    return None
