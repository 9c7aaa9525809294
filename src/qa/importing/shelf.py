"""Drafts -> Markdown files in the corpus folder, each written whole or not at all; what an editor touched stays."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from qa.articles import front_matter, markdown_article, places_of
from qa.errors import AddingError
from qa.importing.drafts import UnusableError
from qa.importing.naming import article_id, folded
from qa.importing.origins import unmarked
from qa.importing.urls import canonical_url
from qa.takedowns import taken_down

if TYPE_CHECKING:
    from collections.abc import Collection

    from qa.importing.drafts import Draft
    from qa.records import Article

__all__ = ["Outcome", "Shelf", "rendered"]

Outcome = Literal["added", "updated", "unchanged", "edited", "foreign", "taken down"]
_STAMP = re.compile(r"^imported: *(?P<stamp>[0-9a-f]{16}) *$", re.MULTILINE)
_PLAIN_VALUE = re.compile(r"(?!null\Z)[\w\u4e00-\u9fff][\w\u4e00-\u9fff ./+-]*", re.IGNORECASE)


@dataclass(slots=True)
class _Book:
    """A file of the corpus: where it came from, and whether it stands as it was written."""

    path: Path
    origin: str | None
    stamp: str | None
    is_untouched: bool
    url: str | None = None


class Shelf:
    """The corpus folder while articles are brought in: what is there, by where it came from."""

    def __init__(self, folder: Path) -> None:
        """Reads the front matter of every article in the folder, and which were taken down.

        Raises:
            AddingError: the folder cannot be reached.
            CorpusError: the folder or the list of those taken down cannot be read.
        """
        self._folder = folder
        self._gone = taken_down(folder)
        self._books: dict[str, _Book] = {}
        self._by_url: dict[str, _Book] = {}
        self._ids: set[str] = set()
        try:
            places = list(places_of(folder)) if folder.is_dir() else []
        except OSError as error:
            raise AddingError(f"Cannot read the folder {str(folder)!r}: {error.strerror}.") from error
        self._ids.update(folded(name) for _, _, name in places)
        for path in dict.fromkeys(path for path, _, _ in places if path.suffix.lower() == ".md"):
            self._take_in(path)

    def check(self) -> None:
        """Makes sure that the folder can be written, before anything is fetched.

        Raises:
            AddingError: it cannot.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._write(self._folder / f".qa-add-{secrets.token_hex(4)}.md", "").unlink()
        except OSError as error:
            raise _cannot_write(self._folder, error) from error

    def place(
        self, draft: Draft, origin: str, siblings: Collection[str], dry_run: bool = False, overwrite: bool = False
    ) -> tuple[Outcome, str]:
        """Adds or updates the article that came from `origin`; returns what happened and the article's id.

        `siblings` are the origins of all articles of its source. A file that was edited since, or that was never
        brought in, is left as it stands unless `overwrite` is set. What was taken down stays out in any case.

        Raises:
            AddingError: the folder cannot be written or is full.
            UnusableError: its file has come into the folder meanwhile.
        """
        known = self._known(draft, origin, siblings)
        book = known or _Book(self._folder / f"{article_id(origin, self._ids)}.md", origin, None, True)
        name = draft.id or book.path.stem
        if name in self._gone:
            return "taken down", name
        text = rendered(draft, origin)
        stamp = _stamp(text)
        is_there = _reread(book)
        if is_there and known is None:
            raise UnusableError(f"is left out: {book.path.name!r} has come into the folder meanwhile; add it again")
        if is_there and book.stamp == stamp and book.is_untouched:
            return "unchanged", book.path.stem
        if is_there and not book.is_untouched and not overwrite:
            same = book.stamp in (stamp, _stamp(rendered(draft, book.origin or origin)))
            return "unchanged" if same else "edited" if book.stamp else "foreign", book.path.stem
        if not dry_run:
            self._save(book, text, origin, stamp)
        self._ids |= {folded(book.path.stem), folded(name)}
        return "updated" if is_there else "added", name

    def article_at(self, url: str) -> Article | None:
        """Returns the article that came from an address or has it, as it stands; None where there is none."""
        book = self._books.get(url) or self._by_url.get(url)
        try:
            return markdown_article(book.path.stem, book.path.read_bytes().decode("utf-8")) if book else None
        except (OSError, ValueError):
            return None

    def stale_parts(self, origin: str, parts: int) -> list[str]:
        """Lists the articles that an earlier reading of a source had beyond its `parts` of now."""
        pattern = re.compile(rf"(?:{re.escape(origin)}|{re.escape(unmarked(origin))})#(\d+)")
        found = ((pattern.fullmatch(known), book) for known, book in self._books.items())
        return [book.path.stem for match, book in found if match and int(match[1]) > parts]

    def _take_in(self, path: Path) -> None:
        self._ids.add(folded(path.stem))
        if (book := _book_at(path)) is None:
            return  # the index says what is wrong with it
        if book.origin:
            self._books.setdefault(book.origin, book)
        if book.url:
            self._by_url.setdefault(book.url, book)

    def _known(self, draft: Draft, origin: str, siblings: Collection[str]) -> _Book | None:
        """Finds an article by where it came from, else by its address where no other part of its source has that."""
        book = self._books.get(origin) or self._books.get(unmarked(origin))
        if book is None and draft.url:
            other = self._by_url.get(draft.url)
            book = other if other and other.origin not in siblings else None
        return book

    def _save(self, book: _Book, text: str, origin: str, stamp: str) -> None:
        try:
            self._write(book.path, text.replace("imported: \n", f"imported: {stamp}\n", 1))
        except OSError as error:
            raise _cannot_write(book.path, error) from error
        if book.origin == unmarked(origin):
            self._books.pop(book.origin, None)  # another file of that name is another article
        book.origin, book.stamp, book.is_untouched = origin, stamp, True
        self._books[origin] = book

    def _write(self, path: Path, text: str) -> Path:
        """Writes beside the file and renames, so that a crash or a full disk leaves the old one whole."""
        unfinished = path.with_name(f".{secrets.token_hex(8)}.unfinished")
        try:
            with unfinished.open("xb") as file:
                file.write(text.encode("utf-8", "replace"))
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                unfinished.unlink()
            raise
        return path


