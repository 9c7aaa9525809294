"""Shares and means with their 95 % intervals."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Estimate", "mean", "roc_auc", "share"]

Z = 1.96  # two-sided 95 %


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval and the number of observations."""

    value: float
    low: float
    high: float
    count: int


def share(successes: Sequence[bool]) -> Estimate:
    """Returns a share, 0 to 1, with its Wilson score interval (Wilson 1927).

    Raises:
        ValueError: there are none.
    """
    count = len(successes)
    if not count:
        raise ValueError("no observations")
    value = sum(successes) / count
    return Estimate(value, *_wilson(value, count), count)


def mean(values: Sequence[float]) -> Estimate:
    """Returns the mean of values from 0 to 1 with its interval by the normal approximation.

    Where all are alike they show no spread; the interval is that of a share.

    Raises:
        ValueError: there are none.
    """
    if not values:
        raise ValueError("no observations")
    value = statistics.fmean(values)
    if min(values) == max(values):
        return Estimate(value, *_wilson(value, len(values)), len(values))
    half = Z * statistics.stdev(values) / math.sqrt(len(values))
    return Estimate(value, *_around(value, half), len(values))


def roc_auc(right: Sequence[float], wrong: Sequence[float]) -> Estimate:
    """Returns the share of pairs ranked rightly, ties counting half, with its interval (Hanley and McNeil 1982).

    Where all are ranked alike the interval is that of a share of the smaller side.

    Raises:
        ValueError: one of the two is empty.
    """
    if not right or not wrong:
        raise ValueError("no observations")
    pairs = len(right) * len(wrong)
    area = sum((a > b) + 0.5 * (a == b) for a in right for b in wrong) / pairs
    count = len(right) + len(wrong)
    if area in (0.0, 1.0):
        return Estimate(area, *_wilson(area, min(len(right), len(wrong))), count)
    by_right, by_wrong = area / (2 - area) - area**2, 2 * area**2 / (1 + area) - area**2
    spread = (area * (1 - area) + (len(right) - 1) * by_right + (len(wrong) - 1) * by_wrong) / pairs
    return Estimate(area, *_around(area, Z * math.sqrt(max(spread, 0.0))), count)


def _wilson(value: float, count: int) -> tuple[float, float]:
    centre = (value + Z**2 / (2 * count)) / (1 + Z**2 / count)
    half = Z / (1 + Z**2 / count) * math.sqrt(value * (1 - value) / count + Z**2 / (4 * count**2))
    return _around(centre, half)


def _around(value: float, half: float) -> tuple[float, float]:
    return max(0.0, value - half), min(1.0, value + half)
