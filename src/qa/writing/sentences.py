"""A stream of pieces -> whole sentences with their marks, each handed on as soon as it is certainly over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.errors import LanguageModelError
from qa.text.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["sentences_of"]

SENTENCE_MAX_CHARS = 400  # without an end it is none
QUOTATION_MAX_CHARS = 120  # a quotation that is open for longer will not be closed

# What may be meant as a mark: [1], 【編號1】, (1), [^1], [1, 2], ¹ and the like.
_MARKS = re.compile(
    r"(?:\s*(?:[\[【(（［〔][^\[\]【】()（）［］〔〕\n]{0,12}?\d[^\[\]【】()（）［］〔〕\n]{0,12}[\]】)）］〕]|[¹²³⁴⁵⁶⁷⁸⁹]+|<sup>\d+</sup>))+"
)
_BEGUN_MARK = re.compile(r"\s*(?:[\[【(（［〔][^\[\]【】()（）［］〔〕\n]{0,24}|<[^>\n]{0,8}>?\d*(?:<[^>\n]{0,5})?)?$")
# Addresses and images, in which a question or exclamation mark ends nothing; also while they are being written.
_ADDRESS = re.compile(
    r"!(?=\[)|\]\([^)\n]*|\b(?:https?:|javascript:|data:|www\.)[^\s」』）)。，、\]]*|<[a-zA-Z/!][^>\n]*"
)
_MASK = "a"
_NO_SENTENCE = re.compile(r"[\W_]*")
_HEADING = re.compile(r"^\s*#{1,6}\s+")
_OPEN = re.compile(r"[「『“《（(【\[](?=[^」』”》）)】\]]*$)")


def sentences_of(pieces: Iterable[str]) -> Iterator[str]:
    """Yields sentences with the marks after them; what the stream ends with comes last, if it ends well.

    Raises:
        LanguageModelError: as the pieces do, or a sentence has no end.
    """
    held = ""
    for piece in pieces:
        held += piece
        *lines, held = held.split("\n")
        for line in lines:
            yield from _cut(line)
        *whole, held = _cut(held, is_over=False)
        yield from whole
        if len(held) > SENTENCE_MAX_CHARS:
            raise LanguageModelError("endless")
    yield from _cut(held)


def _cut(line: str, is_over: bool = True) -> list[str]:
    """Cuts a line into sentences; while it is being written the last part is what is not certainly one yet."""
    if is_over:
        line = _HEADING.sub("", line)
        whole = [line[start:end] for start, end in _with_marks(line)]
        return [sentence for sentence in whole if not _NO_SENTENCE.fullmatch(sentence)]
    spans = _with_marks(line)
    last = line[spans[-1][0] :] if spans else line
    if len(spans) < 2 or _BEGUN_MARK.fullmatch(last) or _in_quotation(line, last):
        return [line]
    return [*(line[start:end] for start, end in spans[:-1]), last]


def _with_marks(line: str) -> list[tuple[int, int]]:
    """Returns where the sentences of a line are; marks after the end of one belong to it."""
    spans: list[tuple[int, int]] = []
    for start, end in split_sentences(_ADDRESS.sub(lambda address: _MASK * len(address[0]), line)):
        marks = _MARKS.match(line, start, end) if spans else None
        if marks:
            spans[-1] = (spans[-1][0], marks.end())
        begin = marks.end() if marks else start
        begin += len(line[begin:end]) - len(line[begin:end].lstrip())
        if begin < end:
            spans.append((begin, end))
    return spans


def _in_quotation(line: str, last: str) -> bool:
    """Tells whether the last part stands in a quotation that may yet be closed."""
    opened = _OPEN.search(line[: len(line) - len(last)])
    return opened is not None and len(line) - opened.start() <= QUOTATION_MAX_CHARS