def _book_at(path: Path) -> _Book | None:
    """Reads what a file says of itself; None where it cannot be read."""
    try:
        text = path.read_bytes().decode("utf-8")
        fields = front_matter(text)
    except (OSError, ValueError):
        return None
    match = _STAMP.search(text)
    stamp = match["stamp"] if match and "imported" in fields else None
    origin = str(fields["imported_from"]) if fields.get("imported_from") else None
    url = None
    if fields.get("url"):
        with contextlib.suppress(ValueError):
            url = canonical_url(str(fields["url"]))
    return _Book(path, origin, stamp, stamp is not None and _stamp(text) == stamp, url)


def _reread(book: _Book) -> bool:
    """Reads again how a file stands, for an editor may have been at it; tells whether it is there."""
    if not book.path.exists():
        return False
    now = _book_at(book.path)
    book.stamp, book.is_untouched = (now.stamp, now.is_untouched) if now else (book.stamp, False)
    return True


def rendered(draft: Draft, origin: str) -> str:
    """Writes a draft as Markdown with front matter; what is not known has no line, and `imported` is still empty."""
    fields = {
        "id": draft.id,
        "title": draft.title,
        "title_derived": "true" if draft.title_derived else None,
        "url": draft.url,
        "published": draft.published.isoformat() if draft.published else None,
        "author": draft.author,
        "source": draft.source,
        "language": draft.language,
        "corrects": draft.corrects,
        "draft": "true" if draft.draft else None,
    }
    lines = [f"{name}: {_value(value)}" for name, value in fields.items() if value is not None]
    if draft.questions:
        lines += ["questions:", *(f"  - {_value(question)}" for question in draft.questions)]
    return "\n".join(["---", *lines, f"imported_from: {_value(origin)}", "imported: ", "---", "", draft.text, ""])


def _value(value: str) -> str:
    """Writes a YAML string on one line, in quotes where it could be read as something else."""
    one_line = " ".join(value.split())
    return one_line if _PLAIN_VALUE.fullmatch(one_line) else json.dumps(one_line, ensure_ascii=False)


def _stamp(text: str) -> str:
    """Returns a hash of all of a file but its own line, by which an editor's changes are seen."""
    bare = _STAMP.sub("imported: ", text, count=1)
    return hashlib.sha256(bare.encode("utf-8", "replace")).hexdigest()[:16]


def _cannot_write(place: Path, error: OSError) -> AddingError:
    return AddingError(
        f"Cannot write {str(place)!r}: {error.strerror}. What was added before stays; mend it and add again."
    )
