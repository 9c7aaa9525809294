"""The fields of one article, as somebody wrote them -> an article, or the reason why it cannot be used."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import reprlib
from typing import TYPE_CHECKING, Any

from qa.records import Article

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BadArticleError", "article_from", "is_draft", "string_in"]

ID_MAX_CHARS = 300
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LONG_NUMBER = re.compile(r"\d{9}")  # a time in milliseconds would be read as the day of its first eight digits
_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})


class BadArticleError(ValueError):
    """One article cannot be used; `line` counts from 1."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def article_from(article_id: str, text: str, fields: Mapping[str, Any], line: int) -> Article:
    """Makes an article of its text and its other fields; `line` is where it stands.

    Raises:
        BadArticleError: a field is of the wrong kind, or there is no text.
    """
    if not text.strip():
        raise BadArticleError(line, "has no text")
    if len(article_id) > ID_MAX_CHARS:
        raise BadArticleError(line, f"has an id of {len(article_id)} characters; the longest is {ID_MAX_CHARS}")
    strings = {
        name: string_in(fields, name, line) for name in ("title", "url", "author", "source", "language", "corrects")
    }
    questions = _questions(fields.get("questions"), line)
    if any(_SURROGATE.search(value) for value in (article_id, text, *filter(None, strings.values()), *questions)):
        raise BadArticleError(line, "holds half a surrogate pair, which is not a character")
    return Article(
        id=article_id,
        title=strings.pop("title") or "",
        text=text,
        published=_date(fields.get("published"), line),
        questions=questions,
        **strings,
    )


def is_draft(fields: Mapping[str, Any], line: int = 1) -> bool:
    """Tells whether an article says `draft: true`; `line` is where it stands.

    Raises:
        ValueError: it says neither true nor false.
    """
    value = fields.get("draft") or "false"
    written = str(value).strip().lower() if isinstance(value, str | int) else ""
    if written not in _TRUE | _FALSE:
        raise BadArticleError(line, f"'draft' is {reprlib.repr(value)}, neither true nor false")
    return written in _TRUE


def string_in(fields: Mapping[str, Any], name: str, line: int) -> str | None:
    """Returns a field that is a string or a number, without the space around it; an empty one is none.

    Raises:
        BadArticleError: it is anything else.
    """
    value = fields.get(name)
    if value is None or isinstance(value, str):
        return value.strip() or None if value else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise BadArticleError(line, f"{name!r} is {reprlib.repr(value)}, not a string")


def _date(value: Any, line: int) -> dt.date | None:
    if value in (None, ""):
        return None
    written = str(value).strip() if isinstance(value, str | int | dt.date) else ""
    with contextlib.suppress(ValueError):
        if not _LONG_NUMBER.match(written):
            return dt.datetime.fromisoformat(written).date()
    raise BadArticleError(line, f"'published' is {reprlib.repr(value)}, not a date such as 2025-07-30")


def _questions(value: Any, line: int) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(question, str) for question in value):
        raise BadArticleError(line, f"'questions' is {reprlib.repr(value)}, not a list of strings")
    return tuple(value)
