"""Shares with their 95 % intervals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["percent", "share_with_interval"]

Z = 1.96  # two-sided 95 %


def share_with_interval(successes: Sequence[bool]) -> tuple[float, float, float]:
    """Returns a share and its Wilson score interval (Wilson 1927), all in percent."""
    count = len(successes)
    share = sum(successes) / count
    centre = (share + Z**2 / (2 * count)) / (1 + Z**2 / count)
    half = Z / (1 + Z**2 / count) * math.sqrt(share * (1 - share) / count + Z**2 / (4 * count**2))
    return 100 * share, 100 * (centre - half), 100 * (centre + half)


def percent(successes: Sequence[bool]) -> str:
    """Writes a share as `91.5 [89.9, 92.9]`."""
    if not successes:
        return "-"
    share, low, high = share_with_interval(successes)
    return f"{share:.1f} [{low:.1f}, {high:.1f}]"
