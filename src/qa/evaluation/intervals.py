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
    centre = (value + Z**2 / (2 * count)) / (1 + Z**2 / count)
    half = Z / (1 + Z**2 / count) * math.sqrt(value * (1 - value) / count + Z**2 / (4 * count**2))
    return Estimate(value, max(0.0, centre - half), min(1.0, centre + half), count)


def mean(values: Sequence[float]) -> Estimate:
    """Returns a mean with its interval by the normal approximation.

    Raises:
        ValueError: there are none.
    """
    if not values:
        raise ValueError("no observations")
    value = statistics.fmean(values)
    half = Z * statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else 0.0
    return Estimate(value, value - half, value + half, len(values))


def roc_auc(right: Sequence[float], wrong: Sequence[float]) -> Estimate:
    """Returns the share of pairs ranked rightly, ties counting half, with its interval (Hanley and McNeil 1982).

    Raises:
        ValueError: one of the two is empty.
    """
    if not right or not wrong:
        raise ValueError("no observations")
    pairs = len(right) * len(wrong)
    area = sum((a > b) + 0.5 * (a == b) for a in right for b in wrong) / pairs
    by_right, by_wrong = area / (2 - area) - area**2, 2 * area**2 / (1 + area) - area**2
    spread = (area * (1 - area) + (len(right) - 1) * by_right + (len(wrong) - 1) * by_wrong) / pairs
    half = Z * math.sqrt(max(spread, 0.0))
    return Estimate(area, max(0.0, area - half), min(1.0, area + half), len(right) + len(wrong))
