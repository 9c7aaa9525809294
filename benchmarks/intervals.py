"""Shares with their 95 % intervals."""

from __future__ import annotations

import math
import statistics
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["mean_percent", "percent", "roc_auc", "share_with_interval"]

Z = 1.96  # two-sided 95 %


def share_with_interval(successes: Sequence[bool]) -> tuple[float, float, float]:
    """Returns a share and its Wilson score interval (Wilson 1927), all in percent."""
    count = len(successes)
    share = sum(successes) / count
    centre = (share + Z**2 / (2 * count)) / (1 + Z**2 / count)
    half = Z / (1 + Z**2 / count) * math.sqrt(share * (1 - share) / count + Z**2 / (4 * count**2))
    return 100 * share, 100 * (centre - half), 100 * (centre + half)


def mean_percent(values: Sequence[float]) -> str:
    """Writes the mean of values from 0 to 1 as `74.2 [71.0, 77.4]`, by the normal approximation."""
    if len(values) < 2:
        return "-"
    mean, half = statistics.mean(values), Z * statistics.stdev(values) / math.sqrt(len(values))
    return f"{100 * mean:.1f} [{100 * (mean - half):.1f}, {100 * (mean + half):.1f}]"


def roc_auc(right: Sequence[float], wrong: Sequence[float]) -> str:
    """Writes the share of pairs ranked rightly, ties counting half, with its interval (Hanley and McNeil 1982)."""
    if not right or not wrong:
        return "-"
    wins = sum((a > b) + 0.5 * (a == b) for a in right for b in wrong)
    area = wins / (len(right) * len(wrong))
    by_right, by_wrong = area / (2 - area) - area**2, 2 * area**2 / (1 + area) - area**2
    spread = (area * (1 - area) + (len(right) - 1) * by_right + (len(wrong) - 1) * by_wrong) / (len(right) * len(wrong))
    half = Z * math.sqrt(max(spread, 0.0))
    return f"{area:.3f} [{area - half:.3f}, {min(1.0, area + half):.3f}]"


def percent(successes: Sequence[bool]) -> str:
    """Writes a share as `91.5 [89.9, 92.9]`."""
    if not successes:
        return "-"
    share, low, high = share_with_interval(successes)
    return f"{share:.1f} [{low:.1f}, {high:.1f}]"
