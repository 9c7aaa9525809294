"""A corpus folder -> articles: Markdown with front matter, or JSON lines."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from qa.errors import CorpusError
from qa.records import Article, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["Corpus", "Waiting", "front_matter", "is_draft", "markdown_article", "places_of", "read_corpus"]

_FRONT_MATTER = re.compile(r"\ufeff?---[^\S\n]*\r?\n(?P<fields>.*?)^---[^\S\n]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_OPENING = re.compile(r"\ufeff?---[^\S\n]*\r?\n")
_FIRST_HEADING = re.compile(r"\s*#\s+(?P<title>[^\n]+)")
_QUESTION_LINE = re.compile(r'\s*\{.*"question"\s*:')
_SURROGATE = re.compile(r"[\ud800-\udfff]")
ID_MAX_CHARS = 300
_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})


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


class _BadArticleError(ValueError):
    """One article cannot be used; `line` counts from 1."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


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
    if not folder.is_dir():
        raise CorpusError(f"No folder of articles at {str(folder)!r}. Create it, or set QA_CORPUS_DIR.")
    articles: dict[str, Article] = {}
    places: dict[str, str] = {}
    problems: list[Problem] = []
    waiting: dict[str, Waiting] = {}
    day = today or dt.date.today()
    for path in _files(folder):
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
    return _article(_string(fields, "id", 1) or stem, body, fields, 1)


def front_matter(text: str) -> dict[str, Any]:
    """Reads the front matter of a Markdown article, as it stands.

    Raises:
        ValueError: it is not YAML, or is never closed.
    """
    return _split(text)[0]


def is_draft(fields: Mapping[str, Any]) -> bool:
    """Tells whether an article says `draft: true`.

    Raises:
        ValueError: it says neither true nor false.
    """
    value = str(fields.get("draft") or "false").strip().lower()
    if value not in _TRUE | _FALSE:
        raise _BadArticleError(1, f"'draft' is {fields['draft']!r}, neither true nor false")
    return value in _TRUE


def places_of(folder: Path) -> Iterator[tuple[Path, int, str]]:
    """Yields file, line and id of everything under a folder that has one; a Markdown file's name is one."""
    for path in _files(folder):
        for line, found in _read_file(path):
            if not isinstance(found, str):
                yield path, line, found.id
            elif path.suffix.lower() == ".md":
                yield path, line, path.stem


def _files(folder: Path) -> list[Path]:
    try:
        found = [path for path in folder.rglob("*") if path.suffix.lower() in (".md", ".jsonl")]
    except OSError as error:
        raise CorpusError(
            f"Cannot read the folder {str(folder)!r}: {error.strerror}. Check its permissions."
        ) from error
    visible = [path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts)]
    return sorted(path for path in visible if path.is_file() and path.name.lower() != "readme.md")


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


def _attempt(line: int, read: Any) -> Iterator[tuple[int, Article | Waiting | str]]:
    try:
        yield line, read()
    except _BadArticleError as error:
        yield error.line, error.reason


def _read_json_lines(text: str) -> Iterator[tuple[int, Article | Waiting | str]]:
    lines = text.removeprefix("\ufeff").split("\n")
    if _QUESTION_LINE.match(lines[0]) and '"text"' not in lines[0]:
        yield 1, "holds questions, not articles"
        return
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield from _attempt(number, lambda line=line, number=number: _json_article(line, number))


def _json_article(line: str, number: int) -> Article | Waiting:
    try:
        fields = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise _BadArticleError(number, f"is not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise _BadArticleError(number, f"is not a JSON object but {type(fields).__name__}")
    if is_draft(fields):
        return Waiting(_string(fields, "id", number) or f"line {number}")
    if not isinstance(fields.get("text"), str):
        raise _BadArticleError(number, "has no 'text' string")
    article_id = _string(fields, "id", number)
    if article_id is None:
        raise _BadArticleError(number, "has no 'id'")
    return _article(article_id, fields["text"], fields, number)


def _markdown_article(stem: str, text: str) -> Article | Waiting:
    fields, body = _split(text)
    article_id = _string(fields, "id", 1) or stem
    return Waiting(article_id) if is_draft(fields) else _article(article_id, body, fields, 1)


def _split(text: str) -> tuple[dict[str, Any], str]:
    """Separates the front matter from the text; the first heading is the title where none is given."""
    match = _FRONT_MATTER.match(text)
    if match is None and _OPENING.match(text):
        raise _BadArticleError(1, "front matter opens with '---' but is never closed by another '---' line")
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
        raise _BadArticleError((mark.line if mark else 0) + 2, f"front matter is not YAML: {reason}") from error
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise _BadArticleError(2, "front matter is not a list of 'key: value' lines")
    return fields


def _article(article_id: str, text: str, fields: Mapping[str, Any], line: int) -> Article:
    if not text.strip():
        raise _BadArticleError(line, "has no text")
    if len(article_id) > ID_MAX_CHARS:
        raise _BadArticleError(line, f"has an id of {len(article_id)} characters; the longest is {ID_MAX_CHARS}")
    strings = {
        name: _string(fields, name, line) for name in ("title", "url", "author", "source", "language", "corrects")
    }
    questions = _questions(fields.get("questions"), line)
    if any(_SURROGATE.search(value) for value in (article_id, text, *filter(None, strings.values()), *questions)):
        raise _BadArticleError(line, "holds half a surrogate pair, which is not a character")
    return Article(
        id=article_id,
        title=strings.pop("title") or "",
        text=text,
        published=_date(fields.get("published"), line),
        questions=questions,
        **strings,
    )


def _string(fields: Mapping[str, Any], name: str, line: int) -> str | None:
    value = fields.get(name)
    if value is None or isinstance(value, str):
        return value.strip() or None if value else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise _BadArticleError(line, f"{name!r} is {value!r}, not a string")


def _date(value: Any, line: int) -> dt.date | None:
    if value in (None, ""):
        return None
    try:
        return dt.datetime.fromisoformat(str(value).strip()).date()
    except ValueError as error:
        raise _BadArticleError(line, f"'published' is {value!r}, not a date such as 2025-07-30") from error


def _questions(value: Any, line: int) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(question, str) for question in value):
        raise _BadArticleError(line, f"'questions' is {value!r}, not a list of strings")
    return tuple(value)
