"""A plain text, perhaps a raw scrape of several articles -> drafts."""

from __future__ import annotations

import collections
import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from qa.importing.bylines import date_line, name_in
from qa.importing.cleaning import REASONS, boilerplate_kind, is_prose, key, tidy, without_repeats
from qa.importing.drafts import Draft, Dropped, Line, UnusableError
from qa.importing.titles import derived_title, is_headline, language_of
from qa.text.folding import HAN
from qa.text.sentences import split_paragraphs

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["drafts_from_lines", "drafts_from_text", "paragraphs"]

HEAD_LINES = 12  # between the start of an article and its date: headline, section and byline, each a few times
ARTICLE_MIN_CHARS = 80  # a dated headline over less than this is a timeline's entry, not an article
NEXT_ARTICLE_MIN_CHARS = 200  # after a disclaimer, less than this is a note on the author
NEXT_ARTICLE_MIN_PARAGRAPHS = 2
PLAIN_HEADLINE_MAX_CHARS = 50  # where no date follows, a longer first line is rather the text
SECTION_MAX_CHARS = 8  # 「博客文章」, "Opinion"
BYLINE_MAX_CHARS = 30

_WRAP = re.compile(r"(?<=\S)[ \t]*\n[ \t]*(?=\S)")

Role = Literal["text", "headline", "section", "byline", "date", "boilerplate", "closing", "related"]


@dataclass(slots=True)
class _Part:
    """One article's share of a text while it is read."""

    lines: list[Line] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    title: str = ""
    section: str | None = None
    author: str | None = None
    published: dt.date | None = None


@dataclass(frozen=True, slots=True)
class _Head:
    """Where a dated headline stands: the run of lines from `start` to the date line at `date`."""

    start: int
    date: int
    title: str


def drafts_from_text(text: str) -> list[Draft]:
    """Reads a plain text; several articles in it come out as several drafts.

    Raises:
        UnusableError: nothing in it reads like an article.
    """
    return drafts_from_lines(paragraphs(text))


def drafts_from_lines(lines: Sequence[Line], title: str = "") -> list[Draft]:
    """Splits lines where a dated headline, or a disclaimer before much more text, shows that a new article begins.

    Raises:
        UnusableError: nothing in them reads like an article.
    """
    heads = {head.start: head for head in _heads(lines)}
    bounds = sorted({0, *_starts(lines, heads)})
    parts = [
        _part(lines[start:end], heads.get(start), start)
        for start, end in zip(bounds, [*bounds[1:], len(lines)], strict=True)
    ]
    drafts = [draft for part in parts if (draft := _draft(part))]
    if not drafts:
        raise UnusableError("holds no text that reads like an article")
    if title and len(drafts) == 1 and drafts[0].title_derived:
        drafts = _draft_titled(parts, title)
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


def _heads(lines: Sequence[Line]) -> list[_Head]:
    """Finds dated headlines with an article's worth of text under them."""
    found = []
    for at, line in enumerate(lines):
        start = _run_start(lines, at) if date_line(line.text) else at
        title = _title_of_run(lines[start:at])
        until = next((later for later in range(at + 1, len(lines)) if date_line(lines[later].text)), len(lines))
        if title and sum(len(line.text) for line in lines[at + 1 : until] if is_prose(line.text)) >= ARTICLE_MIN_CHARS:
            found.append(_Head(start, at, title))
    return found


def _run_start(lines: Sequence[Line], date: int) -> int:
    start = date
    while start > max(0, date - HEAD_LINES) and _may_head(lines[start - 1]):
        start -= 1
    return start


def _may_head(line: Line) -> bool:
    kind = boilerplate_kind(line.text)
    return line.kind in ("text", "heading") and kind not in ("closing", "related") and is_headline(line.text)


def _title_of_run(run: Sequence[Line]) -> str:
    """Chooses the headline: what stands most often among the lines long enough, the later the better."""
    candidates = [line.text for line in run if not boilerplate_kind(line.text) and not _is_signed(line.text)]
    counts = collections.Counter(key(text) for text in candidates)
    longest = max((len(text) for text in candidates), default=0)
    fitting = [text for text in candidates if len(text) > SECTION_MAX_CHARS or len(text) == longest]
    best = max(enumerate(fitting), key=lambda pair: (counts[key(pair[1])], pair[0]), default=(0, ""))
    return _bare(best[1])


