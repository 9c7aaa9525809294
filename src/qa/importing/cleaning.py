"""Lines as a page or a scrape has them -> the article's lines, each once, and what was left out."""

from __future__ import annotations

import collections
import functools
import itertools
import json
import re
from importlib import resources
from typing import TYPE_CHECKING

from qa.importing.drafts import Dropped, Line
from qa.text.folding import HAN, fold, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["boilerplate_kind", "ends_sentence", "is_prose", "key", "tidy", "why_boilerplate", "without_repeats"]

REPEATED_MIN_CHARS = 10  # shorter lines may stand twice on purpose: 「是。」, a refrain
PROSE_MIN_CHARS = 10  # a shorter line that ends like a sentence may be a button: 「好！」
UNMARKED_PROSE_MIN_CHARS = 40  # a line as long as this is prose without an end mark too
_NOT_WORD = re.compile(r"[\W_]+")
_SPACES = re.compile(r"[^\S\n]+")
_AROUND_MARKS = re.compile(r"\s?([|｜›»>])\s?")  # 首頁 › 新聞
_END = re.compile(r"[。！？!?…｡.;；:：][」』”’\"'）)》〉】\]]*$")
# Tag characters and fillers that show nothing: text smuggled past the eye.
_SMUGGLED = re.compile(r"[\u115f\u1160\u180e\u3164\uffa0\U000e0000-\U000e007f]")
_HAN_WIDTH = re.compile(f"[{HAN}\u3000-\u303f\uff00-\uffef]")
REASONS = {
    "navigation": "navigation",
    "share": "a share or feedback button",
    "related": "points to other articles",
    "advertisement": "an advertisement",
    "closing": "a disclaimer or end mark",
    "notice": "a notice of the site",
}


def tidy(text: str) -> str:
    """Takes out what the eye cannot see and runs of spaces; line ends stay."""
    lines = plain(_SMUGGLED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))).split("\n")
    return "\n".join(_SPACES.sub(" ", line).strip() for line in lines).strip()


@functools.lru_cache(maxsize=4096)
def key(text: str) -> str:
    """Returns what two copies of a line have in common: letters and digits, folded."""
    return _NOT_WORD.sub("", fold(text))


def ends_sentence(text: str) -> bool:
    """Tells whether a line ends as a sentence does."""
    return _END.search(text.rstrip()) is not None


def is_prose(text: str) -> bool:
    """Tells whether a line reads as a sentence or more, not as a label."""
    width = len(text) if _HAN_WIDTH.search(text) else len(text) // 2  # a Han character says as much as two letters
    return width >= UNMARKED_PROSE_MIN_CHARS or (width >= PROSE_MIN_CHARS and ends_sentence(text))


def boilerplate_kind(text: str) -> str | None:
    """Names the kind of a line that pages carry around articles, or None."""
    bare = text.strip(" *_#>|·•~=-–—\u3000").lower()
    closed_up = re.sub(rf"(?<=[{HAN}])\s+(?=[{HAN}])", "", bare)  # 你 或 有 興 趣 的 文 章
    bare_cells = _AROUND_MARKS.sub(r"\1", closed_up)
    return next((kind for kind, pattern in _patterns() if pattern.fullmatch(bare_cells)), None)


def why_boilerplate(text: str) -> str | None:
    """Says why a line is no part of an article, or None."""
    kind = boilerplate_kind(text)
    return REASONS[kind] if kind else None


def without_repeats(lines: Sequence[Line]) -> tuple[list[Line], list[Dropped]]:
    """Keeps the first of lines that stand several times, or none where a longer line says the same words.

    List items and table rows may repeat; so may short lines that do not follow one another.
    """
    counts = collections.Counter(key(line.text) for line in lines if _may_go(line))
    set_apart = _set_apart(lines, counts)
    others = [key(line.text) for line in lines]
    kept: list[Line] = []
    dropped: list[Dropped] = []
    seen: set[str] = set()
    for line in lines:
        own = key(line.text)
        if own not in set_apart or not _may_go(line):
            kept.append(line)
        elif any(own in other and own != other for other in others):
            dropped.append(Dropped(line.text, "stands again in the text"))
        elif own in seen:
            dropped.append(Dropped(line.text, f"stands {counts[own]} times"))
        else:
            kept.append(line)
        seen.add(own)
    return kept, dropped


def _may_go(line: Line) -> bool:
    return line.kind not in ("item", "row", "quote") and bool(key(line.text))


def _set_apart(lines: Sequence[Line], counts: collections.Counter[str]) -> set[str]:
    """Names the lines that are shown more than once, and the captions."""
    keys = [key(line.text) for line in lines]
    in_a_row = {own for own, after in itertools.pairwise(keys) if own == after}
    long_ones = {own for own, count in counts.items() if count > 1 and len(own) >= REPEATED_MIN_CHARS}
    captions = {own for own, line in zip(keys, lines, strict=True) if line.kind == "caption"}
    return (in_a_row | long_ones | captions) - {""}


@functools.cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    source = resources.files("qa.importing").joinpath("boilerplate.json").read_text(encoding="utf-8")
    kinds: dict[str, list[str]] = json.loads(source)
    return tuple((kind, re.compile("|".join(f"(?:{phrase})" for phrase in kinds[kind]))) for kind in kinds)
