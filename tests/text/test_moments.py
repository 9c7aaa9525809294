"""Dates that compare across calendars and languages."""

from __future__ import annotations

import pytest

from qa.text.folding import fold
from qa.text.moments import moments
from qa.text.numerals import readable


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("2024年7月30日", [(2024, 7, 30, "")]),
        ("民國113年3月", [(2024, 3, None, "")]),
        ("二〇二四年", [(2024, None, None, "")]),
        ("July 30, 2024", [(2024, 7, 30, "")]),
        ("30 July 2024", [(2024, 7, 30, "")]),
        ("2024-07-30", [(2024, 7, 30, "")]),
        ("in May", [(None, 5, None, "")]),
        ("it may rise", []),
        ("三個月", []),
        ("2025年2月和3月", [(2025, 2, None, ""), (None, 3, None, "")]),
        ("2025年上半年", [(2025, None, None, ""), (None, None, None, "h1")]),
        ("the second half of 2025", [(None, None, None, "h2"), (2025, None, None, "")]),
        ("第三季", [(None, None, None, "q3")]),
        ("2024萬輛", []),
        ("13月", []),
        ("1至10月", [(None, 1, None, ""), (None, 10, None, "")]),
        ("首10個月", [(None, 1, None, ""), (None, 10, None, "")]),
        ("the first 9 months", [(None, 1, None, ""), (None, 9, None, "")]),
    ],
)
def test_dates_are_read_alike(text: str, dates: list[tuple[int | None, int | None, int | None, str]]) -> None:
    found = moments(readable(fold(text)))
    assert [(one.year, one.month, one.day, one.part) for one in found] == dates
