"""Chinese numerals as digits, and the names that only look like them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.folding import fold
from qa.text.numerals import digits

NO_NUMERALS = [
    "百度", "千問", "萬科", "三星", "零一萬物", "和零一萬物的", "百川", "千里", "百年", "萬一", "億人", "三人",
    "一起", "12,34", "第一", "六小龍", "統一企業", "百千", "十十", "廿五",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("二○二五年", "2025年"),
        ("二〇二五年", "2025年"),
        ("二零二五年", "2025年"),
        ("民國114年", "2025年"),
        ("民國一百一十四年", "2025年"),
        ("民國元年", "1912年"),
        ("民國八年", "1919年"),
        ("民國 114 年", "2025年"),
        ("三百二十", "320"),
        ("兩千零五", "2005"),
        ("一百", "100"),
        ("一百零一", "101"),
        ("十八歲", "18岁"),
        ("十月", "10月"),
        ("二十一世紀", "21世纪"),
        ("一百二", "120"),
        ("三千萬", "3000万"),
        ("三十多人", "30多人"),
        ("百分之二十", "百分之20"),
        ("百分之三點五", "百分之3.5"),
        ("三點五萬輛", "3.5万辆"),
        ("九十五點三萬輛", "95.3万辆"),
        ("二十三點零五公里", "23.05公里"),
        ("下午三點五十分", "下午三点50分"),
        ("1,200,000輛", "1200000辆"),
        ("１２３", "123"),
    ],
)
def test_numerals_become_digits(text: str, expected: str) -> None:
    assert digits(fold(text)) == expected


@pytest.mark.parametrize("text", NO_NUMERALS)
def test_names_and_what_is_no_numeral_stay(text: str) -> None:
    assert digits(fold(text)) == fold(text)


@given(st.integers(1, 9999))
def test_a_number_read_aloud_comes_back(number: int) -> None:
    import cn2an

    spelled = cn2an.an2cn(number)
    expected = str(number) if number >= 10 else spelled  # a single numeral stays: it may be part of any word
    assert digits(f"共{spelled}人") == f"共{expected}人"


@given(st.integers(1500, 2099))
def test_a_spelled_year_comes_back(year: int) -> None:
    spelled = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(year))
    assert digits(f"{spelled}年") == f"{year}年"


@given(st.text("〇一二三四五六七八九十百千万亿零两点年0123456789,.", max_size=20))
def test_no_run_of_numerals_makes_it_fail(text: str) -> None:
    assert isinstance(digits(text), str)