def _starts(lines: Sequence[Line], heads: dict[int, _Head]) -> list[int]:
    """Lists where articles begin: at dated headlines, and after a disclaimer that much more text follows."""
    starts = [start for start in heads if _prose_chars(lines[:start])]
    for at, line in enumerate(lines):
        after = at + 1
        until = min((start for start in starts if start > at), default=len(lines))
        if boilerplate_kind(line.text) != "closing" or not _prose_chars(lines[:at]) or after in heads:
            continue
        rest = [following for following in lines[after:until] if is_prose(following.text)]
        if len(rest) >= NEXT_ARTICLE_MIN_PARAGRAPHS and _prose_chars(rest) >= NEXT_ARTICLE_MIN_CHARS:
            starts.append(after)
    return starts


def _prose_chars(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines if is_prose(line.text) and not boilerplate_kind(line.text))


def _part(lines: Sequence[Line], head: _Head | None, offset: int) -> _Part:
    part = _Part(title=head.title if head else "")
    roles = _roles(lines, part.title, head.date - offset if head else None)
    for line, role in zip(lines, roles, strict=True):
        _place(part, line, role)
    return part


def _place(part: _Part, line: Line, role: Role) -> None:
    if role == "text":
        part.lines.append(line)
    elif role == "headline":
        part.title = part.title or _bare(line.text)
        part.dropped.append(Dropped(line.text, "the headline, kept as the title"))
    elif role == "section":
        part.section = part.section or _bare(line.text)
        part.dropped.append(Dropped(line.text, "the section, kept as the source"))
    elif role == "byline":
        part.author = part.author or name_in(line.text)
        part.dropped.append(Dropped(line.text, "the byline, kept as the author"))
    elif role == "date":
        _date(part, line)
    else:
        part.dropped.append(Dropped(line.text, REASONS[boilerplate_kind(line.text) or "related"]))


def _date(part: _Part, line: Line) -> None:
    day, author = date_line(line.text) or (None, None)
    part.published = part.published or day
    part.author = part.author or author
    part.dropped.append(Dropped(line.text, "the date, kept as the day of publication"))


def _is_signed(text: str) -> bool:
    """Tells a byline that says so, 「作者：陳小文」, from a bare name."""
    return name_in(text) not in (None, text.strip())


def _roles(lines: Sequence[Line], title: str, date: int | None) -> list[Role]:
    roles: list[Role] = ["text"] * len(lines)
    for at, line in enumerate(lines):
        kind = None if line.kind == "row" else boilerplate_kind(line.text)
        if kind:
            roles[at] = "closing" if kind == "closing" else "related" if kind == "related" else "boilerplate"
    _mark_head(lines, roles, title, date)
    _mark_bylines(lines, roles)
    _mark_related(lines, roles)
    return roles


def _mark_head(lines: Sequence[Line], roles: list[Role], title: str, date: int | None) -> None:
    if date is None:
        first = next((at for at, role in enumerate(roles) if role == "text"), None)
        if first is not None and _is_plain_headline(lines, first):
            title = lines[first].text
            roles[first] = "headline"
        return
    roles[date] = "date"
    counts = collections.Counter(key(line.text) for line in lines[:date])
    for at in range(date):
        line = lines[at]
        if roles[at] != "text":
            continue
        if key(line.text) == key(title):
            roles[at] = "headline"
        elif _is_signed(line.text):
            roles[at] = "byline"
        elif len(line.text) <= SECTION_MAX_CHARS and counts[key(line.text)] > 1:
            roles[at] = "section"


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
        if roles[at] == "text" and len(lines[at].text) <= BYLINE_MAX_CHARS and _is_signed(lines[at].text):
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


def _draft(part: _Part) -> Draft | None:
    kept, repeats = without_repeats(part.lines)
    if not any(is_prose(line.text) for line in kept):
        return None
    texts = [line.text for line in kept if line.kind == "text"]
    apart = list(dict.fromkeys(gone.text for gone in repeats))
    title = part.title or derived_title(texts or [line.text for line in kept], apart)
    return Draft(
        lines=tuple(kept),
        dropped=(*part.dropped, *repeats),
        title=title,
        title_derived=not part.title and bool(title),
        published=part.published,
        author=part.author,
        source=part.section,
        language=language_of("\n".join(line.text for line in kept)),
    )


def _draft_titled(parts: Sequence[_Part], title: str) -> list[Draft]:
    for part in parts:
        part.title = part.title or title
    return [draft for part in parts if (draft := _draft(part))]


def _bare(text: str) -> str:
    return text.strip().strip("#*_ ").strip()
