"""Where articles begin among lines: at dated or ruled headlines, and after a disclaimer that much text follows."""

from __future__ import annotations

import collections
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.importing.bylines import date_line, is_signed
from qa.importing.cleaning import boilerplate_kind, is_prose, key
from qa.importing.titles import is_headline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.importing.drafts import Line

__all__ = ["SECTION_MAX_CHARS", "Head", "article_starts", "bare_headline", "find_heads", "is_rule", "prose_chars"]

HEAD_LINES = 12  # between the first headline and the date: headline, section and byline, each a few times
ARTICLE_MIN_CHARS = 80  # a headline over less than this is a timeline's entry, not an article
SIGNED_MIN_CHARS = 30  # a byline tells a brief from a timeline's entry
NEXT_ARTICLE = ((2, 200), (3, 100))  # paragraphs and characters: after a disclaimer, less is a note on the author
SECTION_MAX_CHARS = 8  # 「博客文章」, "Opinion"

_RULE = re.compile(r"([=*~_#-])\1{4,}|(?:[*•◆■] ?){3,}|[─━═—]{3,}")
_LABEL = re.compile(r"^(?:標題|标题|題目|题目|原標題|原标题|title|headline)\s*[：:]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Head:
    """An article's head: lines `start` to `end`, with its headline and, unless it is ruled off, its date line."""

    start: int
    end: int
    title: str
    date: int | None = None


def find_heads(lines: Sequence[Line]) -> list[Head]:
    """Finds headlines with a date under them, or ruled off above and below, over an article's worth of text."""
    found = sorted([*_dated(lines), *_ruled(lines)], key=lambda head: head.start)
    heads = []
    for at, head in enumerate(found):
        until = found[at + 1].start if at + 1 < len(found) else len(lines)
        signed = any(is_signed(line.text) for line in lines[head.start : head.end + 1])
        least = SIGNED_MIN_CHARS if signed else ARTICLE_MIN_CHARS
        if prose_chars(lines[head.end : until]) >= (least if prose_chars(lines[: head.start]) else 1):
            heads.append(head)  # the first head parts nothing
    return heads


def article_starts(lines: Sequence[Line], heads: Sequence[Head]) -> list[int]:
    """Lists where articles begin, the first line always among them."""
    starts = [0]
    for at, line in enumerate(lines):
        if boilerplate_kind(line.text) == "closing" and prose_chars(lines[starts[-1] : at]):
            after = [head.start for head in heads if head.start > at and prose_chars(lines[at + 1 : head.start])]
            if _is_article(lines[at + 1 : after[0] if after else len(lines)]):
                starts.append(at + 1)
    for head in heads:
        before = max(start for start in starts if start <= head.start)
        if prose_chars(lines[before : head.start]):
            starts.append(head.start)
    return sorted(starts)


def prose_chars(lines: Sequence[Line]) -> int:
    """Counts the characters of sentences, boilerplate aside."""
    return sum(len(line.text) for line in lines if is_prose(line.text) and not boilerplate_kind(line.text))


def bare_headline(text: str) -> str:
    """Takes marks and a label such as 「標題：」 off a headline."""
    return _LABEL.sub("", text.strip().strip("#*_ ").strip())


def is_rule(line: Line) -> bool:
    """Tells a line of signs that parts others."""
    return line.kind == "text" and _RULE.fullmatch(line.text.strip()) is not None


def _is_article(lines: Sequence[Line]) -> bool:
    paragraphs = [line for line in lines if is_prose(line.text)]
    return any(len(paragraphs) >= count and prose_chars(paragraphs) >= chars for count, chars in NEXT_ARTICLE)


def _dated(lines: Sequence[Line]) -> list[Head]:
    found = []
    for at, line in enumerate(lines):
        if not date_line(line.text):
            continue
        start = at
        while start > max(0, at - HEAD_LINES) and _may_head(lines[start - 1]):
            start -= 1
        title = _title_of(lines[start:at])
        if title:
            first = next(n for n in range(start, at) if key(lines[n].text) == key(title))
            found.append(Head(first, at + 1, bare_headline(title), at))
    return found


def _ruled(lines: Sequence[Line]) -> list[Head]:
    return [
        Head(at - 1, at + 2, bare_headline(line.text))
        for at, line in enumerate(lines)
        if 0 < at < len(lines) - 1 and is_rule(lines[at - 1]) and is_rule(lines[at + 1]) and _may_head(line)
    ]


def _may_head(line: Line) -> bool:
    is_mark = boilerplate_kind(line.text) in ("closing", "related") or is_rule(line) or bool(date_line(line.text))
    return line.kind in ("text", "heading") and not is_mark and is_headline(line.text)


def _title_of(run: Sequence[Line]) -> str:
    """Chooses the headline: what stands most often among the lines long enough, the later the better."""
    candidates = [
        line.text
        for line in run
        if not (boilerplate_kind(line.text) or is_signed(line.text) or re.match(r"https?://", line.text))
    ]
    counts = collections.Counter(key(text) for text in candidates)
    longest = max((len(text) for text in candidates), default=0)
    fitting = [text for text in candidates if len(text) > SECTION_MAX_CHARS or len(text) == longest]
    return max(enumerate(fitting), key=lambda pair: (counts[key(pair[1])], pair[0]), default=(0, ""))[1]
