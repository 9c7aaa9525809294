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

Span = tuple[int, int, float]  # start and end in code points of the window, and the probability


def best_spans(outputs: Outputs, pairs: Sequence[Pair]) -> list[list[Span]]:
    """Returns each window's most probable spans, best first.

    A span's probability is that of its start times that of its end, as if the two were independent.
    """
    starts, ends = outputs.start.float().softmax(-1), outputs.end.float().softmax(-1)
    return [_spans(start, end, pair) for start, end, pair in zip(starts, ends, pairs, strict=True)]


def _spans(start: torch.Tensor, end: torch.Tensor, pair: Pair) -> list[Span]:
    window = slice(pair.first, pair.first + len(pair.offsets))
    scores = torch.outer(start[window], end[window]).triu().tril(MAX_SPAN_TOKENS - 1)
    found: list[Span] = []
    while len(found) < SPANS and float(scores.max()) > 0:
        first, last = divmod(int(scores.argmax()), len(scores))
        found.append((pair.offsets[first][0], pair.offsets[last][1], float(scores[first, last])))
        scores[: last + 1, first:] = (
            0  # every span that overlaps this one starts before its end and ends after its start
        )
    return found
