"""Articles, their passages and the compiled dictionary in one SQLite file of a generation."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.errors import CorpusError, IndexDamagedError
from qa.records import Article, Passage
from qa.text.dates import TimeNote

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from qa.dictionary import Dictionary

__all__ = ["Catalogue", "article_from_json", "article_to_json"]

_SCHEMA = """
CREATE TABLE articles (id TEXT PRIMARY KEY, position INTEGER, title TEXT, published TEXT, body TEXT);
CREATE TABLE passages (number INTEGER PRIMARY KEY, article_id TEXT, start INTEGER, end INTEGER,
                       sentences TEXT, notes TEXT);
CREATE INDEX articles_by_title ON articles (title);
CREATE INDEX passages_of_article ON passages (article_id);
CREATE TABLE to_han (key TEXT PRIMARY KEY, words TEXT) WITHOUT ROWID;
CREATE TABLE to_latin (key TEXT PRIMARY KEY, words TEXT) WITHOUT ROWID;
"""
CACHED_ARTICLES = 256
CACHED_PASSAGES = 4096


class Catalogue:
    """What the passages are, by number; reads are cached and safe from several threads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self.article = functools.lru_cache(CACHED_ARTICLES)(self._article)
        self.passage = functools.lru_cache(CACHED_PASSAGES)(self._passage)

    @classmethod
    def create(cls, path: Path | None) -> Catalogue:
        """Makes an empty catalogue, in memory when there is no path."""
        connection = sqlite3.connect(path or ":memory:", check_same_thread=False)
        connection.executescript(_SCHEMA)
        return cls(connection)

    @classmethod
    def open(cls, path: Path) -> Catalogue:
        """Opens a finished catalogue, read-only."""
        return cls(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False))

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def add_article(self, article: Article, passages: Iterable[tuple[Passage, list[TimeNote]]]) -> None:
        """Adds an article and its passages with their time notes.

        Raises:
            CorpusError: the article holds half a surrogate pair.
        """
        published = article.published.isoformat() if article.published else None
        row = (article.id, self._count("articles"), article.title, published, article_to_json(article))
        try:
            self._connection.execute("INSERT INTO articles VALUES (?, ?, ?, ?, ?)", row)
        except UnicodeEncodeError as error:
            reason = "holds half a surrogate pair, which is not a character"
            raise CorpusError(f"The article {article.id!r} {reason}. Correct it.") from error
        for passage, notes in passages:
            self._connection.execute(
                "INSERT INTO passages (article_id, start, end, sentences, notes) VALUES (?, ?, ?, ?, ?)",
                (
                    passage.article_id,
                    passage.start,
                    passage.end,
                    json.dumps(passage.sentences),
                    json.dumps([dataclasses.astuple(note) for note in notes]),
                ),
            )

    def add_dictionary(self, dictionary: Dictionary) -> None:
        """Stores the translations that occur in this corpus, and commits."""
        for table in ("to_han", "to_latin"):
            rows = ((key, "\n".join(words)) for key, words in getattr(dictionary, table).items())
            self._connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows)
        self._connection.commit()

    def translations(self, table: str) -> Mapping[str, tuple[str, ...]]:
        """Returns `to_han` or `to_latin` as a mapping that reads from disk."""
        return _Translations(self._row, table)

    def headlines(self, limit: int = -1) -> list[tuple[str, str, dt.date | None]]:
        """Lists id, title and date of the newest articles, or of all; undated ones come last, in the corpus's order."""
        rows = self._rows(
            "SELECT id, title, published FROM articles ORDER BY published IS NULL, published DESC, position LIMIT ?",
            (limit,),
        )
        return [(row[0], row[1], dt.date.fromisoformat(row[2]) if row[2] else None) for row in rows]

    def period(self) -> tuple[dt.date, dt.date] | None:
        """Returns the dates of the oldest and the newest article; None when no article has one."""
        oldest, newest = self._row("SELECT min(published), max(published) FROM articles", ())
        return (dt.date.fromisoformat(oldest), dt.date.fromisoformat(newest)) if newest else None

    def sentence_starts(self) -> NDArray[np.int64]:
        """Returns the first sentence's row of every passage, and the number of sentences, shape (passages + 1,)."""
        rows = self._rows("SELECT json_array_length(sentences) FROM passages ORDER BY number", ())
        return np.cumsum([0, *(row[0] for row in rows)], dtype=np.int64)

    def article_by_title(self, title: str) -> str | None:
        """Returns the id of the newest article with exactly this title, if any."""
        row = self._row("SELECT id FROM articles WHERE title = ? ORDER BY published DESC LIMIT 1", (title.strip(),))
        return str(row[0]) if row else None

    def addresses(self) -> list[tuple[str, str]]:
        """Lists id and address of the articles that have one, in the corpus's order."""
        address = "json_extract(body, '$.url')"
        rows = self._rows(f"SELECT id, {address} FROM articles WHERE {address} IS NOT NULL ORDER BY position", ())
        return [(row[0], row[1]) for row in rows]

    def passages_of(self, article_id: str) -> list[int]:
        """Lists the numbers of an article's passages, in order; empty for an unknown article."""
        rows = self._rows("SELECT number FROM passages WHERE article_id = ? ORDER BY number", (article_id,))
        return [row[0] - 1 for row in rows]

    def _article(self, article_id: str) -> Article:
        row = self._row("SELECT body FROM articles WHERE id = ?", (article_id,))
        if row is None:
            raise KeyError(article_id)
        return article_from_json(row[0])

    def _passage(self, number: int) -> tuple[Passage, list[TimeNote]]:
        row = self._row(
            "SELECT article_id, start, end, sentences, notes FROM passages WHERE number = ?",
            (int(number) + 1,),
        )
        if row is None:
            raise KeyError(number)
        spans = tuple((a, b) for a, b in json.loads(row[3]))
        text = self.article(row[0]).text[row[1] : row[2]]
        notes = [TimeNote(*note) for note in json.loads(row[4])]
        return Passage(row[0], row[1], row[2], text, spans), notes

    def _count(self, table: str) -> int:
        return int(self._connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def _row(self, query: str, parameters: tuple[Any, ...]) -> Any:
        return next(iter(self._rows(query, parameters)), None)

    def _rows(self, query: str, parameters: tuple[Any, ...]) -> list[Any]:
        try:
            with self._lock:
                return self._connection.execute(query, parameters).fetchall()
        except UnicodeEncodeError:  # half a surrogate pair, which nothing stored holds
            return []
        except sqlite3.DatabaseError as error:
            raise IndexDamagedError(
                f"The catalogue cannot be read: {error}. Rebuild with: qa index --rebuild"
            ) from error


class _Translations(Mapping[str, tuple[str, ...]]):
    def __init__(self, row: Any, table: str) -> None:
        self._row = row
        self._table = table

    def __getitem__(self, key: str) -> tuple[str, ...]:
        row = self._row(f"SELECT words FROM {self._table} WHERE key = ?", (key,))
        if row is None:
            raise KeyError(key)
        return tuple(row[0].split("\n"))

    def __iter__(self) -> Iterator[str]:
        raise NotImplementedError("the dictionary is looked up, not listed")

    def __len__(self) -> int:
        return int(self._row(f"SELECT count(*) FROM {self._table}", ())[0])


def article_to_json(article: Article) -> str:
    """Writes an article as one JSON object; equal articles give equal strings."""
    fields = dataclasses.asdict(article)
    fields["published"] = article.published.isoformat() if article.published else None
    return json.dumps(fields, ensure_ascii=False, sort_keys=True)


def article_from_json(text: str) -> Article:
    """Reads what `article_to_json` wrote."""
    fields = json.loads(text)
    fields["published"] = dt.date.fromisoformat(fields["published"]) if fields["published"] else None
    fields["questions"] = tuple(fields["questions"])
    return Article(**fields)
