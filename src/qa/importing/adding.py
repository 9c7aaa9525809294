"""Files, folders, pages, feeds, site maps -> articles in the corpus folder; one bad source stops no other."""

from __future__ import annotations

import dataclasses
import itertools
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import QAError
from qa.importing.drafts import Draft, UnusableError
from qa.importing.feeds import Entry
from qa.importing.fetching import MEGABYTE, Fetcher
from qa.importing.kinds import kind_of, unpacked
from qa.importing.origins import addressed, file_mark, file_name, origins_of
from qa.importing.reading import Source, drafts_of, entries_of, expects_feed, maps_of
from qa.importing.shelf import Outcome, Shelf
from qa.importing.urls import canonical_url, is_url
from qa.records import Problem
from qa.takedowns import TAKEN_DOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.settings import Settings

__all__ = ["AddReport", "Added", "add_articles"]

LEFT_ALONE = {
    "edited": "was edited since it was added and is left as it stands; --overwrite replaces it",
    "foreign": "was not written by qa add and is left as it stands; --overwrite replaces it",
}
STAYS_OUT = f"was taken down with qa remove and is left out; to bring it back, delete its line from {TAKEN_DOWN}"


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one article of a source, with what was kept and dropped."""

    source: str
    id: str
    outcome: Outcome
    draft: Draft


@dataclass(frozen=True, slots=True)
class AddReport:
    """What `qa add` did: every article, and every source that could not be used and why."""

    articles: tuple[Added, ...]
    problems: tuple[Problem, ...]

    def count(self, outcome: str) -> int:
        """Counts the articles with an outcome."""
        return sum(article.outcome == outcome for article in self.articles)


def add_articles(
    sources: Sequence[str],
    settings: Settings,
    *,
    dry_run: bool = False,
    overwrite: bool = False,
    limit: int = 100,
    progress: Callable[[str], None] | None = None,
) -> AddReport:
    """Brings articles into the corpus folder; the same source again updates its articles.

    `limit` is the most articles taken from one feed or site map. `dry_run` reads and fetches, but writes nothing.

    Raises:
        AddingError: the folder cannot be written.
        CorpusError: the folder or the list of articles taken down cannot be read.
    """
    shelf = Shelf(settings.corpus_dir)
    if not dry_run:
        shelf.check()
    with Fetcher(settings) as fetcher:
        adder = _Adder(settings, shelf, fetcher, _Manner(dry_run, overwrite, limit, progress or (lambda _: None)))
        for source in sources:
            adder.add(source)
    return AddReport(tuple(adder.articles), tuple(adder.problems))


@dataclass(frozen=True, slots=True)
class _Manner:
    """How articles are to be added."""

    dry_run: bool
    overwrite: bool
    limit: int
    progress: Callable[[str], None]


class _Adder:
    """Works through the sources and gathers what became of them."""

    def __init__(self, settings: Settings, shelf: Shelf, fetcher: Fetcher, manner: _Manner) -> None:
        self.articles: list[Added] = []
        self.problems: list[Problem] = []
        self._settings = settings
        self._shelf = shelf
        self._fetcher = fetcher
        self._manner = manner
        self._max_bytes = int(settings.fetch_max_mb * MEGABYTE)
        self._done: set[str] = set()

    def add(self, source: str) -> None:
        """Adds one source as it was typed."""
        if is_url(source):
            self._attempt(source, lambda: self._fetch(_canonical(source), Entry(None), top=True))
        else:
            path = Path(source)
            self._attempt(
                source,
                lambda: self._folder(path) if path.is_dir() else self._file(path, path.resolve().parent),
            )

    def _attempt(self, name: str, work: Callable[[], None]) -> None:
        self._manner.progress(name)
        try:
            work()
        except QAError:
            raise
        except Exception as error:  # whatever is wrong with one source, the others go on
            self.problems.append(Problem(name, None, _reason(error)))

    def _folder(self, folder: Path) -> None:
        """Adds every file of a folder, in order of name; hidden ones are passed over."""
        if folder.resolve() == self._settings.corpus_dir.resolve():
            raise UnusableError("is the folder of articles itself; run: qa index")
        try:
            paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
        except OSError as error:
            raise UnusableError(f"cannot be read: {error.strerror}") from error
        names = [(path, path.relative_to(folder)) for path in paths]
        shown = [path for path, name in names if not any(p.startswith(".") for p in name.parts)]
        if not shown:
            raise UnusableError("is a folder without files")
        for path in shown:
            self._attempt(str(path), partial(self._file, path, folder))

    def _file(self, path: Path, folder: Path) -> None:
        if path.resolve().is_relative_to(self._settings.corpus_dir.resolve()):
            raise UnusableError("is in the folder of articles already; run: qa index")
        data = _read_file(path, self._max_bytes)
        self._take(Source(data, file_name(folder, path), None, "", file_mark(path)), Entry(None))

    def _fetch(self, url: str, entry: Entry, top: bool = False) -> None:
        if url in self._done:
            return
        self._done.add(url)
        fetched = self._fetcher.get(url)
        data = unpacked(fetched.data, self._max_bytes)
        self._take(Source(data, fetched.url, fetched.url, fetched.content_type), entry, top)

    def _take(self, source: Source, entry: Entry, top: bool = True) -> None:
        """Reads a source: a list of articles is followed once, anything else is read for its own."""
        kind = kind_of(source.data, source.name, source.content_type)
        if kind in ("feed", "sitemap"):
            if not top:
                raise UnusableError(f"is a {kind} where an article was expected")
            self._follow(source, kind == "feed")
            return
        if kind == "page" and source.url and top and expects_feed(source.url):
            raise UnusableError("is a web page, not a feed; check the address")
        drafts = [_completed(draft, entry) for draft in drafts_of(source, kind, self._settings.timezone)]
        self._place(drafts, source)

    def _follow(self, source: Source, is_feed: bool) -> None:
        entries = entries_of(source, self._settings.timezone) if is_feed else self._mapped(source)
        listed = list(itertools.islice(entries, self._manner.limit + 1))
        for entry in listed[: self._manner.limit]:
            self._attempt(entry.url or entry.title or source.name, partial(self._entry, entry, source))
        if len(listed) > self._manner.limit:
            self.problems.append(
                Problem(source.name, None, f"names more than {self._manner.limit} articles; --limit takes more")
            )

    def _mapped(self, source: Source) -> Iterator[Entry]:
        """Yields the pages of a site map and of the maps that it names, one level deep."""
        found = maps_of(source, self._settings.timezone)
        yield from found.entries
        for url in found.maps:
            entries: list[Entry] = []
            self._attempt(url, partial(self._gather, url, entries))
            yield from entries

    def _gather(self, url: str, entries: list[Entry]) -> None:
        """Puts the pages of a site map that another one names into `entries`."""
        fetched = self._fetcher.get(url)
        data = unpacked(fetched.data, self._max_bytes)
        entries.extend(maps_of(Source(data, fetched.url, fetched.url, ""), self._settings.timezone).entries)

    def _entry(self, entry: Entry, feed: Source) -> None:
        """Takes an article from the feed where it carries all of it, else from its own address."""
        url = _canonical(entry.url) if entry.url else None
        if entry.html:
            whole = Source(entry.html.encode(), url or f"{feed.name}#{entry.title}", url, "text/html; charset=utf-8")
            drafts = drafts_of(whole, "page", self._settings.timezone)
            self._place([_completed(draft, entry, feed=True) for draft in drafts], whole)
        elif url is None:
            raise UnusableError("has neither an address nor the article's text")
        else:
            self._fetch(url, entry)

    def _place(self, drafts: Sequence[Draft], source: Source) -> None:
        drafts = addressed(drafts, source, self._shelf.article_at)
        origins = origins_of(drafts, source)
        for draft, origin in zip(drafts, origins, strict=True):
            outcome, name = self._shelf.place(draft, origin, origins, self._manner.dry_run, self._manner.overwrite)
            if outcome == "taken down":
                self.problems.append(Problem(source.name, None, f"{name!r} {STAYS_OUT}"))
                continue
            self.articles.append(Added(source.name, name, outcome, draft))
            if outcome in LEFT_ALONE:
                self.problems.append(Problem(f"{name}.md", None, LEFT_ALONE[outcome]))
        for name in self._shelf.stale_parts(origins[0], len(drafts)):
            self.problems.append(Problem(f"{name}.md", None, f"came from {source.name}, which no longer holds it"))


def _canonical(url: str) -> str:
    try:
        return canonical_url(url)
    except ValueError as error:
        raise UnusableError(str(error)) from error


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or type(error).__name__}"
    return str(error) if isinstance(error, UnusableError) else f"cannot be read ({type(error).__name__})"


def _completed(draft: Draft, entry: Entry, feed: bool = False) -> Draft:
    """Fills in what the page does not say from what the feed says; the feed's own text is known by the feed alone."""
    host = urllib.parse.urlsplit(draft.url).hostname if draft.url else None
    said = (entry.source, draft.source) if feed else (draft.source, entry.source)
    keeps_title = not entry.title or (draft.title and not draft.title_derived and not feed)
    return dataclasses.replace(
        draft,
        title=draft.title if keeps_title else entry.title,
        title_derived=draft.title_derived and bool(keeps_title),
        author=draft.author or entry.author,
        published=(entry.published or draft.published) if feed else (draft.published or entry.published),
        source=next(filter(None, (*said, host)), None),
    )


def _read_file(path: Path, max_bytes: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        raise UnusableError(f"cannot be read: {error.strerror}") from error
    if len(data) > max_bytes:
        raise UnusableError(f"is larger than {max_bytes / MEGABYTE:g} MB (QA_FETCH_MAX_MB)")
    return unpacked(data, max_bytes)
