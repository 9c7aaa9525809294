"""A plain text, perhaps a raw scrape of several articles -> drafts."""

from __future__ import annotations

import collections
import datetime as dt
import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from qa.importing.bylines import date_line, is_signed, name_in, source_in
from qa.importing.cleaning import REASONS, boilerplate_kind, ends_sentence, is_prose, key, tidy, without_repeats
from qa.importing.drafts import Draft, Dropped, Line, UnusableError
from qa.importing.heads import (
    SECTION_MAX_CHARS,
    Head,
    article_starts,
    bare_headline,
    find_heads,
    is_rule,
    prose_chars,
)
from qa.importing.titles import derived_title, is_headline, language_of
from qa.text.folding import HAN
from qa.text.sentences import split_paragraphs

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["drafts_from_lines", "drafts_from_text", "paragraphs"]

PLAIN_HEADLINE_MAX_CHARS = 50  # where no date follows, a longer first line is rather the text
BYLINE_MAX_CHARS = 30

_WEEKDAY = re.compile(r"星期|週[一二三四五六日]|周[一二三四五六日]")
_WRAP = re.compile(r"(?<=\S)[ \t]*\n[ \t]*(?=\S)")

Role = Literal[
    "text",
    "headline",
    "section",
    "byline",
    "date",
    "address",
    "above",
    "rule",
    "boilerplate",
    "closing",
    "related",
    "label",
]
_KEPT_AS: dict[Role, str] = {
    "headline": "the headline, kept as the title",
    "section": "the section, kept as the source",
    "byline": "the byline, kept as the author",
    "date": "the date, kept as the day of publication",
    "address": "the address, kept as the URL",
    "above": "stands above the headline",
    "rule": "a line without words",
    "label": "stands between lines that are no part of the article",
}


@dataclass(slots=True)
class _Part:
    """One article's share of a text while it is read."""

    lines: list[Line] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    title: str = ""
    section: str | None = None
    author: str | None = None
    published: dt.date | None = None
    url: str | None = None


def drafts_from_text(text: str) -> list[Draft]:
    """Reads a plain text; several articles in it come out as several drafts.

    Raises:
        UnusableError: nothing in it reads like an article.
    """
    return drafts_from_lines(paragraphs(text))


def drafts_from_lines(lines: Sequence[Line]) -> list[Draft]:
    """Splits lines where the evidence is clear that a new article begins, and cleans each.

    Raises:
        UnusableError: nothing in them reads like an article.
    """
    heads = find_heads(lines)
    starts = article_starts(lines, heads)
    parts = [_part(lines, start, end, heads) for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]
    drafts = [draft for part in parts if (draft := _draft(part))]
    if not drafts:
        raise UnusableError("holds no text that reads like an article")
    return drafts


def paragraphs(text: str) -> list[Line]:
    """Cuts a text into paragraphs: at blank lines, and at line ends where lines are paragraphs; wrapped lines join."""
    clean = tidy(text)
    found = [(clean[part.start : part.end], part.heading) for part in split_paragraphs(clean)]
    return [Line(_unwrapped(piece), "heading" if heading else _kind(piece)) for piece, heading in found if piece]


def _kind(text: str) -> Literal["text", "item", "quote", "row"]:
    if re.match(r"[-*+•]\s|\d{1,3}[.)]\s", text):
        return "item"
    return "quote" if text.startswith(">") else "row" if text.startswith("|") and text.endswith("|") else "text"


def _unwrapped(text: str) -> str:
    def joint(match: re.Match[str]) -> str:
        sides = text[match.start() - 1] + text[match.end()]
        return "" if re.search(f"[{HAN}\u3000-\u303f\uff00-\uffef]", sides) else " "

    return _WRAP.sub(joint, text)


def _part(lines: Sequence[Line], start: int, end: int, heads: Sequence[Head]) -> _Part:
    """Reads one article's lines; a head belongs to it where no text stands above."""
    own = (head for head in heads if start <= head.start < end and not prose_chars(lines[start : head.start]))
    head = next(own, None)
    part = _Part(title=head.title if head else "")
    inside = lines[start:end]
    for line, role in zip(inside, _roles(inside, head, start), strict=True):
        _place(part, line, role)
    return part


def _place(part: _Part, line: Line, role: Role) -> None:
    if role == "text":
        part.lines.append(line)
        return
    if role == "headline":
        part.title = part.title or bare_headline(line.text)
    elif role == "section":
        part.section = part.section or bare_headline(line.text)
    elif role == "byline":
        part.author = part.author or name_in(line.text)
    elif role == "address":
        part.url = part.url or line.text.strip()
    elif role == "date":
        day, author = date_line(line.text) or (None, None)
        part.published = part.published or day
        part.author = part.author or author
        part.section = part.section or source_in(line.text)
    phrase = boilerplate_kind(line.text) or "related"
    part.dropped.append(Dropped(line.text, _KEPT_AS.get(role) or REASONS[phrase]))


