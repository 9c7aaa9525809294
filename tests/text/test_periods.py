"""The periods that questions ask about and articles name."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.folding import fold
from qa.text.numerals import digits
from qa.text.periods import (
    Period,
    asked_periods,
    asks_for_latest,
    asks_for_whole_year,
    named_periods,
    tells_of_former,
)

TODAY = dt.date(2025, 9, 3)  # a Wednesday

ASKED = [
    ("昨天港口發生什麼事", "2025-09-02", "2025-09-02"),
    ("琴日發生咩事", "2025-09-02", "2025-09-02"),
    ("尋日股市點樣", "2025-09-02", "2025-09-02"),
    ("前天", "2025-09-01", "2025-09-01"),
    ("今日有什麼新聞", "2025-09-03", "2025-09-03"),
    ("三天前", "2025-08-31", "2025-08-31"),
    ("上週的會議", "2025-08-25", "2025-08-31"),
    ("上個禮拜", "2025-08-25", "2025-08-31"),
    ("上星期三", "2025-08-27", "2025-08-27"),
    ("上上周", "2025-08-18", "2025-08-24"),
    ("本周", "2025-09-01", "2025-09-07"),
    ("呢個星期", "2025-09-01", "2025-09-07"),
    ("下星期日", "2025-09-14", "2025-09-14"),
    ("兩週前", "2025-08-18", "2025-08-24"),
    ("過去一週", "2025-08-27", "2025-09-03"),
    ("最近三個月", "2025-06-02", "2025-09-03"),
    ("近半年", "2025-03-04", "2025-09-03"),
    ("上個月", "2025-08-01", "2025-08-31"),
    ("上月", "2025-08-01", "2025-08-31"),
    ("兩個月前", "2025-07-01", "2025-07-31"),
    ("7月", "2025-07-01", "2025-07-31"),
    ("十二月", "2024-12-01", "2024-12-31"),
    ("12月24日", "2024-12-24", "2024-12-24"),
    ("下個月", "2025-10-01", "2025-10-31"),
    ("7月30日", "2025-07-30", "2025-07-30"),
    ("2025-07-30", "2025-07-30", "2025-07-30"),
    ("去年", "2024-01-01", "2024-12-31"),
    ("舊年", "2024-01-01", "2024-12-31"),
    ("民國113年", "2024-01-01", "2024-12-31"),
    ("二○二四年", "2024-01-01", "2024-12-31"),
    ("三年前", "2022-01-01", "2022-12-31"),
    ("2024年上半年", "2024-01-01", "2024-06-30"),
    ("去年下半年", "2024-07-01", "2024-12-31"),
    ("上半年", "2025-01-01", "2025-06-30"),
    ("去年第三季", "2024-07-01", "2024-09-30"),
    ("2024年前三季度", "2024-01-01", "2024-09-30"),
    ("2024年首兩季", "2024-01-01", "2024-06-30"),
    ("2024年連續三季下跌", "2024-01-01", "2024-12-31"),
    ("2024年Q1營收", "2024-01-01", "2024-03-31"),
    ("2024Q4營收", "2024-10-01", "2024-12-31"),
    ("sales in May", "2025-05-01", "2025-05-31"),
    ("第二季度", "2025-04-01", "2025-06-30"),
    ("2024年1至6月", "2024-01-01", "2024-06-30"),
    ("民國113年3月", "2024-03-01", "2024-03-31"),
    ("yesterday", "2025-09-02", "2025-09-02"),
    ("last week", "2025-08-25", "2025-08-31"),
    ("last Monday", "2025-09-01", "2025-09-01"),
    ("two weeks ago", "2025-08-18", "2025-08-24"),
    ("3 days ago", "2025-08-31", "2025-08-31"),
    ("last month", "2025-08-01", "2025-08-31"),
    ("in July", "2025-07-01", "2025-07-31"),
    ("in December", "2024-12-01", "2024-12-31"),
    ("in May 2024", "2024-05-01", "2024-05-31"),
    ("on July 30, 2025", "2025-07-30", "2025-07-30"),
    ("on 30 July", "2025-07-30", "2025-07-30"),
    ("last year", "2024-01-01", "2024-12-31"),
    ("the first half of 2024", "2024-01-01", "2024-06-30"),
    ("the first half of last year", "2024-01-01", "2024-06-30"),
    ("Q1 2024", "2024-01-01", "2024-03-31"),
    ("in the past year", "2024-09-02", "2025-09-03"),
]


@pytest.mark.parametrize(("question", "first", "last"), ASKED)
def test_a_question_asks_about_a_period_counted_from_today(question: str, first: str, last: str) -> None:
    assert asked_periods(question, TODAY) == (Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last)),)


@pytest.mark.parametrize(("question", "first", "last"), [row for row in ASKED if not row[0].isascii()])
def test_the_simplified_question_asks_about_the_same(question: str, first: str, last: str) -> None:
    assert asked_periods(fold(question), TODAY) == asked_periods(question, TODAY)


@pytest.mark.parametrize(
    "question",
    ["重慶有多少人", "May I ask who founded it?", "本週刊", "一季節", "第7季節", "31月", "He marched on", "1999人"],
)
def test_other_questions_ask_about_no_period(question: str) -> None:
    assert asked_periods(question, TODAY) == ()


def test_two_years_are_two_periods() -> None:
    assert [period.start.year for period in asked_periods("2023年和2024年的產量", TODAY)] == [2023, 2024]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("最新的產量是多少", True), ("最近有什麼消息", True), ("目前有多少員工", True), ("而家嘅行政總裁係邊個", True),
        ("What is the latest figure?", True), ("How many employees does it have now?", True),
        ("離最近的車站有多遠", False), ("最近車站在哪", False), ("去年的產量", False), ("Who knows?", False),
    ],
)  # fmt: skip
def test_some_questions_ask_how_things_stand_now(question: str, expected: bool) -> None:
    assert asks_for_latest(question) is expected


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        ("上半年出口大增", "2024-12-05", ["2024-01-01 2024-06-30"]),
        ("第四季盈利", "2025-01-20", ["2024-10-01 2024-12-31"]),
        ("12月開業", "2025-01-05", ["2024-12-01 2024-12-31"]),
        ("9月將舉行", "2025-07-05", ["2025-09-01 2025-09-30"]),
        ("上星期（2025年8月）處理", "2025-08-27", ["2025-08-18 2025-08-24"]),
        ("7月30日起，2024年第四季", "2025-07-05", ["2025-07-30 2025-07-30", "2024-10-01 2024-12-31"]),
        ("on 30 July 2024, and it may be", "2025-07-05", ["2024-07-30 2024-07-30"]),
        ("2月30日", "2025-07-05", []),
    ],
)
def test_an_article_names_periods_that_count_from_its_day(text: str, day: str, expected: list[str]) -> None:
    found = named_periods(digits(fold(text)), dt.date.fromisoformat(day))
    assert [f"{period.start} {period.end}" for period in found] == expected


def test_without_a_day_a_month_needs_a_year() -> None:
    assert named_periods("7月", None) == []
    assert named_periods("2024年7月,8月", None) == [
        Period(dt.date(2024, 7, 1), dt.date(2024, 7, 31)),
        Period(dt.date(2024, 8, 1), dt.date(2024, 8, 31)),
    ]


@given(st.text() | st.text("上下去今年月日週星期一二三四0123456789 -至到前半季Qqh"), st.dates())
def test_no_text_and_no_day_is_too_odd(text: str, day: dt.date) -> None:
    for period in (*asked_periods(text, day), *named_periods(digits(fold(text)), day)):
        assert period.start <= period.end


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("去年廣東全年造了多少輛汽車？", True),
        ("What was the full-year output in 2024?", True),
        ("2024年廣東造了多少輛汽車？", False),
        ("全國去年造了多少輛汽車？", False),
    ],
)
def test_a_question_for_a_year_as_a_whole_is_known(question: str, expected: bool) -> None:
    assert asks_for_whole_year(question) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("居琰時任重慶經信委副主任，曾為此發出警告", True),
        ("Lin, the former mayor, opened the port", True),
        ("前任是林海生，現任總裁是張予彤", False),
        ("當時的總裁說", False),
    ],
)
def test_what_tells_who_somebody_was_and_not_who_they_are_is_known(text: str, expected: bool) -> None:
    assert tells_of_former(fold(text)) is expected


def test_a_year_in_brackets_belongs_to_the_half_that_follows() -> None:
    assert named_periods("今年(2025年)上半年,安徽", dt.date(2025, 12, 1)) == [
        Period(dt.date(2025, 1, 1), dt.date(2025, 6, 30))
    ]
