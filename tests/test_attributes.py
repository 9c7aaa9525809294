"""X的R asked, Y的R told."""

from __future__ import annotations

import pytest

from qa.attributes import tells_of_another


@pytest.mark.parametrize(
    ("question", "sentence", "before", "expected"),
    [
        ("百川智能的創始人是誰", "MiniMax創始人閆俊傑解釋，模型就是產品。", "", True),
        ("月之暗面目前的估值是多少？", "智譜的估值約為400億元，兩家公司都急於上市。", "", True),
        ("成都的面積有多大", "重慶面積8.24萬平方公里。", "", True),
        ("智譜的估值是多少？", "智譜的估值約為400億元，MiniMax的估值約為288億元。", "", False),
        ("百川智能的創始人是誰", "創始人王小川解釋，醫療是核心。", "", False),  # of whomever was spoken of before
        ("百川智能的創始人是誰", "該公司的創始人王小川解釋，醫療是核心。", "", False),
        ("百川智能的創始人是誰", "Hub的創始人也來了。", "百川智能請了一位客人。", False),
        ("白䲟的體長可達多少公分？", "體長可達35公分。", "", False),
        ("創始人是誰", "MiniMax創始人閆俊傑解釋，模型就是產品。", "", False),
        ("智谱的估值", "月之暗面的營收是多少，沒有人知道。", "", False),
    ],
)
def test_what_is_told_of_another_is_known(question: str, sentence: str, before: str, expected: bool) -> None:
    assert tells_of_another(question, sentence, before) is expected
