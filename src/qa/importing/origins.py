"""Where an article comes from: a name by which it is known again and taken for no other."""

from __future__ import annotations

import dataclasses
import hashlib
import re
import urllib.parse
from typing import TYPE_CHECKING

from qa.importing.cleaning import is_prose

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from qa.importing.drafts import Draft
    from qa.importing.reading import Source
    from qa.records import Article

__all__ = ["addressed", "file_mark", "file_name", "origins_of", "unmarked"]

MARK_CHARS = 8  # of the path's SHA-256: enough to tell apart the few files whose folder and name are the same
_MARK = re.compile(rf"@[0-9a-f]{{{MARK_CHARS}}}(?=#\d+$|$)")
_VARIANT = re.compile(r"(?:amp|index|default|print|mobile|m)(?:\.\w+)?", re.IGNORECASE)  # of /news/pier: one article


def file_name(folder: Path, path: Path) -> str:
    """Names a file by its folder and its place in it: `2024/report.pdf` is not `2025/report.pdf`."""
    whole = folder.resolve()
    inside = path.resolve().parent.relative_to(whole) / path.name
    return f"{whole.name}/{inside.as_posix()}".lstrip("/").encode("utf-8", "replace").decode("utf-8")


def file_mark(path: Path) -> str:
    """Tells `2024/07/report.pdf` from `2025/07/report.pdf`, both `07/report.pdf`, without giving the path away."""
    whole = (path.resolve().parent / path.name).as_posix()
    return f"@{hashlib.sha256(whole.encode('utf-8', 'surrogateescape')).hexdigest()[:MARK_CHARS]}"


def unmarked(origin: str) -> str:
    """Returns an origin as versions before the marks wrote it."""
    return origin if "://" in origin else _MARK.sub("", origin)


def origins_of(drafts: Sequence[Draft], source: Source) -> list[str]:
    """Names where each article comes from: its own address, or the source's, numbered where it holds several."""
    origins: list[str] = []
    for draft in drafts:
        base = draft.url if source.url and draft.url else f"{source.name}{source.mark}"
        fresh = next(
            name for name in (base, *(f"{base}#{n}" for n in range(2, len(drafts) + 2))) if name not in origins
        )
        origins.append(fresh)
    return origins


def addressed(drafts: Sequence[Draft], source: Source, held: Callable[[str], Article | None]) -> list[Draft]:
    """Gives a page its own address where the canonical one that it names is a section's or another article's.

    `held` returns the article known by an address.
    """
    named = {draft.url for draft in drafts}
    address = named.pop() if len(named) == 1 else None
    if source.url and address and address != source.url and _is_anothers(address, source.url, drafts[0], held):
        return [dataclasses.replace(draft, url=source.url) for draft in drafts]
    return list(drafts)


def _is_anothers(named: str, asked: str, draft: Draft, held: Callable[[str], Article | None]) -> bool:
    theirs, ours = urllib.parse.urlsplit(named), urllib.parse.urlsplit(asked)
    if (theirs.path.rstrip("/"), theirs.query) == (ours.path.rstrip("/"), ours.query):
        return False
    if held(asked):
        return True
    if article := held(named):
        return not _is_same(draft, article)
    section, rest = f"{theirs.path.rstrip('/')}/", ours.path.rstrip("/")
    return rest.startswith(section) and not theirs.query and not _VARIANT.fullmatch(rest.removeprefix(section))


def _is_same(draft: Draft, article: Article) -> bool:
    """Tells two readings of one article: the same headline, or half of the shorter one's paragraphs."""
    told = {line.text for line in draft.lines if is_prose(line.text)}
    known = {line for line in article.text.splitlines() if is_prose(line)}
    shared = len(told & known)
    return draft.title == article.title or (shared > 0 and shared * 2 >= min(len(told), len(known)))
