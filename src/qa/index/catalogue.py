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
    from qa.duplicates import Copies

__all__ = ["Catalogue", "article_from_json", "article_to_json"]

_SCHEMA = """
CREATE TABLE articles (id TEXT PRIMARY KEY, position INTEGER, title TEXT, published TEXT, body TEXT);
CREATE TABLE passages (number INTEGER PRIMARY KEY, article_id TEXT, start INTEGER, end INTEGER,
                       sentences TEXT, notes TEXT);
CREATE INDEX articles_by_title ON articles (title);
CREATE INDEX passages_of_article ON passages (article_id);
CREATE TABLE copies (article_id TEXT PRIMARY KEY, story INTEGER, place INTEGER) WITHOUT ROWID;
CREATE TABLE notices (article_id TEXT PRIMARY KEY, notice TEXT) WITHOUT ROWID;
CREATE TABLE repeated (number INTEGER PRIMARY KEY);
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

    def add_copies(self, copies: Copies, repeated: Iterable[int]) -> None:
        """Stores which articles tell one story or correct another, and which passages an earlier copy has too."""
        rows = (
            (article_id, story, place)
            for story, told in enumerate(copies.stories)
            for place, article_id in enumerate(told.articles)
        )
        self._connection.executemany("INSERT INTO copies VALUES (?, ?, ?)", rows)
        self._connection.executemany("INSERT INTO notices VALUES (?, ?)", copies.notices.items())
        self._connection.executemany("INSERT INTO repeated VALUES (?)", ((number,) for number in repeated))

    def copies(self) -> dict[str, tuple[str, ...]]:
        """Returns the ids of the other articles that tell the same story, the first to cite first."""
        stories: dict[int, list[str]] = {}
        for story, article_id in self._rows("SELECT story, article_id FROM copies ORDER BY story, place", ()):
            stories.setdefault(story, []).append(article_id)
        return {one: tuple(other for other in told if other != one) for told in stories.values() for one in told}

    def firsts(self) -> set[str]:
        """Returns the articles to cite first of the stories that several articles tell."""
        return {row[0] for row in self._rows("SELECT article_id FROM copies WHERE place = 0", ())}

    def notices(self) -> dict[str, str]:
        """Returns the notices that correct an article, by the article's id."""
        return dict(self._rows("SELECT article_id, notice FROM notices", ()))

    def repeated(self) -> NDArray[np.int64]:
        """Returns the numbers of the passages that the article to cite first of their story has too, ascending."""
        return np.array([row[0] for row in self._rows("SELECT number FROM repeated ORDER BY number", ())], np.int64)

    def days(self) -> NDArray[np.int64]:
        """Returns the day on which each passage's article was published, as an ordinal, 0 without one; by number."""
        rows = self._rows("SELECT published FROM passages JOIN articles ON article_id = id ORDER BY number", ())
        ordinals = {day: dt.date.fromisoformat(day).toordinal() for day in {row[0] for row in rows} - {None}}
        return np.array([ordinals.get(row[0], 0) for row in rows], np.int64)

    def add_dictionary(self, dictionary: Dictionary) -> None:
        """Stores the translations that occur in this corpus, and commits."""
        for table in ("to_han", "to_latin"):
            rows = ((key, "\n".join(words)) for key, words in getattr(dictionary, table).items())
            self._connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows)
        self._connection.commit()

    def translations(self, table: str) -> Mapping[str, tuple[str, ...]]:
        """Returns `to_han` or `to_latin` as a mapping that reads from disk."""
        return _Translations(self._row, table)

    def words_for(self, text: str, limit: int) -> list[str]:
        """Lists keys in Latin letters whose one translation stands in a folded text, the longest translation first."""
        found = "key GLOB '[a-z]*' AND instr(?, words) ORDER BY length(words) DESC LIMIT ?"
        return [row[0] for row in self._rows(f"SELECT key FROM to_han WHERE {found}", (text, limit))]

    def headlines(self, limit: int = -1, told_once: bool = False) -> list[tuple[str, str, dt.date | None]]:
        """Lists id, title and date of the newest articles, or of all; undated ones come last, in the corpus's order.

        With `told_once`, only the article to cite first of those that tell one story.
        """
        some = "WHERE id NOT IN (SELECT article_id FROM copies WHERE place > 0)" if told_once else ""
        rows = self._rows(
            f"SELECT id, title, published FROM articles {some} ORDER BY published IS NULL, published DESC, position"
            " LIMIT ?",
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
