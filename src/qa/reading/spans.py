"""The network's logits -> the most probable spans of each window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.reading.network import Outputs
    from qa.reading.pairs import Pair

__all__ = ["Span", "best_spans"]

MAX_SPAN_TOKENS = 40  # 99.5 % of the answers learnt from are shorter
SPANS = 3  # of each window, none overlapping another
SAME_READING = 0.5  # share of the tokens of two readings that both have

Span = tuple[int, int, float]  # start and end in code points of the window, and the probability


def best_spans(outputs: Outputs, pairs: Sequence[Pair]) -> list[list[Span]]:
    """Returns each window's most probable spans, best first.

    A reading of a window as `i` to `j` has the probability of that start times that of that end, as if the two were
    independent. A span's is the sum over all readings that are mostly the same: 95.3萬, 95.3萬輛 and 達95.3萬輛.
    """
    starts, ends = outputs.start.float().softmax(-1), outputs.end.float().softmax(-1)
    return [_spans(start, end, pair) for start, end, pair in zip(starts, ends, pairs, strict=True)]


def _spans(start: torch.Tensor, end: torch.Tensor, pair: Pair) -> list[Span]:
    window = slice(pair.first, pair.first + len(pair.offsets))
    scores = torch.outer(start[window], end[window]).triu().tril(MAX_SPAN_TOKENS - 1)
    every = scores.clone()
    found: list[Span] = []
    while len(found) < SPANS and float(scores.max()) > 0:
        first, last = divmod(int(scores.argmax()), len(scores))
        probability = float(every[_likeness(len(scores), first, last) >= SAME_READING].sum())
        found.append((pair.offsets[first][0], pair.offsets[last][1], probability))
        scores[: last + 1, first:] = (
            0  # every span that overlaps this one starts before its end and ends after its start
        )
    return found


def _likeness(count: int, first: int, last: int) -> torch.Tensor:
    """Returns the Jaccard index of every span `i` to `j` with `first` to `last`, shape (count, count)."""
    starts, ends = torch.arange(count).unsqueeze(1), torch.arange(count).unsqueeze(0)
    common = (ends.clamp_max(last) - starts.clamp_min(first) + 1).clamp_min(0)
    return common / (ends.clamp_min(last) - starts.clamp_max(first) + 1)
