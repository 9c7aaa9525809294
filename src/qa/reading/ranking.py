"""Reading and retrieval together: evidence sentences ranked anew, each with the words that answer in it."""

from __future__ import annotations

import dataclasses
import math
import re
from typing import TYPE_CHECKING

from qa.questions import Kind
from qa.reading.completing import complete
from qa.reading.owners import of_kind_asked, owned

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qa.reading.reader import Marked, Reading
    from qa.retrieve import EvidenceSentence, Query

__all__ = ["logit", "rank_by_reading"]

MIN_PROBABILITY = 0.001  # the reader is never surer than a thousand to one
LIST_GAP_CHARS = 30  # between two items of a list, others included
_AND = r"(?:、|和|與|与|及|跟|\band\b)"
_IN_ONE_LIST = re.compile(rf"\s*{_AND}\s*(?:[^，,。；;：:！？!?]*{_AND}\s*)?")


def rank_by_reading(
    query: Query, sentences: Sequence[EvidenceSentence], readings: Sequence[Reading]
) -> list[EvidenceSentence]:
    """Gives each sentence what the reader says of it, and sorts them by score, best first.

    Where several things are asked for, marked words that are items of one list become one stretch.
    """
    read = (_read(query, sentence, readings) for sentence in sentences)
    return sorted(read, key=lambda sentence: -sentence.score)


def _read(query: Query, sentence: EvidenceSentence, readings: Iterable[Reading]) -> EvidenceSentence:
    """Adds up the marked words that begin in a sentence: they are readings of one and the same answer."""
    article = sentence.passage.stored.article
    for reading in readings:
        window = reading.window
        if window.stored.article.id != article.id or not window.start <= sentence.start < window.end:
            continue
        marked = [one for one in reading.marked if sentence.start <= one.start < sentence.end]
        inside = of_kind_asked(query, article.text, marked)
        if inside:
            share = sum(one.probability for one in inside)
            if query.question.kind is Kind.LIST:
                best = _whole_list(article.text, inside)
            else:
                one = owned(query, article.text, inside)
                best = one.start, one.end
            return dataclasses.replace(sentence, reading=logit(reading.answers * share), words=_whole(sentence, *best))
    return dataclasses.replace(sentence, reading=logit(0.0))


def logit(probability: float) -> float:
    """Returns the logarithm of the odds, within the bounds of `MIN_PROBABILITY`."""
    odds = max(probability, MIN_PROBABILITY) / max(1 - probability, MIN_PROBABILITY)
    return math.log(odds)


def _whole_list(text: str, marked: Sequence[Marked]) -> tuple[int, int]:
    """Widens the likeliest of the marked words over others that stand in one list with them."""
    start, end = marked[0].start, marked[0].end
    for other in sorted(marked[1:], key=lambda other: abs(other.start - start)):
        first, last = sorted([(start, end), (other.start, other.end)])
        gap = text[first[1] : last[0]]
        if len(gap) <= LIST_GAP_CHARS and _IN_ONE_LIST.fullmatch(gap):
            start, end = first[0], last[1]
    return start, end


def _whole(sentence: EvidenceSentence, start: int, end: int) -> tuple[int, int] | None:
    text = sentence.passage.stored.article.text
    start, end = complete(text, start, min(end, sentence.end))
    return (max(start, sentence.start), min(end, sentence.end)) if end > start else None
