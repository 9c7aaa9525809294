"""Dates in a text -> years, months, days and parts of years, so that they compare across languages and calendars."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Moment", "moments"]

_MONTH_NAMES = "january|february|march|april|may|june|july|august|september|october|november|december"
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES.split("|"), start=1)}
_SHORT = {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}
_MONTH = rf"(?P<{{0}}>{_MONTH_NAMES}|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
_YEAR = r"1[0-9]\d\d|20\d\d"
_DATE = re.compile(
    rf"(?P<year>(?<!\d)(?:{_YEAR}))\s?年(?!级|代)(?:\s?(?:底|初|末|中|的)?(?P<month>\d{{1,2}})\s?月(?!台)(?:\s?(?P<day>\d{{1,2}})\s?[日号])?)?"
    r"|(?<![\d个])(?P<lone_month>\d{1,2})\s?月(?!台)(?:份?\s?(?P<lone_day>\d{1,2})\s?[日号](?!线))?"
    rf"|(?<!\d)(?P<iso_year>{_YEAR})[-/.](?P<iso_month>\d{{1,2}})[-/.](?P<iso_day>\d{{1,2}})(?!\d)"
    rf"|\b{_MONTH.format('name')}(?:\s(?P<name_day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!,\d{{3}}))?(?:,?\s(?:of\s)?(?P<name_year>{_YEAR})\b)?"
    rf"|\b(?P<early_day>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH.format('late_name')}(?:,?\s(?P<late_year>{_YEAR})\b)?"
    rf"|(?<![\d.$£€¥-])(?P<bare>{_YEAR})(?![\d%]|\.\d|\s?[万亿千百%元辆人名个家部])(?=\W|$|[\u4e00-\u9fff]|s\b)"
)
_PART = re.compile(
    r"上半年|下半年|(?P<half>first|2th|second) half|第\s?(?P<quarter>[1-4一二三四])\s?季|\bq(?P<q>[1-4])\b"
    r"|(?P<nth>first|2th|second|3th|3rd|third|4th|fourth) quarter|(?P<season>[春夏秋冬](?=[季天]))"
)
_FIRST_MONTHS = re.compile(
    r"(?P<first>\d{1,2})\s?月?\s?[至到~–-]\s?(?=\d{1,2}\s?月(?!台))|[首头前](?P<count>\d{1,2})个?月|\bfirst (?P<many>\d{1,2}) months"
)
MONTHS = 12
_HAN_QUARTERS = {"一": "1", "二": "2", "三": "3", "四": "4"}
_NTH = {"first": "1", "2th": "2", "second": "2", "3th": "3", "3rd": "3", "third": "3", "4th": "4", "fourth": "4"}
_VERB_MAY = re.compile(r"\bmay$")


@dataclass(frozen=True, slots=True)
class Moment:
    """A date at `[start, end)`; what was not said is None. `part` is a half or quarter of a year.

    `is_bare` marks four digits that may be no year at all.
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    part: str = ""
    is_bare: bool = False


def moments(text: str) -> list[Moment]:
    """Finds the dates of a text with folded characters and numerals in digits, in order."""
    found = [moment for match in _DATE.finditer(text) if (moment := _dated(text, match))]
    for match in _FIRST_MONTHS.finditer(text):
        numbers = [int(match["first"])] if match["first"] else [1, int(match["count"] or match["many"])]
        found += [Moment(match.start(), match.end(), month=one) for one in numbers if 1 <= one <= MONTHS]
    for match in _PART.finditer(text):
        found.append(Moment(match.start(), match.end(), part=_part(match)))
    return sorted(found, key=lambda moment: moment.start)


def _dated(text: str, match: re.Match[str]) -> Moment | None:
    name = match["name"] or match["late_name"]
    if name and _VERB_MAY.search(name) and not (match["name_day"] or match["name_year"] or match["early_day"]):
        before = text[: match.start()].rstrip()
        if not re.search(r"\b(?:in|since|until|by|of|from|to|last|next|this|early|late|mid)$", before):
            return None
    year = match["year"] or match["iso_year"] or match["name_year"] or match["late_year"] or match["bare"]
    month = match["month"] or match["lone_month"] or match["iso_month"]
    day = match["day"] or match["lone_day"] or match["iso_day"] or match["name_day"] or match["early_day"]
    number = int(month) if month else _month_number(name) if name else None
    if number is not None and not 1 <= number <= MONTHS:
        return None
    return Moment(
        match.start(), match.end(), int(year) if year else None, number, int(day) if day else None,
        is_bare=bool(match["bare"]),
    )  # fmt: skip


def _month_number(name: str) -> int:
    return _MONTHS.get(name) or _SHORT[name.rstrip(".")]


def _part(match: re.Match[str]) -> str:
    if match[0] in ("上半年", "下半年"):
        return "h1" if match[0] == "上半年" else "h2"
    if match["half"]:
        return "h" + _NTH[match["half"]]
    if match["season"]:
        return match["season"]
    quarter = match["quarter"] or match["q"]
    return "q" + (_HAN_QUARTERS.get(quarter, quarter) if quarter else _NTH[match["nth"]])
