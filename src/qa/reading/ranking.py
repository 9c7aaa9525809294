"""Reading and retrieval together: evidence sentences ranked anew, each with the words that answer in it."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

from qa.reading.completing import complete

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qa.reading.reader import Marked, Reading
    from qa.retrieve import EvidenceSentence

__all__ = ["logit", "rank_by_reading"]

MIN_PROBABILITY = 0.001  # the reader is never surer than a thousand to one


def rank_by_reading(sentences: Sequence[EvidenceSentence], readings: Sequence[Reading]) -> list[EvidenceSentence]:
    """Gives each sentence what the reader says of it, and sorts them by score, best first."""
    return sorted((_read(sentence, readings) for sentence in sentences), key=lambda sentence: -sentence.score)


def _read(sentence: EvidenceSentence, readings: Iterable[Reading]) -> EvidenceSentence:
    """Adds up the marked words that begin in a sentence: they are readings of one and the same answer."""
    article = sentence.passage.stored.article
    for reading in readings:
        window = reading.window
        if window.stored.article.id != article.id or not window.start <= sentence.start < window.end:
            continue
        inside = [marked for marked in reading.marked if sentence.start <= marked.start < sentence.end]
        if inside:
            share = sum(marked.probability for marked in inside)
            return dataclasses.replace(
                sentence, reading=logit(reading.answers * share), words=_whole(sentence, inside[0])
            )
    return dataclasses.replace(sentence, reading=logit(0.0))


def logit(probability: float) -> float:
    """Returns the logarithm of the odds, within the bounds of `MIN_PROBABILITY`."""
    odds = max(probability, MIN_PROBABILITY) / max(1 - probability, MIN_PROBABILITY)
    return math.log(odds)


def _whole(sentence: EvidenceSentence, marked: Marked) -> tuple[int, int] | None:
    text = sentence.passage.stored.article.text
    start, end = complete(text, marked.start, min(marked.end, sentence.end))
    return (max(start, sentence.start), min(end, sentence.end)) if end > start else None
