"""A corpus folder -> articles: Markdown with front matter, or JSON lines."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from qa.errors import CorpusError
from qa.fields import BadArticleError, article_from, is_draft, string_in
from qa.records import Article, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Corpus", "Waiting", "front_matter", "is_draft", "markdown_article", "places_of", "read_corpus"]

_FRONT_MATTER = re.compile(r"\ufeff?---[^\S\n]*\r?\n(?P<fields>.*?)^---[^\S\n]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_OPENING = re.compile(r"\ufeff?---[^\S\n]*\r?\n")
_FIRST_HEADING = re.compile(r"\s*#\s+(?P<title>[^\n]+)")
_QUESTION_LINE = re.compile(r'\s*\{.*"question"\s*:')
_FRONT_ID = re.compile(rf"{_OPENING.pattern}(?:(?!---)[^\n]*\n)*?id:[^\S\n]*(?P<id>[^\r\n]+)")  # in what is not YAML
_JSON_ID = re.compile(r'\s*\{\s*"id"\s*:\s*"(?P<id>[^"\\]+)"')  # in what is not JSON: its first field alone is sure
# What PyYAML raises of a value that does not fit its tag, such as `!!bool perhaps`, or of one nested too deep.
_UNFIT = (AttributeError, LookupError, TypeError, ArithmeticError, RecursionError)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An article that is not published yet: a draft, or one with a day to come."""

    id: str
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Corpus:
    """What a folder holds: its articles, what had to be left out, and what waits to be published."""

    articles: tuple[Article, ...]
    problems: tuple[Problem, ...]
    waiting: tuple[Waiting, ...] = ()


class _TextLoader(yaml.SafeLoader):
    """Reads every plain value but null as the text that stands there: 007, yes, 12:30."""


_TextLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if tag.endswith(":null")]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_corpus(folder: Path, today: dt.date | None = None) -> Corpus:
    """Reads every `.md` and `.jsonl` file under a folder; a bad file or line is a problem, never a failure.

    Drafts and articles published after `today` (default: the machine's) wait.

    Raises:
        CorpusError: the folder is missing, unreadable, or holds no article at all.
    """
    files, problems = _files(folder)
    if not files and not folder.is_dir():
        raise CorpusError(f"No folder of articles at {str(folder)!r}. Create it, or set QA_CORPUS_DIR.")
    articles: dict[str, Article] = {}
    places: dict[str, str] = {}
    waiting: dict[str, Waiting] = {}
    day = today or dt.date.today()
    for path in files:
        name = path.relative_to(folder).as_posix()
        for line, found in _read_file(path):
            if isinstance(found, str):
                problems.append(Problem(name, line, found))
            elif isinstance(found, Waiting):
                waiting[found.id] = found
            elif found.published and found.published > day:
                waiting[found.id] = Waiting(found.id, found.published)
            elif articles.get(found.id) == found:
                continue
            elif found.id in articles:
                reason = f"the id {found.id!r} is taken by {places[found.id]}; this article was left out"
                problems.append(Problem(name, line, reason))
            else:
                articles[found.id] = found
                places[found.id] = f"{name}:{line}"
    if not articles:
        reasons = f" {len(problems)} left out, first {problems[0]}." if problems else ""
        reasons += f" {len(waiting)} not published yet." if waiting else ""
        raise CorpusError(f"No article in {str(folder)!r}.{reasons} Put .md or .jsonl files there.")
    return Corpus(tuple(articles.values()), tuple(problems), tuple(waiting.values()))


def markdown_article(stem: str, text: str) -> Article:
    """Reads one Markdown article, draft or not; `stem` is its id where it names none.

    Raises:
        ValueError: it cannot be used; the message is the reason.
    """
    fields, body = _split(text)
    return article_from(string_in(fields, "id", 1) or stem, body, fields, 1)


def front_matter(text: str) -> dict[str, Any]:
    """Reads the front matter of a Markdown article, as it stands.

    Raises:
        ValueError: it is not YAML, or is never closed.
    """
    return _split(text)[0]


def places_of(folder: Path) -> Iterator[tuple[Path, int, str]]:
    """Yields file, line and id of everything under a folder that has one, whether or not the rest of it can be used.

    The name of a Markdown file is its id where it names none, and one more where its own may have been missed.

    Raises:
        CorpusError: the folder is unreadable; a missing one holds nothing.
    """
    for path in _files(folder)[0]:
        data = b""
        with contextlib.suppress(OSError):
            data = path.read_bytes()
        ids = _json_ids(data) if path.suffix.lower() == ".jsonl" else _markdown_ids(path.stem, data)
        yield from ((path, line, article_id) for line, article_id in ids)


def _files(folder: Path) -> tuple[list[Path], list[Problem]]:
    """Lists the files of articles under a folder, and the folders in it that cannot be read."""
    found: list[Path] = []
    problems: list[Problem] = []

    def note(error: OSError) -> None:
        place = Path(error.filename or folder)
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            return  # it is not there, or went away meanwhile
        if place == folder:
            raise CorpusError(
                f"Cannot read the folder {str(folder)!r}: {error.strerror}. Check its permissions."
            ) from error
        problems.append(Problem(place.relative_to(folder).as_posix(), None, f"cannot be read: {error.strerror}"))

    for place, folders, names in os.walk(folder, onerror=note):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [path for name in names if _may_hold_articles(path := Path(place, name))]
    return sorted(found), sorted(problems, key=str)


