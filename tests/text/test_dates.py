"""Words of time and the dates they mean."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.dates import about_years, annotate, time_notes, with_dates, years

DAY = dt.date(2025, 7, 30)

NO_DATES = [
    "明日報", "光明日報", "說明天氣", "今日頭條", "前日本首相", "目前年產量", "目前日均", "之前天津", "提前年份",
    "生前日記", "多年來年均增長", "近年來年輕人", "未來年份", "過去年輕", "如今年輕人", "五十歲以上年長者",
    "網上年費", "上年紀", "2020年起不同年齡的人", "2020年的同年級生", "2020年應該年底完成", "2020年多次年會",
    "2020年三次年會", "本年級", "基本周期", "日本月刊", "資本月報", "以上月薪", "2012年前", "usatoday",
    "幾十年前", "數年前", "一九九五年前", "第三年前", "樹下月光",
    "USA Today", "lastyear", "2024年下半年", "十十年前", "十來年前", "ten years agony",
]  # fmt: skip


def noted(text: str, day: dt.date | None = DAY) -> str:
    return annotate(text, time_notes(text, day), 0, len(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("去年產量", "去年（2024年）產量"),
        ("今年上半年", "今年（2025年）上半年"),
        ("上半年出口", "上半年（2025年）出口"),
        ("2024年上半年", "2024年上半年"),
        ("去年 下半年", "去年（2024年） 下半年"),
        ("前年和大前年", "前年（2023年）和大前年（2022年）"),
        ("明年底", "明年（2026年）底"),
        ("昨日公布", "昨日（2025年7月29日）公布"),
        ("昨晚", "昨晚（2025年7月29日）"),
        ("今晨", "今晨（2025年7月30日）"),
        ("明天開幕", "明天（2025年7月31日）開幕"),
        ("前天", "前天（2025年7月28日）"),
        ("本月初", "本月（2025年7月）初"),
        ("上月", "上月（2025年6月）"),
        ("上個月", "上個月（2025年6月）"),
        ("下個月", "下個月（2025年8月）"),
        ("本周", "本周（2025年7月）"),
        ("上星期", "上星期（2025年7月）"),
        ("12年前", "12年前（2013年）"),
        ("三年前", "三年前（2022年）"),
        ("兩年前", "兩年前（2023年）"),
        ("二十年前", "二十年前（2005年）"),
        ("二三年前", "二三年前（2022年）"),
        ("下月", "下月（2025年8月）"),
        ("Sales fell last year.", "Sales fell last year（2024年）."),
        ("Yesterday it rained.", "Yesterday（2025年7月29日） it rained."),
        ("12 years ago", "12 years ago（2013年）"),
        ("2020年開業，同年上市，翌年退市。", "2020年開業，同年（2020年）上市，翌年（2021年）退市。"),
        ("2019年停產，2021年復產，次年盈利。", "2019年停產，2021年復產，次年（2022年）盈利。"),
    ],
)
def test_words_of_time_count_from_the_day_of_the_article(text: str, expected: str) -> None:
    assert noted(text) == expected


@pytest.mark.parametrize(
    ("day", "text", "expected"),
    [
        (dt.date(2025, 1, 15), "上月", "2024年12月"),
        (dt.date(2024, 12, 31), "下個月", "2025年1月"),
        (dt.date(2025, 1, 1), "昨日", "2024年12月31日"),
        (dt.date(2024, 2, 28), "明日", "2024年2月29日"),
        (dt.date(2025, 1, 3), "上周", "2024年12月"),
        (dt.date(2024, 12, 31), "本月", "2024年12月"),
    ],
)
def test_months_and_days_count_over_new_year(day: dt.date, text: str, expected: str) -> None:
    assert [note.date for note in time_notes(text, day)] == [expected]


@pytest.mark.parametrize("text", NO_DATES)
def test_parts_of_other_words_are_no_dates(text: str) -> None:
    assert noted(text) == text


def test_without_a_day_only_years_named_in_the_text_are_leaned_on() -> None:
    assert noted("去年和昨日", None) == "去年和昨日"
    assert noted("2020年開業，同年上市", None) == "2020年開業，同年（2020年）上市"


def test_a_word_that_leans_on_no_year_stays() -> None:
    assert noted("同年上市，後來2020年退市") == "同年上市，後來2020年退市"


@pytest.mark.parametrize("day", [dt.date.min, dt.date.max])
def test_a_date_outside_the_calendar_is_left_out(day: dt.date) -> None:
    assert noted("大前年、前天、上月、明天和99年前", day).count("（") < 5


def test_annotations_keep_to_the_stretch_asked_for() -> None:
    text = "去年甲。今年乙。"
    assert annotate(text, time_notes(text, DAY), 4, 8) == "今年（2025年）乙。"


@given(
    st.lists(st.sampled_from(["去年", "上半年", "2020年", "同年", "3年前", "前天", "年", "前", "today", " "])).map(
        "".join
    )
)
def test_notes_ascend_and_annotating_adds_only_brackets(text: str) -> None:
    notes = time_notes(text, DAY)
    assert all(a.end <= b.start for a, b in itertools.pairwise(notes))
    written = noted(text)
    for note in notes:
        written = written[: note.end] + written[note.end + len(note.date) + 2 :]
    assert written == text


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("去年產量多少？", "2024年產量多少？"),
        ("去年上半年產量", "2024年上半年產量"),
        ("上半年產量", "2025年上半年產量"),
        ("昨天發生了什麼", "2025年7月29日發生了什麼"),
        ("3年前", "2022年"),
        ("四五十年前", "1975年（四五十年前）"),
        ("兩三十年前重慶", "1995年（兩三十年前）重慶"),
        ("十二年前", "2013年（十二年前）"),
        ("sales six years ago", "sales 2019年（six years ago）"),
        ("二三年前", "2022年"),
        ("sales two years ago", "sales 2023年"),
        ("A year ago", "2024年"),
        ("大前天", "2025年7月27日"),
        ("上上個月", "2025年5月"),
        ("the day before yesterday", "2025年7月28日"),
        ("how many in May?", "how many in May 5月?"),
        ("what may happen", "what may happen"),
        ("last year's sales", "2024年's sales"),
        ("What happened this month?", "What happened 2025年7月?"),
        ("sales in July 2025", "sales in July 2025 2025年7月"),
        ("on July 3, 2025", "on July 3, 2025 2025年7月3日"),
        ("in march", "in march 3月"),
        ("May I ask?", "May I ask?"),
        ("in May 2025", "in May 2025 2025年5月"),
        ("同年發生什麼", "同年發生什麼"),
        ("重慶2024年產量", "重慶2024年產量"),
        ("今日頭條是什麼", "今日頭條是什麼"),
    ],
)
def test_a_question_counts_from_today(question: str, expected: str) -> None:
    assert with_dates(question, DAY) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("十二年前喊過什麼口號", {"2012", "2013", "2014"}),
        ("ten years ago", {"2014", "2015", "2016"}),
        ("三年前", set()),
        ("2012年前", set()),
    ],
)
def test_who_counts_far_back_may_mean_the_year_beside(question: str, expected: set[str]) -> None:
    assert about_years(question, DAY) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024年和2025年", {"2024", "2025"}),
        ("1999", {"1999"}),
        ("2024-05-06", {"2024"}),
        ("2024 年", {"2024"}),
        ("12345", set()),
        ("2024.5", set()),
        ("1200輛", set()),
        ("2,024", set()),
        ("", set()),
    ],
)
def test_years_are_told_from_other_numbers(text: str, expected: set[str]) -> None:
    assert years(text) == expected
