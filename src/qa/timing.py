"""How well evidence fits the time that a question asks about, by the dates in it and by its article's own."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING

import numpy as np

from qa.text.folding import fold
from qa.text.numerals import digits
from qa.text.periods import named_periods

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from numpy.typing import NDArray

    from qa.index import StoredPassage
    from qa.text.periods import Period

__all__ = ["OTHER_TIME", "time_gains", "timeliness"]

OTHER_TIME = -1.0  # timeliness of what speaks of other times only
PUBLISHED_THEN = 0.6  # the article is from that time, and nothing in the sentence says otherwise
SPEAKS_OF_OTHER = 0.3  # the article is from that time, but the sentence looks back or ahead
AFTERWARDS = 0.2  # published soon after, when such things are reported
ELSEWHEN = -0.4  # published at another time, without a date of its own
PASSAGE_TIME_WEIGHT = 0.08  # times how well it fits the time asked for
TIE_WEIGHT = 0.005  # times how new it is, whatever is asked: equally good evidence hardly differs by more
TIME_MARGIN = 0.35  # of score: passages further behind the best one do not catch up
NEWNESS_WEIGHT = 0.04  # times how new it is where the latest is asked for; more puts another subject first
NEWNESS_MARGIN = 0.2  # of score: passages further behind the best one do not say what is newest
YEAR = 365
HALF_LIFE = 30  # days behind the newest article at which newness counts half


def timeliness(
    asked: Collection[Period],
    named: Collection[Period],
    published: dt.date | None,
    is_own: bool = True,
    whole_year: bool = False,
) -> float:
    """Returns 1 for evidence about a time asked for, -1 for evidence about others, 0 where neither can be told.

    With `whole_year`, evidence about parts of a year alone is about others.
    Where a sentence only goes on about what one before it named, `is_own` is false, and it may be about something else.
    Where whole years are asked for and named, the years themselves tell: see `EvidenceSentence.other_year`.
    """
    if whole_year and named and max(period.days for period in named) < YEAR:
        return OTHER_TIME
    if not asked or (named and min(period.days for period in asked) >= YEAR):
        return 0.0
    if any(period.holds(other) for period in asked for other in named):
        return 1.0
    speaks_of_other = bool(named) and not any(other.meets(period) for period in asked for other in named)
    by_publication = _published_then(asked, published) if published else 0.0
    if speaks_of_other:
        elsewhen = OTHER_TIME if is_own else ELSEWHEN
        return SPEAKS_OF_OTHER if by_publication == PUBLISHED_THEN else elsewhen
    return max(0.0, by_publication) if named else by_publication


def _published_then(asked: Collection[Period], published: dt.date) -> float:
    if any(period.start <= published <= period.end for period in asked):
        return PUBLISHED_THEN
    if any(period.start <= published <= period.end + dt.timedelta(days=period.days) for period in asked):
        return AFTERWARDS
    return ELSEWHEN


def time_gains(
    asked: Collection[Period],
    latest: bool,
    passage: Callable[[int], StoredPassage],
    days: NDArray[np.int64],
    scores: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Returns what passages gain or lose by their time: hardly anything where the question asks for none.

    `days` are ordinals of publication, 0 without one; `passage` returns the one at a place, and is only asked for those
    that score near the best, where a time is asked for. Arrays have shape (passages,).
    """
    gains = TIE_WEIGHT * _newness(days)
    if asked:
        for at in np.flatnonzero(scores >= scores.max() - TIME_MARGIN):
            gains[at] += PASSAGE_TIME_WEIGHT * _timeliness(asked, passage(int(at)))
    if latest:
        good = scores >= scores.max() - NEWNESS_MARGIN
        gains[good] += NEWNESS_WEIGHT * _newness(days[good])
    return gains.astype(np.float32)


def _timeliness(asked: Collection[Period], stored: StoredPassage) -> float:
    text, day = stored.dated(stored.passage.start, stored.passage.end), stored.article.published
    return timeliness(asked, _periods_in(text, day), day)


@functools.lru_cache(maxsize=8192)
def _periods_in(text: str, day: dt.date | None) -> list[Period]:
    return named_periods(digits(fold(text)), day)


def _newness(days: NDArray[np.int64]) -> NDArray[np.float64]:
    """Returns how new each of some articles is beside the newest of them, from 1 down to 0; undated ones get 0."""
    return np.where(days > 0, HALF_LIFE / (HALF_LIFE + days.max() - days), 0.0)
