"""What readers thought of answers, and what had to be declined: a SQLite file on this machine, and a report of it."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from qa.errors import FeedbackError
from qa.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from qa.records import Answer

__all__ = ["Asked", "Feedback", "Rating"]

Rating = Literal["up", "down"]
REASON_MAX_CHARS = 1000
WAIT_SECONDS = 5.0  # for another process that is writing
TELLING_CHARS = 6  # a shorter headline stands in answers about other things too
_SCHEMA = """
CREATE TABLE IF NOT EXISTS ratings (trace_id TEXT PRIMARY KEY, at TEXT, rating TEXT, reason TEXT, question TEXT,
                                    answer TEXT, articles TEXT);
CREATE TABLE IF NOT EXISTS declined (at TEXT, question TEXT);
CREATE TABLE IF NOT EXISTS forgotten (article TEXT PRIMARY KEY);
PRAGMA secure_delete = ON;
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that readers disliked the answer to, or that was declined; wordings that differ only in script,
    case, spaces and punctuation are one."""

    question: str
    disliked: int
    liked: int
    declined: int
    last: dt.date
    reasons: tuple[str, ...]
    articles: tuple[str, ...]


class Feedback:
    """The file of thumbs and declined questions; made when there is something to keep, safe from several threads.

    What is older than `keep_days` is taken out whenever it is opened.
    """

    def __init__(self, path: Path, keep_days: int = 0) -> None:
        self.path = path
        self.keep_days = keep_days

    def rate(self, answer: Answer, rating: Rating | None, reason: str = "") -> None:
        """Keeps what a reader thought of an answer, in place of what they thought before; None takes it back.

        Nothing is kept of an answer that cites a forgotten article.

        Raises:
            FeedbackError: the file cannot be written.
        """
        articles = "\n".join(dict.fromkeys(citation.article_id for citation in answer.citations))
        row = (
            answer.trace_id,
            _now(),
            rating,
            reason.strip()[:REASON_MAX_CHARS],
            answer.question,
            answer.text,
            articles,
        )
        with self._open() as file:
            file.execute("DELETE FROM ratings WHERE trace_id = ?", row[:1])
            forgotten = {name for (name,) in file.execute("SELECT article FROM forgotten")}
            if rating and not forgotten & {citation.article_id for citation in answer.citations}:
                file.execute("INSERT INTO ratings VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def decline(self, question: str) -> None:
        """Keeps a question that the articles do not answer.

        Raises:
            FeedbackError: the file cannot be written.
        """
        with self._open() as file:
            file.execute("INSERT INTO declined VALUES (?, ?)", (_now(), question))

    def forget(self, article_ids: Iterable[str], titles: Iterable[str] = ()) -> int:
        """Deletes what was kept of answers that cite the articles or name their headlines, and keeps no more of them.

        Returns the number of rows deleted.

        Raises:
            FeedbackError: the file cannot be written.
        """
        deleted = 0
        with self._open() as file:
            for name in article_ids:
                file.execute("INSERT OR IGNORE INTO forgotten VALUES (?)", (name,))
                cited = "char(10) || articles || char(10)"
                found = file.execute(f"DELETE FROM ratings WHERE instr({cited}, char(10) || ? || char(10))", (name,))
                deleted += found.rowcount
            for title in (title for title in titles if len(title) >= TELLING_CHARS):
                for query in (
                    "DELETE FROM ratings WHERE instr(answer, ?1) OR instr(question, ?1)",
                    "DELETE FROM declined WHERE instr(question, ?1)",
                ):
                    deleted += file.execute(query, (title,)).rowcount
        return deleted

    def report(self) -> list[Asked]:
        """Lists what was disliked or declined, the most frequent first; nothing kept is an empty list.

        Raises:
            FeedbackError: the file cannot be read.
        """
        if not self.path.exists():
            return []
        with self._open() as file:
            rated = file.execute("SELECT question, at, rating, reason, articles FROM ratings ORDER BY at").fetchall()
            declined = file.execute("SELECT question, at, 'declined', '', '' FROM declined ORDER BY at").fetchall()
        alike: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
        for row in [*rated, *declined]:
            alike[_comparable(row[0])].append(row)
        asked = [_summed_up(rows) for rows in alike.values()]
        wanting = [row for row in asked if row.disliked or row.declined]
        return sorted(wanting, key=lambda row: (row.disliked + row.declined, row.last), reverse=True)

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.closing(sqlite3.connect(self.path, timeout=WAIT_SECONDS)) as file, file:
                file.executescript(_SCHEMA)
                self._forget(file)
                yield file
        except (OSError, sqlite3.Error) as error:
            raise FeedbackError(
                f"The feedback file {str(self.path)!r} cannot be used: {error}. Set feedback_file to another."
            ) from error

    def _forget(self, file: sqlite3.Connection) -> None:
        """Takes out what is older than it is to be kept; 0 days keep everything."""
        if self.keep_days:
            oldest = _now(-dt.timedelta(days=self.keep_days))
            for table in ("ratings", "declined"):
                file.execute(f"DELETE FROM {table} WHERE at < ?", (oldest,))


def _summed_up(rows: Iterable[tuple[str, ...]]) -> Asked:
    questions, days, kinds, reasons, articles = zip(*rows, strict=True)
    count = Counter(kinds)
    return Asked(
        question=Counter(questions).most_common(1)[0][0],
        disliked=count["down"],
        liked=count["up"],
        declined=count["declined"],
        last=dt.datetime.fromisoformat(max(days)).date(),
        reasons=tuple(dict.fromkeys(r for r, kind in zip(reasons, kinds, strict=True) if r and kind == "down")),
        articles=tuple(dict.fromkeys(name for names in articles for name in names.split("\n") if name)),
    )


def _comparable(question: str) -> str:
    return "".join(character for character in fold(question) if character.isalnum()) or question


def _now(shift: dt.timedelta = dt.timedelta()) -> str:
    return (dt.datetime.now(dt.UTC) + shift).isoformat(timespec="seconds")
