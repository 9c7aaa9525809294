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
        return [sentence for sentence in _with_marks(_HEADING.sub("", line)) if not _NO_SENTENCE.fullmatch(sentence)]
    sentences = _with_marks(line)
    if len(sentences) < 2 or _BEGUN_MARK.fullmatch(sentences[-1]) or _in_quotation(line, sentences[-1]):
        return [line]
    at = line.rindex(sentences[-1])
    return [*sentences[:-1], line[at:]]


def _with_marks(line: str) -> list[str]:
    """Splits a line; marks after the end of a sentence belong to it."""
    sentences: list[str] = []
    for start, end in split_sentences(line):
        text = line[start:end]
        marks = _MARKS.match(text) if sentences else None
        if marks:
            sentences[-1] += marks[0]
            text = text[marks.end() :].lstrip()
        if text:
            sentences.append(text)
    return sentences


def _in_quotation(line: str, last: str) -> bool:
    """Tells whether the last part stands in a quotation that may yet be closed."""
    opened = _OPEN.search(line[: len(line) - len(last)])
    return opened is not None and len(line) - opened.start() <= QUOTATION_MAX_CHARS
