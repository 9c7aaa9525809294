"""Shares, means and areas as a table shows them, with their 95 % intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.evaluation import intervals

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["mean_percent", "percent", "roc_auc"]


def percent(successes: Sequence[bool]) -> str:
    """Writes a share as `91.5 [89.9, 92.9]`."""
    return _in_percent(intervals.share(successes)) if successes else "-"


def mean_percent(values: Sequence[float]) -> str:
    """Writes the mean of values from 0 to 1 as `74.2 [71.0, 77.4]`."""
    return _in_percent(intervals.mean(values)) if len(values) > 1 else "-"


def roc_auc(right: Sequence[float], wrong: Sequence[float]) -> str:
    """Writes the share of pairs ranked rightly as `0.973 [0.960, 0.986]`."""
    if not right or not wrong:
        return "-"
    found = intervals.roc_auc(right, wrong)
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}]"


def _in_percent(found: intervals.Estimate) -> str:
    return f"{100 * found.value:.1f} [{100 * found.low:.1f}, {100 * found.high:.1f}]"
