"""Words of time -> the dates they mean: those in an article against its own day, those in a question against today."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.text.units import ENGLISH_ONES, HAN_ONES

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["DATE_RULES", "TimeNote", "about_years", "annotate", "names_may", "time_notes", "with_dates", "years"]

DATE_RULES = "4"  # part of the index's fingerprint: raise it when dates are understood otherwise

ROUGHLY = 5  # years back, from which they are hardly counted

_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?=\s*年|(?![\d.,]*\d)\b)")


@dataclass(frozen=True, slots=True)
class TimeNote:
    """A word of time at `[start, end)` and the date it means, written out as `2024年` or `2024年7月30日`."""

    start: int
    end: int
    date: str


def _year(offset: int) -> Callable[[dt.date], str]:
    return lambda day: f"{day.year + offset}年"


def _month(offset: int) -> Callable[[dt.date], str]:
    def written(day: dt.date) -> str:
        months = day.year * 12 + day.month - 1 + offset
        return f"{months // 12}年{months % 12 + 1}月"

    return written


def _day(offset: int) -> Callable[[dt.date], str]:
    def written(day: dt.date) -> str:
        then = day + dt.timedelta(days=offset)
        return f"{then.year}年{then.month}月{then.day}日"

    return written


def _week(offset: int) -> Callable[[dt.date], str]:
    def written(day: dt.date) -> str:
        then = day + dt.timedelta(weeks=offset)
        return f"{then.year}年{then.month}月"

    return written


# Lookarounds keep out parts of two words: 目前年產量, 五十歲以上年長者, 說明年份, 多年來年均, 過去年輕人.
_RELATIVE: tuple[tuple[str, str, Callable[[dt.date], str]], ...] = (
    ("大前年", "", _year(-3)),
    ("大前[天日]", "", _day(-3)),
    ("上上[個个]?月", "the month before last", _month(-2)),
    ("(?<![目以提之當当年])前年", "the year before last", _year(-2)),
    ("(?<![過过])去年|(?<![以網网線线])上年(?!度?[級级]|[紀纪齡龄長长])|舊年|旧年", "last year", _year(-1)),
    ("今年|(?<![日成資资基])本年(?!度?[級级])度?", "this year", _year(0)),
    (
        "(?<![說说證证聰聪透文發发不])明年|(?<![年未從从本近以後后將将歷历十百幾几數数])[來来]年(?!均)",
        "next year",
        _year(1),
    ),
    ("(?<![以網网線线])上[個个]?月", "last month", _month(-1)),
    ("(?<![日成資资基])本月|這個?月|这个?月", "this month", _month(0)),
    ("(?<![天地之以樹树花燈灯])下[個个]?月(?![台臺])", "next month", _month(1)),
    ("(?<![目以提之當当先生日年])前[天日](?![本津產产均])", "the day before yesterday", _day(-2)),
    ("昨[天日晚]|尋日|琴日|寻日", "yesterday", _day(-1)),
    ("今[天日晚晨早](?![頭头][條条])", "(?<!usa )today", _day(0)),
    ("(?<![說说證证聰聪透文發发不黎])明[天日](?![星報报德治])|聽日|听日", "tomorrow", _day(1)),
    ("上[個个]?(?:[週周]|星期|禮拜|礼拜)", "last week", _week(-1)),
    ("(?<![日成資资基])本[週周](?![期刊])|[這这][個个]?(?:[週周]|星期)", "this week", _week(0)),
    (r"(?<![\d〇年至到])[上下]半年", "", _year(0)),
)
_WORD = re.compile(
    "|".join(rf"({han}{f'|(?<![a-z]){latin}(?![a-z])' if latin else ''})(?![輕轻])" for han, latin, _ in _RELATIVE),
    re.IGNORECASE,
)
_ONES = "一二兩两三四五六七八九"
_HAN_NUMBER = f"{_ONES}十"
_ENGLISH_NUMBERS = {"a": 1} | {word: value for word, value in ENGLISH_ONES.items() if 1 <= value <= 10}
_YEARS_AGO = re.compile(
    rf"(?<!\d)(\d{{1,2}})\s*(?:年前|years ago)|\b(?P<english>{'|'.join(_ENGLISH_NUMBERS)}) years? ago\b"
    rf"|(?<![{_HAN_NUMBER}〇百千幾几數数第後后])(?P<han>[{_ONES}]{{0,2}}十[{_ONES}]?|[{_ONES}]{{1,3}})年前",
    re.IGNORECASE,
)
_SAME_YEAR = re.compile("(?<![不相])同年(?![齡龄級级紀纪代份])|(?<![應应])[該该]年|這一年|这一年")
_NEXT_YEAR = re.compile(r"翌年|(?<![\d多首每幾几一二三四五六七八九十數数屢屡兩两])次年|隔年")
_ENGLISH_MONTHS = {
    name: number
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(),  # noqa: SIM905
        start=1,
    )
}
_ENGLISH_MONTH = re.compile(
    rf"\b({'|'.join(_ENGLISH_MONTHS)})\b(?:\s+(\d{{1,2}})(?:st|nd|rd|th)?\b)?(?:,?\s+(?:of\s+)?(\d{{4}}))?",
    re.IGNORECASE,
)


_BEFORE_MAY = re.compile(r"\b(?:in|since|until|till|by|of|last|this|from)\s+\Z", re.IGNORECASE)


def time_notes(text: str, day: dt.date | None) -> list[TimeNote]:
    """Finds the relative dates of a text; without a `day`, only those that lean on a year named before."""
    found = _leaning(text)
    if day is not None:
        found += _counted_from(text, day)
    return sorted(found, key=lambda note: note.start)


def annotate(text: str, notes: list[TimeNote], start: int, end: int) -> str:
    """Returns `text[start:end]` with each date written out after its word: 去年（2024年）."""
    pieces, at = [], start
    for note in notes:
        if start <= note.start and note.end <= end:
            pieces += [text[at : note.end], f"（{note.date}）"]
            at = note.end
    return "".join([*pieces, text[at:end]])


def with_dates(question: str, today: dt.date) -> str:
    """Returns the question with dates counted from today in place of words such as 去年 or `last month`.

    Words that hardly count to the year stay beside it: 2013年（十二年前）.
    """
    text = _ENGLISH_MONTH.sub(_chinese_month, question)
    pieces, at = [], 0
    for note in _counted_from(text, today):
        pieces += [text[at : note.start], note.date, _kept(text[note.start : note.end])]
        at = note.end
    return "".join([*pieces, text[at:]])


def _kept(word: str) -> str:
    """Returns what of a word of time stays in a question beside the date that it means."""
    if word.endswith("半年"):
        return word
    ago = _YEARS_AGO.fullmatch(word)
    return f"（{word}）" if ago and _years_of(ago) >= ROUGHLY else ""


def about_years(question: str, today: dt.date) -> set[str]:
    """Lists the years around one that a question counts back to: who says 十二年前 does not count to the month."""
    then = [today.year - ago for match in _YEARS_AGO.finditer(question) if (ago := _years_of(match)) >= ROUGHLY]
    return {str(year + off) for year in then for off in (-1, 0, 1)}


def years(text: str) -> set[str]:
    """Lists the years that a text with digits names."""
    return set(_YEAR.findall(text))


def _counted_from(text: str, day: dt.date) -> list[TimeNote]:
    found = [
        _note(match, _RELATIVE[(match.lastindex or 1) - 1][2], day)
        for match in _WORD.finditer(text)
        if not (match[0].endswith("半年") and text[max(0, match.start() - 4) : match.start()].rstrip().endswith("年"))
    ]
    found += [_note(match, _year(-_years_of(match)), day) for match in _YEARS_AGO.finditer(text)]
    return sorted(filter(None, found), key=lambda note: note.start)


def _note(match: re.Match[str], written: Callable[[dt.date], str], day: dt.date) -> TimeNote | None:
    try:
        date = written(day)
    except OverflowError:  # before the year 1 or after 9999
        return None
    return TimeNote(match.start(), match.end(), date) if date[0] not in "-0" else None


def _years_of(match: re.Match[str]) -> int:
    """Reads the number of years in 12年前 or 三年前; 二三年前 is about three, 四五十年前 about fifty."""
    if match[1]:
        return int(match[1])
    if match["english"]:
        return _ENGLISH_NUMBERS[match["english"].lower()]
    tens, ten, ones = match["han"].replace("兩", "两").rpartition("十")
    return (HAN_ONES.get(tens[-1:], 1) * 10 if ten else 0) + HAN_ONES.get(ones[-1:], 0)


def _leaning(text: str) -> list[TimeNote]:
    named = [(match.start(), int(match[1])) for match in _YEAR.finditer(text)]
    notes = []
    for pattern, offset in ((_SAME_YEAR, 0), (_NEXT_YEAR, 1)):
        for match in pattern.finditer(text):
            before = [year for at, year in named if at < match.start()]
            if before:
                notes.append(TimeNote(match.start(), match.end(), f"{before[-1] + offset}年"))
    return notes


def names_may(text: str, at: int) -> bool:
    """Tells whether `may` at a place is the month, by the word before it; it is far more often the verb."""
    return _BEFORE_MAY.search(text, 0, at) is not None


def _chinese_month(match: re.Match[str]) -> str:
    if match[1].lower() == "may" and not (match[2] or match[3] or names_may(match.string, match.start())):
        return match[0]
    year = f"{match[3]}年" if match[3] else ""
    day = f"{match[2]}日" if match[2] else ""
    return f"{match[0]} {year}{_ENGLISH_MONTHS[match[1].lower()]}月{day}"
