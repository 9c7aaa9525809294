"""Text -> the periods that it names, as first and last day; relative ones in a question against today."""

from __future__ import annotations

import calendar
import contextlib
import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.text.dates import names_may, with_dates
from qa.text.folding import fold
from qa.text.numerals import digits
from qa.text.units import ENGLISH_ONES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = [
    "Period",
    "asked_periods",
    "asks_for_latest",
    "asks_for_whole_year",
    "named_periods",
    "tells_of_former",
]

_MONTH_NAMES = [name.lower() for name in calendar.month_name]
_MONTH_NAME = "|".join(_MONTH_NAMES[1:])
_HAN_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九十")} | {"两": 2}
_ENGLISH_NUMBERS = {word: value for word, value in ENGLISH_ONES.items() if 1 <= value <= 12} | {
    "a": 1, "the": 1, "first": 1, "second": 2, "third": 3, "fourth": 4,
}  # fmt: skip
_N = r"(\d{1,3}|[一二两三四五六七八九])"
_EN = rf"(\d{{1,3}}|{'|'.join(_ENGLISH_NUMBERS)})"
_YEAR = r"1[5-9]\d\d|20\d\d"
_OF_YEAR = r"(?:,?\s+(?:of\s+|in\s+)?(?P<{0}>" + _YEAR + r")(?!\d))?"
_MONTH_NUMBER = "1[0-2]|0?[1-9]|[一二三四五六七八九]"
_DAY_NUMBER = "3[01]|[12]\\d|0?[1-9]|[一二三四五六七八九]"
_ORDINAL = "(?:st|nd|rd|th)?"

