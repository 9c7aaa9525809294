"""Articles taken down: out of the corpus folder, and on a list that keeps them out should they come back."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import shutil
from typing import TYPE_CHECKING

from qa.articles import Corpus, places_of, read_corpus
from qa.errors import CorpusError
from qa.feedback import TELLING_CHARS
from qa.records import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["TAKEN_DOWN", "read_published", "scrub_log", "take_out", "taken_down"]

TAKEN_DOWN = "taken-down.txt"  # beside the articles: it goes where they go, and an index may be deleted at any time
_HEADER = (
    "# Articles taken down with qa remove: the day and the id. They stay out of the index even if they come back;\n"
    "# delete a line to let one in again.\n"
)


def read_published(folder: Path, today: dt.date | None = None) -> Corpus:
    """Reads a corpus folder as `read_corpus` does, without what was taken down; what is back though is a problem.

    Raises:
        CorpusError: there is no article, or the list of those taken down cannot be read.
    """
    corpus, gone = read_corpus(folder, today), taken_down(folder)
    back = [article.id for article in corpus.articles if article.id in gone]
    if not back:
        return corpus
    if len(back) == len(corpus.articles):
        raise CorpusError(f"No article in {str(folder)!r} but {len(back)} taken down. Put .md or .jsonl files there.")
    problems = [Problem(TAKEN_DOWN, gone[name], f"{name!r} is back in the folder and was left out") for name in back]
    return dataclasses.replace(
        corpus,
        articles=tuple(article for article in corpus.articles if article.id not in gone),
        problems=(*corpus.problems, *problems),
    )


def taken_down(folder: Path) -> dict[str, int]:
    """Returns the ids of the articles taken down, each with its line in the list.

    Raises:
        CorpusError: the list cannot be read.
    """
    lines = _listed(folder / TAKEN_DOWN).splitlines()
    found = {_id_in(line): number for number, line in enumerate(lines, start=1) if not line.startswith("#")}
    found.pop("", None)
    return found


def take_out(folder: Path, article_ids: Iterable[str]) -> list[str]:
    """Puts articles on the list, and takes them out of every file of the corpus folder; returns those files.

    A Markdown file is deleted, of a file of JSON lines the article's own line. The list comes first, so that
    nothing brings them back meanwhile.

    Raises:
        CorpusError: a file cannot be written.
    """
    gone = set(article_ids)
    try:
        _enlist(folder, gone - taken_down(folder).keys())
        lines: dict[Path, set[int]] = {}
        for path, line, article_id in places_of(folder):
            if article_id in gone:
                lines.setdefault(path, set()).add(line)
        kept = {path: _without(path, numbers) for path, numbers in lines.items()}  # first all: links may lead to one
        for path, data in kept.items():
            if data is None:
                path.unlink()
            else:
                _write(path, data)
    except OSError as error:
        raise CorpusError(
            f"Cannot take {error.filename or str(folder)!r} out of the articles: {error.strerror}."
            " Mend its permissions and run it again."
        ) from error
    return [path.relative_to(folder).as_posix() for path in lines]


def scrub_log(log_file: Path, article_ids: Iterable[str], titles: Iterable[str] = ()) -> int:
    """Deletes lines of the log of questions, today's and earlier ones, that cite the articles or name their headlines.

    A headline of fewer than `TELLING_CHARS` characters tells of nothing. A server may go on writing meanwhile, so the
    files stay in their place. Returns the number of lines deleted.

    Raises:
        CorpusError: a file cannot be written.
    """
    ids, names, deleted = set(article_ids), [title for title in titles if len(title) >= TELLING_CHARS], 0
    for path in sorted(log_file.parent.glob(f"{log_file.name}*")):
        try:
            with path.open("r+", encoding="utf-8", errors="replace") as file:
                lines = file.readlines()
                kept = [line for line in lines if not _tells_of(line, ids, names)]
                if len(kept) < len(lines):
                    file.seek(0)
                    file.writelines(kept)
                    file.truncate()
                    deleted += len(lines) - len(kept)
        except OSError as error:
            raise CorpusError(f"Cannot rewrite the log {str(path)!r}: {error.strerror}. Run it again.") from error
    return deleted


def _tells_of(line: str, article_ids: set[str], titles: list[str]) -> bool:
    try:
        fields = json.loads(line)
    except ValueError:
        return False
    if not isinstance(fields, dict):
        return False
    cited = {str(place).rpartition(":")[0] for place in fields.get("cited") or ()}
    asked = f"{fields.get('question', '')}\n{fields.get('standalone_question', '')}"
    return bool(cited & article_ids) or any(title in asked for title in titles)


def _listed(path: Path) -> str:
    """Reads the list; in another encoding its ids would be others, and what they name would be let through."""
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        raise CorpusError(f"Cannot read {str(path)!r}: {error.strerror}. Mend its permissions.") from error
    try:
        return data.replace(b"\0", b"\xff").decode("utf-8").removeprefix("\ufeff")  # zeros are UTF-16's, not the list's
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CorpusError(
            f"Cannot read {str(path)!r}: line {line} is not UTF-8 (byte 0x{data[error.start]:02x})."
            " Save it as UTF-8 and run this again."
        ) from error


def _id_in(line: str) -> str:
    """Reads a line of the list: the day and a tab may stand before the id; JSON's form is for ids with line breaks."""
    name = line.rpartition("\t")[2].strip()
    try:
        return str(json.loads(name)) if name.startswith('"') else name
    except ValueError:
        return name


def _enlist(folder: Path, article_ids: set[str]) -> None:
    if not article_ids:
        return
    path = folder / TAKEN_DOWN
    before = _listed(path) if path.exists() else _HEADER
    names = [name if name.isprintable() and not name.startswith('"') else json.dumps(name) for name in article_ids]
    added = "".join(f"{dt.date.today().isoformat()}\t{name}\n" for name in sorted(names))
    _write(path, f"{before.rstrip()}\n{added}".encode())


def _without(path: Path, numbers: set[int]) -> bytes | None:
    """Returns a file without some of its lines, or None where no other article stays in it."""
    lines = path.read_bytes().split(b"\n")
    kept = [line for number, line in enumerate(lines, start=1) if number not in numbers]
    return b"\n".join(kept) if path.suffix.lower() == ".jsonl" and any(line.strip() for line in kept) else None


def _write(path: Path, data: bytes) -> None:
    """Puts a whole new file in the place of the old one, or nothing; a link stays and leads to it."""
    path = path.resolve()
    temporary = path.with_name(f".{path.name}.new")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