def _roles(lines: Sequence[Line], head: Head | None, offset: int) -> list[Role]:
    roles: list[Role] = ["text"] * len(lines)
    for at, line in enumerate(lines):
        kind = None if line.kind == "row" else boilerplate_kind(line.text)
        if kind:
            roles[at] = "closing" if kind == "closing" else "related" if kind == "related" else "boilerplate"
        elif is_rule(line):
            roles[at] = "rule"
    if head:
        _mark_head(lines, roles, head, offset)
    else:
        _mark_plain_head(lines, roles)
    _mark_bylines(lines, roles)
    _mark_related(lines, roles)
    _mark_labels(lines, roles)
    return roles


def _mark_head(lines: Sequence[Line], roles: list[Role], head: Head, offset: int) -> None:
    """Marks what stands above an article's text: the headline and its copies, section, byline, address, date."""
    counts = collections.Counter(key(line.text) for line in lines[: head.end - offset])
    for at in range(head.end - offset):
        text = lines[at].text
        if roles[at] != "text":
            continue
        if key(bare_headline(text)) == key(head.title):
            roles[at] = "headline"
        elif at + offset == head.date:
            roles[at] = "date"
        elif is_signed(text):
            roles[at] = "byline"
        elif re.fullmatch(r"https?://\S+", text):
            roles[at] = "address"
        elif len(text) <= SECTION_MAX_CHARS and counts[key(text)] > 1:
            roles[at] = "section"
        elif at + offset < head.start:
            roles[at] = "above"


def _mark_plain_head(lines: Sequence[Line], roles: list[Role]) -> None:
    """Marks a first line that is a headline, though no date stands under it; a date alone above it is its day."""
    texts = [at for at, role in enumerate(roles) if role == "text"]
    is_dated = len(texts) > 1 and bool(date_line(lines[texts[0]].text))
    first = next(iter(texts[is_dated:]), None)
    if first is None or not _is_plain_headline(lines, first):
        return
    roles[first] = "headline"
    if is_dated and not _WEEKDAY.search(lines[texts[0]].text):  # with one, it may be the day the page was read on
        roles[texts[0]] = "date"


def _is_plain_headline(lines: Sequence[Line], at: int) -> bool:
    """Tells whether a first line without a date under it is a headline: short, once, and prose follows."""
    line = lines[at]
    if line.kind == "heading":
        return line.text.startswith("# ")
    alone = sum(key(other.text) == key(line.text) for other in lines) == 1
    short = len(line.text) <= PLAIN_HEADLINE_MAX_CHARS and is_headline(line.text)
    return line.kind == "text" and alone and short and any(is_prose(later.text) for later in lines[at + 1 : at + 4])


def _mark_bylines(lines: Sequence[Line], roles: list[Role]) -> None:
    """Marks who signs: 「作者：陳小文」 in the first or last lines, or a bare name above a disclaimer."""
    texts = [at for at, role in enumerate(roles) if role == "text"]
    for at in [*texts[:2], *texts[-2:]]:
        if roles[at] == "text" and len(lines[at].text) <= BYLINE_MAX_CHARS and is_signed(lines[at].text):
            roles[at] = "byline"
    closing = next((at for at, role in enumerate(roles) if role == "closing" and at > 0), None)
    if closing and roles[closing - 1] == "text" and name_in(lines[closing - 1].text):
        roles[closing - 1] = "byline"


def _mark_related(lines: Sequence[Line], roles: list[Role]) -> None:
    """Marks the headlines listed under 「相關文章」, up to the next sentence."""
    listing = False
    for at, line in enumerate(lines):
        if roles[at] == "related":
            listing = True
        elif listing and roles[at] == "text":
            listing = not is_prose(line.text) and is_headline(line.text) and line.kind in ("text", "item")
            if listing:
                roles[at] = "related"


def _mark_labels(lines: Sequence[Line], roles: list[Role]) -> None:
    """Marks short lines between two of navigation, buttons or other headlines: 「首頁、新聞、生活、分享」."""
    apart = [at for at, role in enumerate(roles) if role in ("boilerplate", "related")]
    for before, after in itertools.pairwise(apart):
        between = range(before + 1, after)
        if all(roles[at] == "text" and _is_label(lines[at]) for at in between):
            roles[before + 1 : after] = ["label"] * len(between)


def _is_label(line: Line) -> bool:
    return line.kind == "text" and len(line.text) <= SECTION_MAX_CHARS and not ends_sentence(line.text)


def _draft(part: _Part) -> Draft | None:
    kept, repeats = without_repeats(part.lines)
    if not any(is_prose(line.text) for line in kept):
        return None
    texts = [line.text for line in kept if line.kind == "text"]
    apart = list(dict.fromkeys(gone.text for gone in repeats))
    prose = [text for text in texts if is_prose(text)] or [line.text for line in kept]
    title = part.title or derived_title(prose, apart)
    return Draft(
        lines=tuple(kept),
        dropped=(*part.dropped, *repeats),
        title=title,
        title_derived=not part.title and bool(title),
        url=part.url,
        published=part.published,
        author=part.author,
        source=part.section,
        language=language_of("\n".join(line.text for line in kept)),
    )