def _may_hold_articles(path: Path) -> bool:
    name = path.name.lower()
    if path.suffix.lower() not in (".md", ".jsonl") or name.startswith(".") or name == "readme.md":
        return False
    try:
        return path.is_file()
    except OSError:
        return True  # reading it says what is wrong


def _read_file(path: Path) -> Iterator[tuple[int, Article | Waiting | str]]:
    """Yields each article, or the reason why it cannot be used, with its line."""
    try:
        data = path.read_bytes()
    except OSError as error:
        yield 1, f"cannot be read: {error.strerror}"
        return
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        yield line, f"is not UTF-8 (byte 0x{data[error.start]:02x}); save it as UTF-8"
        return
    if path.suffix.lower() == ".jsonl":
        yield from _read_json_lines(text)
    else:
        yield from _attempt(1, lambda: _markdown_article(path.stem, text))


def _attempt(line: int, read: Callable[[], Article | Waiting]) -> Iterator[tuple[int, Article | Waiting | str]]:
    try:
        yield line, read()
    except ValueError as error:  # a `BadArticleError` knows its line
        yield getattr(error, "line", line), str(error)


def _read_json_lines(text: str) -> Iterator[tuple[int, Article | Waiting | str]]:
    lines = _numbered(text)
    if _are_questions(lines):
        yield 1, "holds questions, not articles"
        return
    for number, line in lines:
        yield from _attempt(number, functools.partial(_json_article, line, number))


def _numbered(text: str) -> list[tuple[int, str]]:
    """Numbers the lines that are not blank."""
    lines = text.removeprefix("\ufeff").split("\n")
    return [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def _are_questions(lines: list[tuple[int, str]]) -> bool:
    return bool(lines and _QUESTION_LINE.match(lines[0][1]) and '"text"' not in lines[0][1])


def _json_ids(data: bytes) -> Iterator[tuple[int, str]]:
    lines = _numbered(data.decode(errors="replace"))
    for number, line in lines if not _are_questions(lines) else ():
        try:
            fields = json.loads(line, parse_int=str)  # text, for a number may be too long to be one
        except (ValueError, RecursionError):
            fields = match.groupdict() if (match := _JSON_ID.match(line)) else {}
        with contextlib.suppress(ValueError):
            if isinstance(fields, dict) and (article_id := string_in(fields, "id", number)):
                yield number, article_id


def _markdown_ids(stem: str, data: bytes) -> Iterator[tuple[int, str]]:
    try:
        yield 1, string_in(front_matter(data.decode()), "id", 1) or stem
    except ValueError:
        yield 1, stem
        if match := _FRONT_ID.match(data.decode(errors="replace")):
            yield 1, match["id"].strip(" '\"")


def _json_article(line: str, number: int) -> Article | Waiting:
    try:
        fields = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadArticleError(number, f"is not JSON: {error}") from error
    except ValueError as error:
        raise BadArticleError(number, "holds a number of too many digits") from error
    if not isinstance(fields, dict):
        raise BadArticleError(number, f"is not a JSON object but {type(fields).__name__}")
    if is_draft(fields, number):
        return Waiting(string_in(fields, "id", number) or f"line {number}")
    if not isinstance(fields.get("text"), str):
        raise BadArticleError(number, "has no 'text' string")
    article_id = string_in(fields, "id", number)
    if article_id is None:
        raise BadArticleError(number, "has no 'id'")
    return article_from(article_id, fields["text"], fields, number)


def _markdown_article(stem: str, text: str) -> Article | Waiting:
    fields, body = _split(text)
    article_id = string_in(fields, "id", 1) or stem
    return Waiting(article_id) if is_draft(fields) else article_from(article_id, body, fields, 1)


def _split(text: str) -> tuple[dict[str, Any], str]:
    """Separates the front matter from the text; the first heading is the title where none is given."""
    match = _FRONT_MATTER.match(text)
    if match is None and _OPENING.match(text):
        raise BadArticleError(1, "front matter opens with '---' but is never closed by another '---' line")
    fields = _front_matter(match["fields"]) if match else {}
    body = text[match.end() :] if match else text.removeprefix("\ufeff")
    heading = None if "title" in fields else _FIRST_HEADING.match(body)
    return {**fields, "title": heading["title"].strip()} if heading else fields, body


def _front_matter(source: str) -> dict[str, Any]:
    try:
        fields = yaml.load(source, _TextLoader)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error)
        raise BadArticleError((mark.line if mark else 0) + 2, f"front matter is not YAML: {reason}") from error
    except _UNFIT as error:
        raise BadArticleError(
            2, "front matter holds a value that is nested too deep or does not fit its '!!' tag"
        ) from error
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise BadArticleError(2, "front matter is not a list of 'key: value' lines")
    return fields
