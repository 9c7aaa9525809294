"""Figures in a text -> numbers with units, so that 95.3萬輛, 953,000 vehicles and 0.953 million compare equal."""

from __future__ import annotations

import functools
import math
import re
from dataclasses import dataclass, replace

from qa.text.numerals import MONTHS_A_YEAR
from qa.text.units import (
    CURRENCY_PREFIX,
    CURRENCY_SUFFIX,
    HAN_ONES,
    HUNDREDTHS,
    MEASURE,
    MONEY_WORDS,
    SCALE,
    SCALES,
    UNITS,
)

__all__ = ["MOST_ROUNDED", "Amount", "agree", "amounts", "comparable_units"]

_UNIT_PATTERN = re.compile("|".join(f"({pattern})(?![a-z])" for pattern, _, _ in UNITS))
_NUMBER = re.compile(
    rf"(?P<currency>{CURRENCY_PREFIX})?\s?(?<![\d.])(?<![a-z])(?<![a-z]-)(?P<ordinal>第\s*)?(?P<number>\d+(?:\.\d+)?)(?!\.\d)"
    rf"(?P<more>[多余几来]?)\s?(?P<scale>(?:{SCALE})(?:\s?(?:{SCALE}))?)?"
    rf"(?P<rest>(?:\d+(?:\.\d+)?(?:{SCALE}))*)(?P<and_more>[多余几来]?)"
)
_REST = re.compile(rf"(\d+(?:\.\d+)?)({SCALE})")
_HAN_ONE = re.compile(
    rf"(?P<ordinal>第)?(?<![第一二两三四五六七八九十百千万亿\d])(?P<one>(?<![前上后下这那同每某另头])一|[二两双三四五六七八九])(?={MEASURE})"
)
_ROUND = re.compile(
    rf"(?<![数几上近好多成\d一二两三四五六七八九十百千万亿.])(?:(?:十万|百万|千万|百亿|千亿|万亿)(?={MEASURE})|百(?=[日天]))"
)
_HAN_ORDINAL = re.compile("第([一二三四五六七八九])(?![手时轮线步]|作者)")
_TENTHS = re.compile(r"([一二两三四五六七八九\d])成([一二三四五六七八九半])?(?![为功立员本就果熟长])")
_FRACTION = re.compile(
    r"(\d+|[一二两三四五六七八九十])分之(\d+(?:\.\d+)?|[一二两三四五六七八九])|百分之(\d+(?:\.\d+)?|[一二三四五六七八九])"
)
_HALF = re.compile(
    r"一半|半数|过半|减半|腰斩|\bhalv(?:e[sd]?|ing)\b|(?<!first )(?<!second )(?<!other )\bhalf\b(?! of (?:the )?(?:19|20)\d\d| a | an |[- ]year)|五五"
)
_DECADES_OLD = re.compile("(?<![上中下])([一二三四五六七八九])旬")
_PARTS_IN_ENGLISH = re.compile(r"\b(\d+|one|a)[ -](third|quarter|fifth|tenth)s?\b(?! of (?:19|20)\d\d)")
_PART_SIZES = {"third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_ORDINAL_IN_ENGLISH = re.compile(r"\b(\d+)(?:st|nd|rd|th)\b")
_MULTIPLIED = re.compile(
    r"(?P<two>(?:增|多|高|升|涨|贵|快|大|长)[^,，。\d]{0,2}一倍|翻了?一[番倍]|翻[番倍]|\b(?:doubl(?:ed?|es|ing)|twice|twofold)\b)"
    r"|(?P<three>\btripl(?:ed?|es|ing)\b)|(?P<four>翻了?两番|\bquadrupl(?:ed?|es|ing)\b)"
)
_RANKS = re.compile("榜首|首[位次度例]|冠军|夺冠|夺魁|封王|头名|居首|(?P<second>居次|亚军|次席|榜眼)|(?P<third>季军)")

_BEFORE = re.compile(
    r"(?P<max>不(?:得|能|应|准|许|可)(?:超过|多于|高于|大于)|少于|低于|不足|不到|未满|不满|不超过|不多于|最多|至多|以内|未及|(?:less|fewer|lower) than|under|below|at most|no more than|not more than|up to|最高)"
    r"|(?P<min>不(?:得|能|应|可)(?:少于|低于|小于)|起码|逾|超过|超出|突破|超|多于|高于|至少|不少于|不低于|最少|大于|(?:more|greater|higher) than|over|above|at least|no (?:less|fewer) than|exceed(?:ed|s|ing)?|tops?|topped|surpass(?:ed|es|ing)?)"
    r"|(?P<near>将近|接近|近|nearly|almost|close to|just under)"
    r"|(?P<about>大约|大概|约莫|约为|约|左右|about|around|roughly|approximately|some|circa)"
)
_BEFORE_CHARS = 14  # how far before a figure its 逾 or "more than" may begin
_AFTER = re.compile(
    r"\s*(?:[个辆家名人元万亿岁年%]{0,2})(?:(?P<min>以上|之上|有余|多(?!数)|开外|or more|or above|plus\b)|(?P<max>以下|以内|之内|or less|or fewer)|(?P<about>左右|上下|前后|or so))"
)
_AFTER_CHARS = 12
MOST_ROUNDED = 0.1  # of a figure: 約 and "nearly" stand for no more
HUNDREDTH = 0.01
WEAK_MAX = 10  # a number spelled in one character may only count what is listed


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure at `[start, end)`: `value` in the base unit of what it measures (`dimension`), with its `bound`.

    `step` is the worth of the last digit that was written, `factor` how many base units its unit is; `is_weak` marks a
    small count spelled in words.
    """

    start: int
    end: int
    value: float
    step: float
    dimension: str = ""
    currencies: frozenset[str] = frozenset()
    bound: str = ""
    is_weak: bool = False
    factor: float = 1.0


def amounts(text: str) -> list[Amount]:
    """Finds the figures of a text with folded characters and `readable` numerals, in order; years are among them."""
    found: list[Amount] = []
    taken = [False] * len(text)
    for finder in (_fractions, _plain, _small):
        for amount in finder(text):
            if not any(taken[amount.start : amount.end]):
                taken[amount.start : amount.end] = [True] * (amount.end - amount.start)
                found.append(amount)
    ordered = sorted(found, key=lambda amount: amount.start)
    return [replace(amount, bound=amount.bound or _bound(text, amount)) for amount in _joined(text, ordered)]


def comparable_units(one: Amount, other: Amount) -> bool:
    """Tells whether two figures may measure the same: both money of one country, both lengths, or one without a unit."""
    if one.currencies or other.currencies:
        if one.currencies and other.currencies:
            return bool(one.currencies & other.currencies)
        return not (one.dimension or other.dimension)
    if one.dimension == other.dimension:
        return True
    pair = {one.dimension, other.dimension}
    if pair in ({"old", "age"}, {"old", "months"}):
        return True
    return "ratio" not in pair and "points" not in pair and ("" in pair or pair == {"count", "ordinal"})


def agree(said: Amount, held: Amount) -> bool:
    """Tells whether evidence that holds one figure bears out another: the same, or rounded as its hedge says."""
    if not comparable_units(said, held) or {said.bound, held.bound} == {"min", "max"}:
        return False
    if not (said.dimension and held.dimension):  # one without a unit is read in the other's
        said = replace(said, value=said.value * held.factor, step=said.step * held.factor)
        held = replace(held, value=held.value * said.factor, step=held.step * said.factor)
    if math.isclose(said.value, held.value, rel_tol=1e-6):
        return True
    if not said.bound or said.value <= 0 or abs(said.value - held.value) > MOST_ROUNDED * held.value:
        return False
    steps = held.value / said.step
    rounded = round(steps) if said.bound == "about" else math.floor(steps) if said.bound == "min" else math.ceil(steps)
    return math.isclose(rounded * said.step, said.value, rel_tol=1e-6)


def _fractions(text: str) -> list[Amount]:
    found = [
        Amount(
            match.start(),
            match.end(),
            _digit(match[1]) / 10 + _digit(match[2]) / 100,
            0.01 if match[2] else 0.1,
            "ratio",
        )
        for match in _TENTHS.finditer(text)
    ]
    for match in _FRACTION.finditer(text):
        value = _digit(match[3]) / 100 if match[3] else _digit(match[2]) / (_digit(match[1]) or 1)
        found.append(Amount(match.start(), match.end(), value, 0.01, "ratio"))
    found += [
        Amount(match.start(), match.end(), 0.5, 0.1, "ratio", bound="min" if match[0] == "过半" else "")
        for match in _HALF.finditer(text)
    ]
    for match in _PARTS_IN_ENGLISH.finditer(text):
        count = float(match[1]) if match[1].isdigit() else 1.0
        found.append(Amount(match.start(), match.end(), count / _PART_SIZES[match[2]], 0.01, "ratio"))
    return found


def _plain(text: str) -> list[Amount]:
    found = []
    for match in _NUMBER.finditer(text):
        scale = _scale(match["scale"])
        value = float(match["number"]) * scale
        decimals = len(match["number"].partition(".")[2])
        step = scale * 10.0 ** (_trailing_zeros(match["number"]) if not decimals else -decimals)
        for part in _REST.finditer(match["rest"]):
            value, step = value + float(part[1]) * SCALES[part[2]], SCALES[part[2]]
        bound = "min" if match["more"] or match["and_more"] else ""
        ordinal = _ORDINAL_IN_ENGLISH.match(text, match.start("number"))
        if match["ordinal"] or ordinal:
            end = ordinal.end() if ordinal else match.end()
            found.append(Amount(match.start("number"), end, value, 1, "ordinal"))
            continue
        found.append(_with_unit(text, Amount(match.start(), match.end(), value, step, bound=bound), match["currency"]))
    return found


def _with_unit(text: str, amount: Amount, prefix: str | None) -> Amount:
    if prefix:
        suffix = _money().match(text, amount.end)
        names = MONEY_WORDS.get(suffix[1].rstrip("s"), frozenset()) if suffix else frozenset()
        own = MONEY_WORDS[prefix]
        return replace(amount, currencies=own & names or own, end=suffix.end() if suffix else amount.end)
    unit = _UNIT_PATTERN.match(text, amount.end + (text[amount.end : amount.end + 1] in (" ", "-")))
    money = _money().match(text, amount.end)
    if money and not (unit and unit.end() >= money.end()):
        part = HUNDREDTH if money[1].rstrip("s") in HUNDREDTHS else 1.0
        value, step = amount.value * part, amount.step * part
        return replace(amount, value=value, step=step, currencies=_currencies(text, money), end=money.end())
    if unit:
        _, dimension, factor = UNITS[(unit.lastindex or 1) - 1]
        return replace(
            amount,
            value=amount.value * factor,
            step=amount.step * factor,
            dimension=dimension,
            end=unit.end(),
            factor=factor,
        )
    counted = re.match(rf"\s?{MEASURE}", text[amount.end : amount.end + 2])
    return replace(amount, dimension="count") if counted else amount


def _currencies(text: str, money: re.Match[str]) -> frozenset[str]:
    """Reads 元 together with the 人民幣 or 新台幣 that may follow it."""
    names = MONEY_WORDS.get(money[1]) or MONEY_WORDS.get(money[1].rstrip("s"), frozenset())
    following = _money().match(text, money.end())
    if following:
        narrower = MONEY_WORDS.get(following[1], frozenset())
        return names & narrower or names
    return names


def _small(text: str) -> list[Amount]:
    found = []
    for match in _MULTIPLIED.finditer(text):
        times = 2 if match["two"] else 3 if match["three"] else 4
        found.append(Amount(match.start(), match.end(), times, 1, "times", is_weak=True))
    for match in _HAN_ORDINAL.finditer(text):
        found.append(Amount(match.start(), match.end(), HAN_ONES[match[1]], 1, "ordinal"))
    for match in _HAN_ONE.finditer(text):
        amount = Amount(match.start("one"), match.end("one"), HAN_ONES[match["one"]], 1, is_weak=True)
        if text[match.end() : match.end() + 1] != "度":  # twice, not two degrees
            found.append(_with_unit(text, amount, None))
    for match in _ROUND.finditer(text):
        amount = Amount(match.start(), match.end(), SCALES[match[0]], SCALES[match[0]])
        found.append(_with_unit(text, amount, None))
    for match in _DECADES_OLD.finditer(text):
        years = 10 * HAN_ONES[match[1]]
        found.append(Amount(match.start(), match.end(), years * MONTHS_A_YEAR, 10 * MONTHS_A_YEAR, "age"))
    for match in _RANKS.finditer(text):
        value = 2 if match["second"] else 3 if match["third"] else 1
        found.append(Amount(match.start(), match.end(), value, 1, "ordinal", is_weak=True))
    return found


def _joined(text: str, found: list[Amount]) -> list[Amount]:
    """Adds up the parts of one duration or length: 1小時20分鐘."""
    joined: list[Amount] = []
    for amount in found:
        last = joined[-1] if joined else None
        if (
            last
            and last.dimension == amount.dimension
            and last.dimension in ("time", "length", "mass", "months")
            and amount.value < last.value
            and amount.step < last.step
            and text[last.end : amount.start].strip() in ("", "and", "又", "零")
        ):
            joined[-1] = replace(last, end=amount.end, value=last.value + amount.value, step=amount.step)
        else:
            joined.append(amount)
    return joined


def _bound(text: str, amount: Amount) -> str:
    before = text[max(0, amount.start - _BEFORE_CHARS) : amount.start].rstrip()
    hedges = [match for match in _BEFORE.finditer(before) if len(before) - match.end() <= 1]
    if hedges:
        return hedges[-1].lastgroup or ""
    after = _AFTER.match(text[amount.end : amount.end + _AFTER_CHARS])
    return (after.lastgroup or "") if after else ""


@functools.cache
def _money() -> re.Pattern[str]:
    return re.compile(rf"\s?({CURRENCY_SUFFIX})(?![a-z])")


def _scale(written: str | None) -> float:
    if not written:
        return 1.0
    compact = written.replace(" ", "")
    if compact in SCALES:
        return SCALES[compact]
    return math.prod(SCALES[part] for part in re.findall(SCALE, compact))


def _digit(written: str | None) -> float:
    if not written:
        return 0.0
    if written == "半":
        return 5.0
    if written == "十":
        return 10.0
    return float(HAN_ONES.get(written, 0) or written)


def _trailing_zeros(number: str) -> int:
    return len(number) - len(number.rstrip("0")) if number.strip("0") else 0
