"""Figures that compare across scripts, units and currencies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.amounts import Amount, agree, amounts
from qa.text.folding import fold
from qa.text.numerals import readable


def found(text: str) -> list[Amount]:
    return amounts(readable(fold(text)))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("95.3萬輛", [953_000]),
        ("18萬4千人次", [184_000]),
        ("２，５４０，０００輛", [2_540_000]),
        ("二十五個國家", [25]),
        ("逾9成", [0.9]),
        ("一成二", [0.12]),
        ("百分之三十", [0.3]),
        ("三分之一", [1 / 3]),
        ("two-thirds of them", [2 / 3]),
        ("a third of the trees", [1 / 3]),
        ("rose by a tenth thanks to rain", [0.1]),
        ("a third attempt", [3]),
        ("首次登頂", [1]),
        ("HK$3.65 billion", [3.65e9]),
        ("43,110百萬元", [43.11e9]),
        ("twenty-five countries", [25]),
        ("one hundred and twenty people", [120]),
        ("half a million", [500_000]),
        ("1小時20分鐘", [80]),
        ("突破百萬輛", [1e6]),
        ("850兆瓦", [850_000]),
        ("榜首", [1]),
        ("兩萬盒", [20_000]),
        ("一億兩千五百萬人", [125e6]),
        ("百日內", [144_000]),
        ("兩小時", [120]),
        ("8平方呎", [0.743224]),
        ("問界M9和R2", []),
        ("34 pence", [0.34]),
        ("50 cents", [0.5]),
        ("a year and a half", [18]),
        ("一年半後", [18]),
        ("two decades", [240]),
        ("訂單增加一倍", [2]),
        ("orders doubled", [2]),
        ("shipments were halved", [0.5]),
        ("早上六點開售", [6]),
        ("晚一點退休", [1]),
        ("數百萬人", []),
        ("百模大戰", []),
    ],
)
def test_figures_are_read_in_their_base_unit(text: str, values: list[float]) -> None:
    assert [amount.value for amount in found(text)] == pytest.approx(values)


@pytest.mark.parametrize(
    ("said", "held", "same"),
    [
        ("953,000 vehicles", "95.3萬輛", True),
        ("95.3億輛", "95.3萬輛", False),
        ("400億元", "400億元人民幣", True),
        ("400億美元", "400億元人民幣", False),
        ("$400億", "400億美元", True),
        ("40 billion yuan", "400億元", True),
        ("90%", "9成", True),
        ("9個", "9成", False),
        ("48.7萬公斤", "48.7萬噸", False),
        ("487,000 tonnes", "48.7萬噸", True),
        ("兩天", "48小時", True),
        ("8平方呎", "8平方米", False),
        ("at least 8 square metres", "不得少於8平方米", True),
        ("不得多於8平方米", "不得少於8平方米", False),
        ("約95萬輛", "95.3萬輛", True),
        ("95萬輛", "95.3萬輛", False),
        ("約98萬輛", "95.3萬輛", False),
        ("超過95萬輛", "95.3萬輛", True),
        ("nearly 1 million", "95.3萬", True),
        ("超過10個", "少於10個", False),
        ("fewer than 10", "少於10個", True),
        ("第三", "3人", True),
    ],
)
def test_figures_agree_where_they_say_the_same_or_are_rounded_as_they_say(said: str, held: str, same: bool) -> None:
    assert agree(found(said)[0], found(held)[0]) is same


@given(st.text(max_size=60))
def test_any_text_can_be_searched_for_figures(text: str) -> None:
    prepared = readable(fold(text))
    for amount in amounts(prepared):
        assert 0 <= amount.start < amount.end <= len(prepared)
