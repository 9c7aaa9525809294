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

from qa.articles import front_matter
from qa.errors import AddingError
from qa.importing.naming import article_id
from qa.importing.urls import canonical_url
from qa.takedowns import taken_down

if TYPE_CHECKING:
    from qa.importing.drafts import Draft

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


class Shelf:
    """The corpus folder while articles are brought in: what is there, by where it came from."""

    def __init__(self, folder: Path) -> None:
        """Reads the front matter of every article in the folder, and which were taken down.

        Raises:
            AddingError: the folder cannot be read.
            CorpusError: the list of those taken down cannot be read.
        """
        self._folder = folder
        self._gone = taken_down(folder)
        self._books: dict[str, _Book] = {}
        self._by_url: dict[str, _Book] = {}
        self._ids: set[str] = set()
        try:
            for path in sorted(folder.rglob("*.md")):
                self._take_in(path)
        except OSError as error:
            raise AddingError(f"Cannot read the folder {str(folder)!r}: {error.strerror}.") from error

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

    def place(self, draft: Draft, origin: str, dry_run: bool = False, overwrite: bool = False) -> tuple[Outcome, str]:
        """Adds or updates the article that came from `origin`; returns what happened and the article's id.

        A file that was edited since, or that was never brought in, is left as it stands unless `overwrite` is set.
        What was taken down stays out in any case.

        Raises:
            AddingError: the folder cannot be written or is full.
        """
        known = self._books.get(origin) or (self._by_url.get(draft.url) if draft.url else None)
        book = known or _Book(self._folder / f"{article_id(origin, self._ids)}.md", origin, None, True)
        name = draft.id or book.path.stem
        if name in self._gone:
            return "taken down", name
        text = rendered(draft, origin)
        stamp = _stamp(text)
        outcome: Outcome
        if known is None:
            outcome = "added"
        elif book.stamp == stamp and book.is_untouched:
            return "unchanged", book.path.stem
        elif not book.is_untouched and not overwrite:
            same = book.stamp == stamp
            return "unchanged" if same else "edited" if book.stamp else "foreign", book.path.stem
        else:
            outcome = "updated"
        if not dry_run:
            self._save(book, text, origin, stamp)
        self._ids.add(book.path.stem)
        return outcome, name

    def stale_parts(self, origin: str, parts: int) -> list[str]:
        """Lists the articles that an earlier reading of a source had beyond its `parts` of now."""
        pattern = re.compile(re.escape(origin) + r"#(\d+)")
        found = ((pattern.fullmatch(known), book) for known, book in self._books.items())
        return [book.path.stem for match, book in found if match and int(match[1]) > parts]

    def _take_in(self, path: Path) -> None:
        self._ids.add(path.stem)
        try:
            text = path.read_bytes().decode("utf-8")
            fields = front_matter(text)
        except (OSError, UnicodeDecodeError, ValueError):
            return  # the index says what is wrong with it
        self._ids.add(str(fields.get("id") or path.stem))
        match = _STAMP.search(text)
        stamp = match["stamp"] if match and "imported" in fields else None
        origin = str(fields["imported_from"]) if fields.get("imported_from") else None
        book = _Book(path, origin, stamp, stamp is not None and _stamp(text) == stamp)
        if origin:
            self._books.setdefault(origin, book)
        if fields.get("url"):
            with contextlib.suppress(ValueError):
                self._by_url.setdefault(canonical_url(str(fields["url"])), book)

    def _save(self, book: _Book, text: str, origin: str, stamp: str) -> None:
        try:
            self._write(book.path, text.replace("imported: \n", f"imported: {stamp}\n", 1))
        except OSError as error:
            raise _cannot_write(book.path, error) from error
        book.stamp, book.is_untouched = stamp, True
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
