"""The times that a question may name, and the same question asked of another time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.text.folding import has_han

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CHINESE_PERIOD", "NOW", "YEAR", "at_another_time", "time_of"]

YEAR = re.compile(r"\d{4}年|\b(?:19|20)\d{2}\b(?!年)|今年|去年|(?<!目)前年|(?<![說说透])明年")
_PART = (
    r"上半年|下半年|第[一二三四1-4]季度?|[一二三四1-4]季度|首季|(?:\d{1,2}|十[一二]?|[一二三四五六七八九])月份?(?:\d{1,2}[日號号])?"
    r"|Q[1-4]\b"
)
CHINESE_PERIOD = (
    rf"(?:{YEAR.pattern})(?:的?(?:{_PART})|年?底|年?初|全年|年中)?(?:同期)?|(?:{_PART})(?:同期)?"
    "|(?<![日基資资以地])[上下本](?:一?[個个])?(?:月|季度?|星期|週|周)(?:同期)?|今(?:[個个]?月|季|[個个]星期)"
)
_PARTS_IN_CHINESE = {
    "January": "1月", "February": "2月", "March": "3月", "April": "4月", "May": "5月", "June": "6月", "July": "7月",
    "August": "8月", "September": "9月", "October": "10月", "November": "11月", "December": "12月",
    "first half": "上半年", "second half": "下半年", "first quarter": "第一季", "second quarter": "第二季",
    "third quarter": "第三季", "fourth quarter": "第四季",
}  # fmt: skip
_RELATIVE_IN_CHINESE = {
    "last year": "去年", "this year": "今年", "next year": "明年", "last month": "上個月", "this month": "本月",
    "last quarter": "上季", "this quarter": "本季", "last week": "上週", "this week": "本週",
}  # fmt: skip
_IN_ENGLISH = {chinese: english for english, chinese in _RELATIVE_IN_CHINESE.items()}
_ENGLISH_PART = rf"(?:the )?(?:{'|'.join(_PARTS_IN_CHINESE)})"
_RELATIVE = "|".join(_RELATIVE_IN_CHINESE)
_PERIOD = re.compile(
    rf"\b{_ENGLISH_PART}(?: (?:of |in )?(?:\d{{4}}|{_RELATIVE}))?\b(?!年)|{CHINESE_PERIOD}|\b(?:{_RELATIVE})\b"
)
_ANY_YEAR = re.compile(rf"{YEAR.pattern}|\b(?:last|this|next) year\b")
NOW = re.compile(
    "而家|依家|現在|现在|目前|如今|今日|今天|當年|当年|當時|当时|以前|過去|过去|從前|从前|後來|后来|之後|之后"
    r"|\bnow\b|\btoday\b"
)
_TIME = re.compile(rf"{_PERIOD.pattern}|{NOW.pattern}")
_PART_ALONE = re.compile(rf"(?:{_PART})(?:同期)?|{_ENGLISH_PART}")
_AT = re.compile(r"^(?:in|during|for|在|喺|於|于)\s*", re.IGNORECASE)


def time_of(topic: str) -> str | None:
    """Returns the time that a follow-up names, where it names nothing else: in 2023, 去年同期."""
    time = _AT.sub("", topic).rstrip("的嘅")
    return time if _TIME.fullmatch(time) else None


def at_another_time(question: str, time: str) -> Iterator[str]:
    """Asks a question of another time, which takes the place of the last one that it names."""
    time = _written_for(question, time)
    named = _times_like(time, question)
    if not named:
        yield f"{time}{question}" if has_han(question) else f"{question} ({time})"
        return
    last = named[-1]  # is the one that is asked about: 2019年的方案為2020年定的目標
    before, after = question[: last.start()], question[last.end() :]
    for instead in _instead_of(last[0], time, question):
        if instead in _RELATIVE_IN_CHINESE:
            yield re.sub(r"\bin (?:the )?$", "", before) + instead + after
        else:
            at = "in " if last[0] in _RELATIVE_IN_CHINESE and not has_han(question) and after[:2] != "'s" else ""
            yield before + ("" if before.endswith(("in ", "of ")) else at) + instead + after


def _times_like(time: str, question: str) -> list[re.Match[str]]:
    """Lists the times that another takes the place of: a year leaves the part as it is, 上半年 that of 2024年上半年."""
    if NOW.fullmatch(time):
        return [*_TIME.finditer(question)]
    years = [*_ANY_YEAR.finditer(question)] if _ANY_YEAR.fullmatch(time) else []
    return years or [*_PERIOD.finditer(question)]


def _instead_of(named: str, time: str, question: str) -> Iterator[str]:
    """Yields what to write for a time: 3月 is March of the year named before, or the March just gone."""
    year, part = (_ANY_YEAR.search(named), time) if _PART_ALONE.fullmatch(time) else (None, named)
    if year:
        yield _part_of(year[0], part, question)
    elif _ANY_YEAR.fullmatch(time) and _PART_ALONE.fullmatch(named):
        yield _part_of(time, part, question)
        return
    yield time


def _part_of(year: str, part: str, question: str) -> str:
    if has_han(question):
        return f"{year}{part}"
    if has_han(part):
        return f"{year}年{part}" if year.isdigit() else f"{year} {part}"
    return f"{part} of {year}" if " " in part else f"{part} {year}"


def _written_for(question: str, time: str) -> str:
    """Writes a time as the question is written: 2018年 and 去年 in a Chinese one, 2018 and last year in an English one."""
    if not has_han(question):
        return _IN_ENGLISH.get(time, re.sub(r"^(\d{4})年$", r"\1", time))
    if re.fullmatch(r"\d{4}", time):
        return f"{time}年"
    return _RELATIVE_IN_CHINESE.get(time) or _PARTS_IN_CHINESE.get(time.removeprefix("the "), time)
