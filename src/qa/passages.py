"""Article -> passages of whole sentences, with offsets into the article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.records import Article, Passage
from qa.text.sentences import Paragraph, split_paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PASSAGE_RULES", "cut_passages"]

PASSAGE_RULES = "1"  # part of the index's fingerprint: raise it when passages change

Span = tuple[int, int]


def cut_passages(article: Article, max_chars: int) -> list[Passage]:
    """Cuts an article into passages of at most `max_chars` characters; a longer sentence is a passage of its own.

    Neighbouring short paragraphs share a passage, a heading stays with what follows it, and no sentence
    is ever cut.
    """
    return [_passage(article, start, sentences) for start, sentences in _groups(article.text, max_chars)]


def _groups(text: str, max_chars: int) -> Iterator[tuple[int, list[Span]]]:
    group: list[Span] = []
    group_start = 0
    for start, sentences in _pieces(split_paragraphs(text), max_chars):
        headed = start < sentences[0][0] and text[start] == "#"
        if group and (headed or sentences[-1][1] - group_start > max_chars):
            yield group_start, group
            group = []
        if not group:
            group_start = start
        group.extend(sentences)
    if group:
        yield group_start, group


def _pieces(paragraphs: list[Paragraph], max_chars: int) -> Iterator[tuple[int, list[Span]]]:
    """Yields what should stay together: a paragraph, or an even part of a long one, with the heading before it."""
    heading: Paragraph | None = None
    for paragraph in paragraphs:
        if paragraph.heading:
            heading = heading or paragraph
            continue
        start = heading.start if heading else paragraph.start
        for sentences in _even_parts(list(paragraph.sentences), max_chars):
            yield start if sentences[0] == paragraph.sentences[0] else sentences[0][0], sentences
        heading = None
    if heading:  # nothing follows the last heading: let it be found by itself
        yield heading.start, [(heading.start, heading.end)]


def _even_parts(sentences: list[Span], max_chars: int) -> Iterator[list[Span]]:
    length = sentences[-1][1] - sentences[0][0]
    target = length / -(-length // max_chars)
    part: list[Span] = []
    for sentence in sentences:
        grown = sentence[1] - part[0][0] if part else 0
        if part and (grown > max_chars or grown - (sentence[1] - sentence[0]) / 2 > target):
            yield part
            part = []
        part.append(sentence)
    yield part


def _passage(article: Article, start: int, sentences: list[Span]) -> Passage:
    end = sentences[-1][1]
    return Passage(article.id, start, end, article.text[start:end], tuple(sentences))
