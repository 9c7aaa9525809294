"""A source of any kind -> drafts."""

from __future__ import annotations

import dataclasses
import logging
import re
import urllib.parse
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from qa.articles import front_matter, is_draft, markdown_article
from qa.importing.cleaning import tidy
from qa.importing.decoding import decoded
from qa.importing.documents import drafts_from_epub, drafts_from_pdf, drafts_from_word
from qa.importing.drafts import Draft, Line, UnusableError
from qa.importing.feeds import Entry, SiteMap, feed_entries, read_site_map
from qa.importing.pages import drafts_from_page
from qa.importing.scrapes import drafts_from_text
from qa.importing.titles import language_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.importing.kinds import Kind

_Found = TypeVar("_Found")

__all__ = ["Source", "drafts_of", "entries_of", "expects_feed", "maps_of"]

_FEED_PATH = re.compile(r"\.(?:rss|atom|xml|rdf)$|(?:^|/)(?:rss|feed|feeds|atom|sitemap)(?:/|\d*$)", re.IGNORECASE)

_TALKATIVE = ("trafilatura", "htmldate", "courlan", "mammoth")


@dataclass(frozen=True, slots=True)
class Source:
    """What was fetched or read; `url` is None for a file, and `mark` tells files of one name apart."""

    data: bytes
    name: str
    url: str | None
    content_type: str
    mark: str = ""


def drafts_of(source: Source, kind: Kind, timezone: str) -> list[Draft]:
    """Reads a page, a text or a document.

    Raises:
        UnusableError: it holds no article that can be read.
    """
    for library in _TALKATIVE:
        logging.getLogger(library).setLevel(logging.CRITICAL)  # what is wrong is said once, by us
    return _guarded(lambda: _drafts(source, kind, timezone))


def _guarded(read: Callable[[], _Found]) -> _Found:
    try:
        return read()
    except UnusableError:
        raise
    except Exception as error:  # files of strangers find every fault of the libraries that read them
        raise UnusableError(f"cannot be read ({type(error).__name__})") from error


def _drafts(source: Source, kind: Kind, timezone: str) -> list[Draft]:
    if kind == "pdf":
        drafts = drafts_from_pdf(source.data)
    elif kind == "word":
        drafts = drafts_from_word(source.data)
    elif kind == "epub":
        drafts = drafts_from_epub(source.data, timezone)
    elif kind == "page":
        drafts = drafts_from_page(decoded(source.data, source.content_type), source.url, timezone)
    else:
        drafts = _from_text(decoded(source.data, source.content_type), kind == "markdown")
    return [dataclasses.replace(draft, url=draft.url or source.url) for draft in drafts]


def entries_of(source: Source, timezone: str) -> list[Entry]:
    """Lists what a feed names.

    Raises:
        UnusableError: it cannot be read, or is empty.
    """
    return _guarded(lambda: feed_entries(source.data, source.url, source.content_type, timezone))


def maps_of(source: Source, timezone: str) -> SiteMap:
    """Reads a site map.

    Raises:
        UnusableError: it cannot be read, or is empty.
    """
    return _guarded(lambda: read_site_map(source.data, timezone))


def expects_feed(url: str) -> bool:
    """Tells an address that names a feed or a site map."""
    return _FEED_PATH.search(urllib.parse.urlsplit(url).path) is not None


def _from_text(text: str, is_markdown: bool) -> list[Draft]:
    if not is_markdown or not text.lstrip("\ufeff").startswith("---"):
        return drafts_from_text(text)
    try:
        article = markdown_article("", text)
        draft = is_draft(front_matter(text))
    except ValueError as error:
        raise UnusableError(str(error)) from error
    body = tidy(article.text)
    return [
        Draft(
            lines=(Line(body),),
            url=article.url,
            published=article.published,
            author=article.author,
            source=article.source,
            language=article.language or language_of(body),
            questions=article.questions,
            corrects=article.corrects,
            id=article.id or None,
            draft=draft,
            title=article.title,
        )
    ]