# Folded text, numerals in digits; what says more comes first.
_WITHIN_A_YEAR = (
    "(?P<half>[上下])半年",
    r"(?<![a-z])(?:h(?P<h>[12])|q(?P<q>[1-4]))(?![a-z0-9])" + _OF_YEAR.format("y6"),
    "[前首头](?P<first>[2-4两二三四])个?季度?",
    "(?<![前首头续])第?(?P<quarter>[1-4一二三四])季(?!节)度?",
    rf"(?<!\d)(?P<from>{_MONTH_NUMBER})月?(?:至|到|[-–~])(?P<to>{_MONTH_NUMBER})月(?!\d*[日号])",
    rf"(?<!\d)(?P<month>{_MONTH_NUMBER})月份?(?:(?P<day>{_DAY_NUMBER})[日号])?",
)
_NAMED = re.compile(
    "|".join(
        (
            rf"(?<!\d)(?P<y1>{_YEAR})[-/.](?P<m1>0?[1-9]|1[0-2])[-/.](?P<d1>0?[1-9]|[12]\d|3[01])(?!\d)",
            rf"(?:(?<!\d)(?P<y2>{_YEAR})\s*年?\)?\s*的?\s*)?(?:{'|'.join(_WITHIN_A_YEAR)})",
            rf"(?<![a-z])(?:(?P<dayof>\d{{1,2}}){_ORDINAL}\s+(?:of\s+)?)?(?P<name>{_MONTH_NAME})(?![a-z])"
            rf"(?:\s+(?P<dayafter>\d{{1,2}}){_ORDINAL}(?![\d月]))?" + _OF_YEAR.format("y3"),
            r"(?P<part>first|second|third|fourth)\s+(?P<unit>half|quarter)" + _OF_YEAR.format("y4"),
            rf"(?<![\d.])(?P<y5>{_YEAR})(?=\s*年|(?![\d.,]*\d)\b)",
        )
    )
)
_ANY_YEAR = ("y1", "y2", "y3", "y4", "y5", "y6")
_LATEST = re.compile(
    "最新|最近(?!的?(?:车站|地铁|医院|机场|距离))|近日|近期|近来|目前|现时|现在|至今|迄今|如今|而家"
    r"|\b(?:latest|newest|most recent|recent|recently|current|currently|now|nowadays|so far|up to date)\b"
)
_WHOLE_YEAR = re.compile(r"全年|整年|\b(?:whole|full|entire)[ -]year\b")
_FORMERLY = re.compile(r"时任|曾任|曾担任|前任|原任|卸任|\b(?:former|formerly|then-\w+)\b")
_STILL = re.compile(r"现任|现为|现时|现在|目前|如今|\b(?:now|current|currently)\b")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A stretch of days, the first and the last included."""

    start: dt.date
    end: dt.date

    @property
    def days(self) -> int:
        """How many days it lasts."""
        return (self.end - self.start).days + 1

    def holds(self, other: Period) -> bool:
        """Tells whether another period lies within this one."""
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: Period) -> bool:
        """Tells whether the two have a day in common."""
        return self.start <= other.end and other.start <= self.end


def named_periods(text: str, day: dt.date | None, year: int | None = None) -> list[Period]:
    """Lists the periods that a folded text with digits names, in order.

    A month without a year is of the one named before it, at first of `year`, or else the month nearest to `day`, and
    half a year or a quarter the last that had begun; without either it is left out.
    """
    found: list[Period] = []
    if day and _WEEK_WORD.search(text):
        found, text = _counted_from(_WRITTEN_MONTH.sub("", text), day)
    for match in _NAMED.finditer(text):
        said = match["dayof"] or match["dayafter"] or match["y3"]
        if match["name"] == "may" and not (said or names_may(text, match.start("name"))):
            continue
        year = _year_named(match) or year
        period = _period(match, year, day)
        if period:
            found.append(period)
    return found


def asked_periods(question: str, today: dt.date) -> tuple[Period, ...]:
    """Lists the periods that a question asks about, 昨天 and `last month` counted from today."""
    found, text = _counted_from(digits(fold(question)), today)
    found += _asked(digits(fold(with_dates(text, today))), today)
    finest = (one for one in found if not any(one.holds(other) for other in found if other != one))
    return tuple(dict.fromkeys(finest))


def asks_for_latest(question: str) -> bool:
    """Tells whether a question asks how things stand now: 最新, 最近, latest."""
    return _LATEST.search(fold(question)) is not None


def asks_for_whole_year(question: str) -> bool:
    """Tells whether a question asks for a year as a whole: 全年, full year."""
    return _WHOLE_YEAR.search(fold(question)) is not None


def tells_of_former(folded: str) -> bool:
    """Tells whether a folded text says who or what somebody was, and not what they are now: 時任, former."""
    return _FORMERLY.search(folded) is not None and _STILL.search(folded) is None


def _asked(text: str, today: dt.date) -> Iterator[Period]:
    """Yields the periods named; a month without a year is the last that has begun."""
    for period in named_periods(text, today):
        yield period if period.start <= today or str(period.start.year) in text else _year_earlier(period)


def _year_earlier(period: Period) -> Period:
    start, end = period.start, period.end
    if end == _last_day(end.year, end.month) and start != end:
        return Period(start.replace(year=start.year - 1), _last_day(end.year - 1, end.month))
    leap = (start.month, start.day) == (2, 29)
    return Period(*(day.replace(year=day.year - 1, day=28 if leap else day.day) for day in (start, end)))


def _year_named(match: re.Match[str]) -> int | None:
    named = next((match[name] for name in _ANY_YEAR if match[name]), None)
    return int(named) if named else None


def _period(match: re.Match[str], year: int | None, day: dt.date | None) -> Period | None:
    months = _months(match)
    if months is None:
        return Period(dt.date(year, 1, 1), dt.date(year, 12, 31)) if year else None
    if year is None:
        if day is None:
            return None
        is_month = months[0] == months[1]
        year = _nearest_year(months[0], day) if is_month else day.year - (months[0] > day.month)
    named = match["d1"] or match["day"] or match["dayof"] or match["dayafter"]
    if named:
        return _one_day(year, months[0], _number(named))
    return Period(dt.date(year, months[0], 1), _last_day(year, months[1]))


def _months(match: re.Match[str]) -> tuple[int, int] | None:
    """Returns the first and the last month named, or nothing where only a year is."""
    if half := match["half"] or match["h"]:
        return (1, 6) if half in "上1" else (7, 12)
    if quarter := match["first"] or match["quarter"] or match["q"]:
        begins, ends = _quarter(_number(quarter))
        return (1 if match["first"] else begins), ends
    if match["part"]:
        number = _ENGLISH_NUMBERS[match["part"]]
        return _quarter(number) if match["unit"] == "quarter" else (6 * number - 5, 6 * number) if number < 3 else None
    if match["from"]:
        return _number(match["from"]), max(_number(match["from"]), _number(match["to"]))
    if match["name"]:
        return (_MONTH_NAMES.index(match["name"]),) * 2
    month = _number(match["m1"] or match["month"] or "0")
    return (month, month) if month else None


def _quarter(number: int) -> tuple[int, int]:
    return 3 * number - 2, 3 * number


def _nearest_year(month: int, day: dt.date) -> int:
    """Returns the year in which a month named without one lies at most half a year from a day."""
    return day.year + (day.month - month > 6) - (month - day.month > 6)


def _one_day(year: int, month: int, day: int) -> Period | None:
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    date = dt.date(year, month, day)
    return Period(date, date)


def _last_day(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _number(written: str) -> int:
    if written.isdigit():
        return int(written)
    return _HAN_DIGITS.get(written) or _ENGLISH_NUMBERS.get(written, 1)


def _counted_from(text: str, day: dt.date) -> tuple[list[Period], str]:
    """Returns the weeks and the like that are counted from a day, and the text without their words."""
    found: list[Period] = []
    for pattern, period in _COUNTED:
        for match in pattern.finditer(text):
            with contextlib.suppress(OverflowError, ValueError):  # before the year 1 or after 9999
                found.append(period(match, day))
        text = pattern.sub(" ", text)
    return found, text


def _week(offset: int) -> Callable[[re.Match[str], dt.date], Period]:
    def counted(match: re.Match[str], today: dt.date) -> Period:
        monday = today - dt.timedelta(days=today.weekday()) + dt.timedelta(weeks=offset)
        if match["weekday"]:
            day = monday + dt.timedelta(days=min("一二三四五六日天".index(match["weekday"]), 6))
            return Period(day, day)
        return Period(monday, monday + dt.timedelta(days=6))

    return counted


def _english_weekday(match: re.Match[str], today: dt.date) -> Period:
    number = [name.lower() for name in calendar.day_name].index(match["weekday"])
    day = today - dt.timedelta(days=(today.weekday() - number - 1) % 7 + 1)
    return Period(day, day)


def _ago(match: re.Match[str], today: dt.date) -> Period:
    """Returns the day, week or month that lies so far back."""
    count, unit = _number(match[1]), match[2][0]
    if unit in "月m":
        months = today.year * 12 + today.month - 1 - count
        year, month = months // 12, months % 12 + 1
        return Period(dt.date(year, month, 1), _last_day(year, month))
    if unit in "周星礼w":
        monday = today - dt.timedelta(days=today.weekday()) - dt.timedelta(weeks=count)
        return Period(monday, monday + dt.timedelta(days=6))
    day = today - dt.timedelta(days=count)
    return Period(day, day)


def _until_today(match: re.Match[str], today: dt.date) -> Period:
    """Returns the time up to today: 過去三個月, the past week."""
    count, unit = _number(match[1] or "1"), match[2][0]
    days = {
        "天": 1,
        "日": 1,
        "d": 1,
        "周": 7,
        "星": 7,
        "礼": 7,
        "w": 7,
        "月": 31,
        "m": 31,
        "年": 366,
        "y": 366,
        "半": 183,
    }
    return Period(today - dt.timedelta(days=days[unit] * count), today)


_WEEK_WORD = re.compile(r"周|星期|礼拜|\b(?:weeks?|days?)\b|天前|日前")
_WRITTEN_MONTH = re.compile(r"(?<=[周期拜k])\(\d{4}年\d{1,2}月\)")  # as written after the words of a week
_WEEK = r"个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])?(?![期刊末])"
_DAY_NAME = "|".join(name.lower() for name in calendar.day_name)
_NO_DAY = "(?P<weekday>(?!))?"
_COUNTED: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], dt.date], Period]], ...] = (
    (re.compile(rf"上上{_WEEK}"), _week(-2)),
    (re.compile(rf"(?<!以)上{_WEEK}"), _week(-1)),
    (re.compile(rf"(?:[这呢今]|(?<!日)本){_WEEK}"), _week(0)),
    (re.compile(rf"下{_WEEK}"), _week(1)),
    (re.compile(rf"\blast week\b{_NO_DAY}"), _week(-1)),
    (re.compile(rf"\bthis week\b{_NO_DAY}"), _week(0)),
    (re.compile(rf"\bnext week\b{_NO_DAY}"), _week(1)),
    (re.compile(rf"\blast (?P<weekday>{_DAY_NAME})\b"), _english_weekday),
    (re.compile(rf"{_N}\s*个?(天|日|周|星期|礼拜|月)之?前"), _ago),
    (re.compile(rf"\b{_EN} (days?|weeks?|months?) ago\b"), _ago),
    (re.compile(rf"(?:过去|最?近)(?:这|的)?{_N}个?(天|日|周|星期|礼拜|月|年)(?!前|度)"), _until_today),
    (re.compile(r"(?:过去|最?近)()(半)年"), _until_today),
    (re.compile(rf"\b(?:past|last) {_EN} (days|weeks|months|years)\b"), _until_today),
    (re.compile(r"\bpast()\s(day|week|month|year)\b"), _until_today),
)
