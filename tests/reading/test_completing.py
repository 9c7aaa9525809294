"""What the reader marks is widened to what can stand alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.completing import complete


@pytest.mark.parametrize(
    ("text", "marked", "whole"),
    [
        ("其中新能源車產量達95.3萬輛，同比增長", "95.3", "95.3萬輛"),
        ("其中新能源車產量達95.3萬輛，同比增長", "3萬", "95.3萬輛"),
        ("汽車產量逾254萬輛，其中", "254萬", "逾254萬輛"),
        ("估值約為400億元人民幣，", "400億", "約為400億元人民幣"),
        ("佔比高達約82%，客戶", "82", "高達約82%"),
        ("由7萬元躍升至15萬元以上。", "15萬", "15萬元以上"),
        ("投資人民幣100億元。", "100億元", "人民幣100億元"),
        ("共1,234人出席", "234", "1,234人"),
        ("It raised about US$70 million in 2024.", "70", "about US$70 million"),
        ("They gave up 308 points in all.", "308", "308 points"),
        ("使用DeepSeek的模型", "Deep", "DeepSeek"),
        ("收看《時代雜誌》的報導", "時代雜誌》", "《時代雜誌》"),
        ("教授唐杰（清華大學）創辦", "唐杰（清華大學", "唐杰（清華大學）"),
        ("由清華大學教授唐杰牽頭", "唐杰", "唐杰"),
        ("，唐杰。", "，唐杰。", "唐杰"),
        ("在2024年4月30日", "2024年", "2024年"),
    ],
)
def test_numbers_keep_their_unit_and_names_are_whole(text: str, marked: str, whole: str) -> None:
    start = text.index(marked)
    a, b = complete(text, start, start + len(marked))
    assert text[a:b] == whole


@given(st.text("約逾3.5萬億輛元,，「」《》ab (", max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_whatever_is_marked_stays_inside_the_text_and_keeps_its_words(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    a, b = complete(text, start, end)
    assert 0 <= a <= b <= len(text)
    assert text[start:end].strip(" ，,") in text[a:b]
