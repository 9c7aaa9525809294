"""Passages -> windows of whole sentences: with the answer marked, or such as retrieval brings and without it."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from qa.text.folding import fold
from qa.text.sentences import split_paragraphs
from qa.text.tokens import tokenize
from training.reader.data import Example

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from training.reader.data import Data, Gold

__all__ = ["answering", "not_answering"]

WINDOW_CHARS = (80, 260)  # a window's length is drawn from this range: the reader is to bear any
# How windows that do not answer are made, and how often.
MAKERS = {"similar": 0.4, "neighbour": 0.25, "without": 0.25, "random": 0.1}


def answering(gold: Gold, text: str, draw: random.Random) -> Example:
    """Cuts a window around the answer out of the text of its passage."""
    start, end = _place(gold, text)
    sentences = _sentences(text)
    inside = [at for at, (a, b) in enumerate(sentences) if a < end and start < b]
    if not inside:  # the answer stands in a heading
        return Example(gold.question, text[start:end], (0, end - start))
    a, b = _grow(sentences, inside[0], inside[-1], draw.randint(*WINDOW_CHARS), draw)
    a, b = min(a, start), max(b, end)
    return Example(gold.question, text[a:b], (start - a, end - a))


def _place(gold: Gold, text: str) -> tuple[int, int]:
    """Finds the answer where the sentence around it has most in common with the question."""
    asked = frozenset(tokenize(gold.question))
    places = [
        match.span() for answer in gold.answers for match in re.finditer(re.escape(answer), text) if answer.strip()
    ]

    def common(place: tuple[int, int]) -> int:
        around = [span for span in _sentences(text) if span[0] < place[1] and place[0] < span[1]]
        return sum(len(asked & frozenset(tokenize(text[a:b]))) for a, b in around)

    return max(places, key=lambda place: (common(place), -place[0]))


def _grow(
    sentences: Sequence[tuple[int, int]], first: int, last: int, chars: int, draw: random.Random
) -> tuple[int, int]:
    """Adds whole sentences on both sides, in a random order, while they fit."""
    while True:
        before = first > 0 and sentences[last][1] - sentences[first - 1][0] <= chars
        after = last + 1 < len(sentences) and sentences[last + 1][1] - sentences[first][0] <= chars
        if before and (not after or draw.random() < 0.5):
            first -= 1
        elif after:
            last += 1
        else:
            return sentences[first][0], sentences[last][1]


def not_answering(gold: Gold, data: Data, draw: random.Random) -> Example | None:
    """Makes a window of the kind that retrieval brings and that holds none of the accepted answers."""
    for _ in range(4):
        maker = draw.choices(list(MAKERS), list(MAKERS.values()))[0]
        window = _without_answer(gold, data, draw) if maker == "without" else _elsewhere(gold, data, maker, draw)
        if window and not _holds(gold, window):
            return Example(gold.question, window, None)
    return None


def _elsewhere(gold: Gold, data: Data, maker: str, draw: random.Random) -> str:
    nearby = data.by_source[gold.source]
    pools = {"similar": data.similar[gold.id], "neighbour": nearby, "random": list(data.texts)}
    text = data.texts[draw.choice(pools[maker] or nearby)]
    sentences = _sentences(text)
    if not sentences:
        return ""
    asked = frozenset(tokenize(gold.question))
    chances = [1 + len(asked & frozenset(tokenize(text[a:b]))) ** 2 for a, b in sentences]  # what retrieval would bring
    at = draw.choices(range(len(sentences)), chances)[0]
    start, end = _grow(sentences, at, at, draw.randint(*WINDOW_CHARS), draw)
    return text[start:end]


def _without_answer(gold: Gold, data: Data, draw: random.Random) -> str:
    """Takes the sentence that answers out of a window: everything fits but the one thing asked for."""
    text = data.texts[gold.article_id]
    sentences = [span for span in _sentences(text) if not _holds(gold, text[slice(*span)])]
    if not sentences:
        return ""
    start, _ = _place(gold, text)
    at = min(range(len(sentences)), key=lambda at: abs(sentences[at][0] - start))
    chars, kept = draw.randint(*WINDOW_CHARS), [sentences[at]]
    for span in sorted(sentences, key=lambda span: abs(span[0] - start)):
        if span not in kept and sum(b - a for a, b in [*kept, span]) <= chars:
            kept.append(span)
    return "".join(text[a:b] for a, b in sorted(kept))


def _holds(gold: Gold, window: str) -> bool:
    folded = fold(window)
    return any(fold(answer) in folded for answer in gold.answers)


@functools.lru_cache(maxsize=4096)
def _sentences(text: str) -> list[tuple[int, int]]:
    return [span for paragraph in split_paragraphs(text) for span in paragraph.sentences]
