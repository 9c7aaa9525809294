"""What is read from a source: articles in the making, and what was left out of them and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

__all__ = ["Draft", "Dropped", "Line", "LineKind", "UnusableError"]

LineKind = Literal["text", "heading", "item", "quote", "caption", "row"]
_TIGHT: tuple[LineKind, ...] = ("item", "row")  # no blank line between two of them


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph, heading, list item, caption or table row, as it will stand in the article."""

    text: str
    kind: LineKind = "text"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line that is not part of the article, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as read from its source; what is not known is empty."""

    lines: tuple[Line, ...]
    dropped: tuple[Dropped, ...] = ()
    title: str = ""
    title_derived: bool = False
    url: str | None = None
    published: dt.date | None = None
    author: str | None = None
    source: str | None = None
    language: str | None = None
    questions: tuple[str, ...] = ()
    corrects: str | None = None
    id: str | None = None
    draft: bool = False

    @property
    def text(self) -> str:
        """The article's Markdown, without front matter."""
        pieces: list[str] = []
        for before, line in zip((None, *self.lines), self.lines, strict=False):
            tight = before and before.kind == line.kind and line.kind in _TIGHT
            pieces += ["" if before is None else "\n" if tight else "\n\n", line.text]
        return "".join(pieces)


class UnusableError(Exception):
    """One source cannot be used; the others go on."""
