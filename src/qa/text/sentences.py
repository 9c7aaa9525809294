"""Text -> paragraphs and whole sentences, as offsets into the text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

__all__ = ["SENTENCE_RULES", "Paragraph", "split_paragraphs", "split_sentences"]

SENTENCE_RULES = "1"  # part of the index's fingerprint: raise it when sentence ends change

Span = tuple[int, int]

_CLOSERS = "」』”’\"'）)》〉】〗］]｝}"
_PAIRS = {"「": "」", "『": "』", "“": "”", "（": "）", "(": ")", "《": "》", "〈": "〉", "【": "】"}
_STRONG_ENDS = frozenset("。！？!?…｡")
_SEMICOLONS = frozenset("；;")
SEMICOLON_MIN_CHARS = 30  # a shorter clause before a semicolon rarely stands alone
WORD_MAX_CHARS = 40  # looked at before a full stop; abbreviations are much shorter
QUOTED_MAX_CHARS = 120  # a longer quotation is cut at its own sentence ends

_ABBREVIATIONS = frozenset(
    """mr mrs ms dr prof st jr sr vs etc inc ltd co corp no vol fig al gen col lt sgt capt rev hon pres gov sen rep
    jan feb mar apr jun jul aug sep sept oct nov dec e.g i.e u.s u.k u.n a.m p.m ph.d d.c cf ca approx dept est
    univ""".split()  # noqa: SIM905
)
_HEADING = re.compile(r"#{1,6}\s+\S")
_MARKER = re.compile(r"(?:[-*+•·]\s+|\d{1,3}[.)]\s+|>\s*|\|\s*)+")
_BLANK = re.compile(r"\n[^\S\n]*\n\s*")
_VISIBLE = re.compile(r"\S")
_WRAP_WIDTHS = range(40, 121)  # columns at which editors wrap; a Han character takes two


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of lines without a blank one between; a heading belongs to the paragraph after it."""

    start: int
    end: int
    heading: bool
    sentences: tuple[Span, ...]


def split_paragraphs(text: str) -> list[Paragraph]:
    """Splits a text at blank lines, headings and list items; every line of unwrapped text is a paragraph."""
    paragraphs = []
    for start, end in _blocks(text):
        heading = _HEADING.match(text, start) is not None
        sentences = () if heading else tuple(split_sentences(text, start, end))
        if heading or sentences:
            paragraphs.append(Paragraph(start, end, heading, sentences))
    return paragraphs


def split_sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Splits `text[start:end]` into whole sentences, trimmed of white space and list marks.

    An end mark takes the closing quotes and brackets after it along. Nothing is cut inside decimals,
    abbreviations or a quotation of up to `QUOTED_MAX_CHARS` characters.
    """
    end = len(text) if end is None else end
    marker = _MARKER.match(text, start, end)
    begin = marker.end() if marker and marker.end() < end else start
    spans, at = [], begin
    while at < end:
        closing = _quotation_end(text, at, end)
        if closing is not None:
            at = closing
            if text[at - 2] not in _STRONG_ENDS or not _opens_sentence(text, at, end):
                continue
            stop = at
        elif _ends_sentence(text, begin, at, end):
            stop = _after_closers(text, at + 1, end)
        else:
            at += 1
            continue
        spans.append((begin, stop))
        begin = at = stop
    spans.append((begin, end))
    return [trimmed for span in spans if (trimmed := _trim(text, *span))]


def _blocks(text: str) -> list[Span]:
    blocks, start = [], 0
    for gap in [*_BLANK.finditer(text), None]:
        end = gap.start() if gap else len(text.rstrip())
        blocks.extend(_lines(text, start, end))
        start = gap.end() if gap else end
    return blocks


def _lines(text: str, start: int, end: int) -> list[Span]:
    lines, at = [], start
    for line in text[start:end].split("\n"):
        lines.append((at, at + len(line)))
        at += len(line) + 1
    if _is_wrapped([text[a:b] for a, b in lines]):
        return _join_wrapped(text, lines)
    return [span for line in lines if (span := _trim(text, *line))]


def _join_wrapped(text: str, lines: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for a, b in lines:
        fresh = _MARKER.match(text, a, b) or _HEADING.match(text, a, b)
        after_heading = bool(joined) and _HEADING.match(text, joined[-1][0]) is not None
        if joined and not fresh and not after_heading:
            joined[-1] = (joined[-1][0], b)
        else:
            joined.append((a, b))
    return [span for line in joined if (span := _trim(text, *line))]


def _is_wrapped(lines: list[str]) -> bool:
    """Tells lines broken by an editor at a fixed width from lines that are paragraphs of their own."""
    full = [line for line in lines[:-1] if not _HEADING.match(line)]
    widths = [sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in full]
    if not full or max(widths) not in _WRAP_WIDTHS or min(widths) < max(widths) * 0.7:
        return False
    return any(line.rstrip()[-1:] not in _STRONG_ENDS | set(_CLOSERS) | {".", ":", "："} for line in full)


def _ends_sentence(text: str, begin: int, at: int, end: int) -> bool:
    character = text[at]
    if character in _STRONG_ENDS:
        return at + 1 >= end or text[at + 1] not in _STRONG_ENDS
    if character in _SEMICOLONS:
        return at - begin >= SEMICOLON_MIN_CHARS
    return character == "." and _is_full_stop(text, begin, at, end)


def _is_full_stop(text: str, begin: int, at: int, end: int) -> bool:
    after = _after_closers(text, at + 1, end)
    if after < end and not text[after].isspace():
        return False
    word = re.split(r"[\s(“\"'「（]", text[max(begin, at - WORD_MAX_CHARS) : at])[-1].lower()
    if word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha()):
        return False
    return not word.isdigit() or len(word) > 2 or at - begin > len(word)


def _quotation_end(text: str, at: int, end: int) -> int | None:
    """Returns where the quotation that opens at `at` is over, or None if none opens or it is long or unclosed."""
    closer = _PAIRS.get(text[at])
    if closer is None:
        return None
    depth = 0
    for position in range(at, min(end, at + QUOTED_MAX_CHARS)):
        depth += (text[position] == text[at]) - (text[position] == closer)
        if depth == 0:
            return position + 1
    return None


def _opens_sentence(text: str, at: int, end: int) -> bool:
    """Tells whether a new sentence may start after a quotation that ended with an end mark."""
    following = _VISIBLE.search(text, at, end)
    return not following or following[0] not in "，,、。；;：:！？!?…—的地得之等與和及或並並而了" + _CLOSERS


def _after_closers(text: str, at: int, end: int) -> int:
    while at < end and text[at] in _CLOSERS:
        at += 1
    return at


def _trim(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    return (start + left, start + right) if right > left else None
