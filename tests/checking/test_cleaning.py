"""What of a model's sentence may be shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.checking.cleaning import clean

KNOWN = frozenset((1, 2, 3))


@pytest.mark.parametrize(
    ("sentence", "text", "numbers"),
    [
        ("產量達95.3萬輛[1]。", "產量達95.3萬輛。", (1,)),
        ("產量達95.3萬輛。[1]", "產量達95.3萬輛。", (1,)),
        ("[1] 產量達95.3萬輛。", "產量達95.3萬輛。", (1,)),
        ("產量[2]達95.3萬輛[1]。", "產量達95.3萬輛。", (2, 1)),
        ("產量達95.3萬輛[1][1][2]。", "產量達95.3萬輛。", (1, 2)),
        ("產量達95.3萬輛［1］。", "產量達95.3萬輛。", (1,)),
        ("產量達95.3萬輛【1】。", "產量達95.3萬輛。", (1,)),
        ("產量達95.3萬輛【1†source】。", "產量達95.3萬輛。", (1,)),
        ("產量達95.3萬輛[編號1]。", "產量達95.3萬輛。", (1,)),
        ("產量達95.3萬輛[编号 2]。", "產量達95.3萬輛。", (2,)),
        ("產量達95.3萬輛（編號1）。", "產量達95.3萬輛。", (1,)),
        ("產量達95.3萬輛(1)。", "產量達95.3萬輛。", (1,)),
        ("產量達95.3萬輛（1）（2）。", "產量達95.3萬輛。", (1, 2)),
        ("產量達95.3萬輛[1,2]。", "產量達95.3萬輛。", (1, 2)),
        ("產量達95.3萬輛[1、3]。", "產量達95.3萬輛。", (1, 3)),
        ("產量達95.3萬輛[1-3]。", "產量達95.3萬輛。", (1, 2, 3)),
        ("產量達95.3萬輛[1]-[3]。", "產量達95.3萬輛-。", (1, 3)),
        ("產量達95.3萬輛[^1]。", "產量達95.3萬輛。", (1,)),
        ("產量達95.3萬輛[[1]]。", "產量達95.3萬輛。", (1,)),
        ("產量達95.3萬輛<sup>1</sup>。", "產量達95.3萬輛。", (1,)),
        ("產量達95.3萬輛¹。", "產量達95.3萬輛。", (1,)),
        ("產量達95.3萬輛[citation:1]。", "產量達95.3萬輛。", (1,)),
        ("產量達95.3萬輛[Source 1]。", "產量達95.3萬輛。", (1,)),
        ("產量達95.3萬輛[１]。", "產量達95.3萬輛。", (1,)),
        ("產量達95.3萬輛[1](https://example.org)。", "產量達95.3萬輛。", (1,)),
        ("產量達95.3萬輛[1][9]。", "產量達95.3萬輛。", (1,)),
        ("產量達95.3萬輛[9]。", "產量達95.3萬輛。", ()),
        ("產量達95.3萬輛[", "產量達95.3萬輛", ()),
        ("產量達95.3萬輛[1", "產量達95.3萬輛", ()),
        ("(1) 產量達95.3萬輛[2]。", "產量達95.3萬輛。", (1, 2)),
        ("Output reached 953,000 [1].", "Output reached 953,000.", (1,)),
        ("Output (1), exports (2) and jobs [3].", "Output, exports and jobs.", (1, 2, 3)),
        ("The target year (2024) was met [1].", "The target year (2024) was met.", (1,)),
        ("第(4)款不適用[1]。", "第(4)款不適用。", (1,)),
        ("「1+8+1000」的目標[1]。", "「1+8+1000」的目標。", (1,)),
        ("- **產量**達`95.3`萬輛[1]。", "產量達95.3萬輛。", (1,)),
        ("1. 產量達95.3萬輛[1]。", "產量達95.3萬輛。", (1,)),
    ],
)
def test_marks_are_understood_or_removed(sentence: str, text: str, numbers: tuple[int, ...]) -> None:
    assert clean(sentence, KNOWN, "zh-Hant" if "產" in text else "en") == (text, numbers)


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("見[這裏](https://evil.example/x?y=(z))。", "見這裏。"),
        ("見![圖](https://evil.example/p.png)這裏。", "見這裏。"),
        ("見[這裏][ref]。\n[ref]: https://evil.example", "見這裏。"),
        ("見<https://evil.example>。", "見。"),
        ("見https://evil.example/路。", "見路。"),
        ("見 www.evil.example/a。", "見。"),
        ("見evil.example/a?b=c。", "見。"),
        ("見 mailto:someone@evil.example 。", "見。"),
        ("寫信給someone@evil.example。", "寫信給。"),
        ("見[這裏](javascript:alert(1))。", "見這裏。"),
        ("見javascript:alert(1)。", "見。"),
        ("見<a href='https://evil.example'>這裏</a>。", "見這裏。"),
        ("見<img src=x onerror=alert(1)>這裏。", "見這裏。"),
        ("見這裏<img src=x onerror=alert(1)", "見這裏"),
        ("見&lt;script&gt;alert(1)&lt;/script&gt;這裏。", "見這裏。"),
        ("見<scr<script>ipt>alert(1)</script>這裏。", "見"),
        ("見\u200b這\u202e裏\U000e0041。", "見這裏。"),
        ("見h\u200bttps://evil.example。", "見。"),
        ("5 < 7，而3 > 2。", "5 < 7，而3 > 2。"),
    ],
)
def test_nothing_foreign_is_linked_or_shown(sentence: str, text: str) -> None:
    assert clean(sentence, KNOWN, "zh-Hant")[0] == text


@given(st.text(max_size=80))
def test_any_text_can_be_cleaned(sentence: str) -> None:
    text, numbers = clean(sentence, KNOWN, "zh-Hant")
    assert set(numbers) <= KNOWN
    assert text == text.strip()
