"""What the retrieval legs propose to be ranked: the best of each, no passage of a story twice."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import numpy as np

from qa.errors import IndexDamagedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from qa.index import Generation
    from qa.text.periods import Period

__all__ = ["propose"]

logger = logging.getLogger(__name__)

SEASON = 190  # days; a longer time is named in the text, and has more articles than are worth ranking


def propose(
    generation: Generation,
    count: int,
    vector: NDArray[np.float32],
    keyword_legs: Iterable[NDArray[np.float32]],
    asked: Iterable[Period],
) -> NDArray[np.int64]:
    """Unites the best `count` of each leg, as fusion needs candidates from all, and what is from the time asked for.

    `keyword_legs` hold a score for every passage, shape (passages,).
    """
    count = min(count, generation.passage_count)
    legs = [scores.copy() for scores in keyword_legs]
    for scores in legs:
        scores[generation.repeated] = 0.0
    found = [_nearest(generation, vector, count), *(_best(scores, count) for scores in legs)]
    found += [_from_then(generation, period, count, vector, legs) for period in asked if period.days <= SEASON]
    return np.unique(np.concatenate(found))


def _nearest(generation: Generation, vector: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Returns the nearest passages that no other copy of their story has, asking for more until there are enough."""
    wanted = count
    while True:
        nearest = _search(generation, vector, wanted)
        fresh = nearest[~np.isin(nearest, generation.repeated)]
        if len(fresh) >= count or wanted == generation.passage_count:
            return fresh[:count]
        wanted = min(2 * wanted, generation.passage_count)


def _search(generation: Generation, vector: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Returns the nearest passages; compares all vectors, still mapped, where Chroma has lost its files."""
    try:
        return generation.nearest.search(vector, count)
    except IndexDamagedError as error:
        logger.warning("All vectors are compared instead: %s", error)
        return np.argsort(-(generation.passage_vectors.astype(np.float32) @ vector), kind="stable")[:count]


def _best(scores: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Returns the rows of the highest scores above nothing."""
    rows = np.argpartition(-scores, count - 1)[:count]
    return rows[scores[rows] > 0]


def _from_then(
    generation: Generation,
    period: Period,
    count: int,
    vector: NDArray[np.float32],
    legs: Iterable[NDArray[np.float32]],
) -> NDArray[np.int64]:
    """Returns the best passages of the articles published in a period."""
    first, last = period.start.toordinal(), period.end.toordinal()
    rows = np.setdiff1d(np.flatnonzero((generation.days >= first) & (generation.days <= last)), generation.repeated)
    if len(rows) <= count:
        return rows
    scores = [generation.passage_vectors[rows].astype(np.float32) @ vector, *(leg[rows] for leg in legs)]
    return np.unique(np.concatenate([rows[_best(some, count)] for some in scores]))
