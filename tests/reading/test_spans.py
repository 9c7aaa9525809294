"""Logits become the most probable spans, in code points of the window."""

from __future__ import annotations

import pytest
import torch

from qa.reading.network import Outputs
from qa.reading.pairs import Pair
from qa.reading.spans import MAX_SPAN_TOKENS, best_spans

PAIR = Pair(tuple(range(8)), 3, ((0, 2), (2, 3), (3, 5), (5, 6)))


def logits(**at: float) -> torch.Tensor:
    """Returns one row over eight tokens with logits at some of them, very low elsewhere."""
    row = torch.full((1, 8), -1e4)
    for name, value in at.items():
        row[0, int(name[1:])] = value
    return row


def spans(start: torch.Tensor, end: torch.Tensor, pair: Pair = PAIR) -> list[tuple[int, int, float]]:
    return best_spans(Outputs(start, end, torch.zeros(1)), [pair])[0]


def test_the_best_span_runs_from_its_first_token_to_its_last() -> None:
    found = spans(logits(t4=5.0), logits(t5=5.0))
    assert found[0][:2] == (2, 5)
    assert found[0][2] == pytest.approx(1.0)


def test_the_probability_adds_up_readings_that_are_mostly_the_same() -> None:
    (first, second) = spans(logits(t3=0.0, t6=0.0), logits(t4=0.0, t6=0.0))[:2]
    assert {first[:2], second[:2]} == {(0, 3), (5, 6)}
    # Three readings have 1/2 * 1/2 each: tokens 0-1, 0-3 and 3; the second shares half its tokens with the first.
    assert [first[2], second[2]] == pytest.approx([0.5, 0.25])


def test_no_span_ends_before_it_starts() -> None:
    assert [span[:2] for span in spans(logits(t6=0.0), logits(t3=0.0))] in ([], [(5, 6)])


def test_spans_do_not_overlap() -> None:
    torch.manual_seed(0)
    found = spans(torch.randn(1, 8), torch.randn(1, 8))
    assert all(a[1] <= b[0] or b[1] <= a[0] for at, a in enumerate(found) for b in found[:at])


def test_a_span_is_never_longer_than_answers_are() -> None:
    count = MAX_SPAN_TOKENS + 10
    pair = Pair(tuple(range(count + 3)), 2, tuple((at, at + 1) for at in range(count)))
    start, end = torch.zeros(1, count + 3), torch.zeros(1, count + 3)
    start[0, 2], end[0, count + 1] = 9.0, 9.0
    assert all(b - a <= MAX_SPAN_TOKENS for a, b, _ in spans(start, end, pair))
