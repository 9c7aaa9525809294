"""The form in which texts are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.folding import (
    fold,
    has_han,
    has_wrong_script,
    in_script,
    is_simplified,
    plain,
    to_simplified,
    to_traditional,
)

# OpenCC turns 薴 into 苧 and 苧 into 苎: the only character whose Simplified form has another.
TEXTS = st.text(st.characters(exclude_characters="薴苧"), max_size=40)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("臺灣２０２５", "台湾2025"),
        ("台灣", "臺灣"),
        ("ＡＩ", "ai"),
        ("新能源車", "新能源车"),
        ("ﬁle", "FILE"),
        ("①", "1"),
        ("soft\u00adware", "software"),
        ("重\u200b慶", "重慶"),
        ("\ufeff港口", "港口"),
        ("龍", "龙"),
    ],
)
def test_the_same_words_fold_to_the_same_form(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("港口", "港囗"), ("resume", "résumé"), ("3.5", "35"), ("甲乙", "乙甲")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(), max_size=40))
def test_what_is_left_can_be_written_as_utf_8(text: str) -> None:
    fold(text).encode("utf-8")
    assert "\x00" not in plain(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\x00b", "a b"), ("\ud800好", " 好"), ("\u202e好\u202c", "好"), ("甲\n乙\t丙", "甲\n乙\t丙")],
)
def test_plain_takes_out_what_cannot_be_read(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("abc", False), ("〇", True), ("カナ", False), ("a港", True), ("𠮷", True)]
)
def test_chinese_is_told_from_other_scripts(text: str, expected: bool) -> None:
    assert has_han(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("重慶的新能源車產量", False),
        ("重庆的新能源车产量", True),
        ("台北的公里數", False),
        ("皇后大道", False),
        ("香港人口", False),  # the same in both
        ("六小龙上市了吗", True),
    ],
)
def test_simplified_is_told_from_traditional(text: str, expected: bool) -> None:
    assert is_simplified(text) is expected


def test_scripts_convert_both_ways() -> None:
    assert to_simplified("電動車") == "电动车"
    assert to_traditional("电动车") == "電動車"


@pytest.mark.parametrize(
    ("text", "language", "wrong"),
    [
        ("文章裏沒有", "zh-Hant", False),
        ("文章里没有", "zh-Hant", True),
        ("文章里没有", "zh-Hans", False),
        ("文章裏沒有", "zh-Hans", True),
        ("里面有云", "en", False),
        ("公里", "zh-Hant", False),
    ],
)
def test_characters_of_the_other_script_are_found(text: str, language: str, wrong: bool) -> None:
    assert has_wrong_script(text, language) is wrong


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("重庆的新能源車", "zh-Hant", "重慶的新能源車"),
        ("皇后走了三公里", "zh-Hant", "皇后走了三公里"),
        ("重慶的新能源车", "zh-Hans", "重庆的新能源车"),
        ("BYD is 比亚迪", "en", "BYD is 比亚迪"),
    ],
)
def test_a_text_is_converted_only_where_it_holds_the_other_script(text: str, language: str, expected: str) -> None:
    assert in_script(text, language) == expected
