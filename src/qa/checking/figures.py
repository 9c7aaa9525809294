"""The figures and dates of a sentence against those of its evidence."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import re
from typing import TYPE_CHECKING

from qa.text.amounts import MOST_ROUNDED, WEAK_MAX, agree, comparable_units
from qa.text.numerals import MONTHS_A_YEAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.checking.source import Dated, Source
    from qa.checking.statement import Statement
    from qa.text.amounts import Amount
    from qa.text.moments import Moment

__all__ = ["date_fault", "number_fault"]

DAYS_A_WEEK = 7
_WEEKDAYS = [
    re.compile(rf"\b{english}\b|(?:周|星期|礼拜)(?: \d+年\d+月)?{han}")  # 本周六 with its month written in
    for english, han in zip(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), "一二三四五六日", strict=True
    )
]
_BEFORE_COMPARED = re.compile(r"(?:[比较]|\b(?:than|from|on|over)(?: in)?)\s?$")
_COMPARING = re.compile(r"[比较差]|\b(?:than|difference|times|previous|before)\b|相距|前一年|\d年则")
LEAST_DIFFERENCE = 10  # a smaller one is too often found by chance
COMPARING_CHARS = 12  # before a clause
_IN_ALL = re.compile("合计|总共|一共|共")  # 一個月合計
_YESTERDAY = re.compile("昨(?![天日晚夜])")
_ENUMERATED = re.compile("、|和|及|与|以及|, | and ")


def number_fault(claim: Statement, sources: Sequence[Source]) -> str | None:
    """Returns `number` where the sources hold a figure neither as said nor as it may be rounded."""
    held = [amount for source in sources for statement in source.statements for amount in statement.amounts]
    for said in claim.figures:
        if any(agree(said, one) for one in held):
            continue
        if not (
            _is_counted(said, claim, held)
            or _is_counted_from(said, claim, sources)
            or _is_worked_out(said, claim, held)
        ):
            return "number"
    return None


def date_fault(claim: Statement, sources: Sequence[Source]) -> str | None:
    """Returns `date` where no source knows a date of the claim."""
    for moment in claim.moments:
        if moment.is_bare and _as_amount(moment, claim, sources):
            continue
        if not any(_knows(source, moment) or _is_year_compared_with(claim, moment, source) for source in sources):
            return "date"
    return None


def _is_named_weekday(source: Source, moment: Moment) -> bool:
    """Tells whether a source names a date by its day of the week: "on Tuesday" of the week it was published in."""
    published = source.published
    if not (published and moment.month and moment.day) or moment.year not in (None, published.year):
        return False
    try:
        date = dt.date(published.year, moment.month, moment.day)
    except ValueError:
        return False
    is_near = abs((date - published).days) < DAYS_A_WEEK
    return is_near and _WEEKDAYS[date.weekday()].search(source.quote.text) is not None


def _is_year_compared_with(claim: Statement, moment: Moment, source: Source) -> bool:
    """Tells whether a year only says what the one after it is compared with: 比2023年多."""
    following = (moment.year or 0) + 1
    is_compared = _BEFORE_COMPARED.search(claim.text[: moment.start]) is not None and not moment.month
    return is_compared and any(following in dated.years for dated in source.dates)


def _is_day_before(source: Source, moment: Moment) -> bool:
    """Tells whether a date is the one that a source calls 昨, as newspapers do."""
    if source.published is None or not _YESTERDAY.search(source.quote.text):
        return False
    day = source.published - dt.timedelta(days=1)
    return (moment.year in (None, day.year)) and (moment.month, moment.day) == (day.month, day.day)


def _knows(source: Source, moment: Moment) -> bool:
    if moment.part:
        is_said = any(moment.part in statement.text for statement in source.statements)  # 春霜 is of the spring
        return is_said or any(dated.moment.part == moment.part for dated in source.dates)
    if any(_is_within(moment, dated) for dated in source.dates):
        return True
    if _is_named_weekday(source, moment) or _is_day_before(source, moment):
        return True
    published = source.published
    if published is None or (moment.day and (moment.month, moment.day) != (published.month, published.day)):
        return False
    names_no_year = not any(dated.moment.year for dated in source.dates)
    if not (source.speaks_of_now or (names_no_year and not moment.month)):
        return False
    return moment.year in (None, published.year) and moment.month in (None, published.month)


def _is_within(moment: Moment, dated: Dated) -> bool:
    """Tells whether evidence with a date bears out one that is the same or less exact."""
    if moment.year and moment.year not in dated.years:
        return False
    held = dated.moment
    if moment.year and not moment.month and not held.year:
        return held.month is not None or bool(held.part)
    return moment.month in (None, held.month) and moment.day in (None, held.day)


def _as_amount(moment: Moment, claim: Statement, sources: Sequence[Source]) -> bool:
    said = [amount for amount in claim.amounts if amount.start < moment.end and moment.start < amount.end]
    held = [amount for source in sources for statement in source.statements for amount in statement.amounts]
    return any(agree(one, other) for one in said for other in held)


def _is_counted_from(said: Amount, claim: Statement, sources: Sequence[Source]) -> bool:
    """Tells whether a number of years is the time from a year that the sentence names to the article's day."""
    if said.dimension not in ("months", "age", "old"):
        return False
    years = said.value / MONTHS_A_YEAR
    named = [one.year for one in claim.moments if one.year]
    spans = [source.published.year - year for source in sources if source.published for year in named]
    slack = MOST_ROUNDED * years if said.bound else 1
    return any(span > 0 and abs(span - years) <= slack for span in spans)


def _is_other_duration(said: Amount, held: Amount) -> bool:
    """Tells whether two lengths of time count as many of different units: 兩周 and 兩年."""
    is_time = {said.dimension, held.dimension} == {"time", "months"}
    return is_time and math.isclose(said.value / said.factor, held.value / held.factor)


def _is_worked_out(said: Amount, claim: Statement, held: Sequence[Amount]) -> bool:
    """Tells whether a figure is how much one of the evidence's exceeds another, in a sentence that compares."""
    clause = claim.clauses[claim.clause_at(said.start)]
    if not _COMPARING.search(claim.text, max(0, clause.start - COMPARING_CHARS), clause.end):
        return False
    plain = [one for one in held if not one.is_weak and one.dimension != "ordinal"]
    pairs = [(one, other) for one, other in itertools.permutations(plain, 2) if one.value > other.value > 0]
    if said.dimension == "times":
        return any(_is_times(said, one.value / other.value) for one, other in pairs if comparable_units(one, other))
    return said.value >= LEAST_DIFFERENCE and any(
        math.isclose(one.value - other.value, said.value, rel_tol=1e-6)
        for one, other in pairs
        if comparable_units(one, other) and comparable_units(said, one)
    )


def _is_times(said: Amount, ratio: float) -> bool:
    """Tells whether one figure is so many times another: at least, with "more than", or rounded."""
    return 0 <= ratio - said.value < 1 if said.bound == "min" else abs(ratio - said.value) <= MOST_ROUNDED * ratio


def _is_counted(said: Amount, claim: Statement, held: Sequence[Amount]) -> bool:
    """Tells whether a small number only counts what is listed, or is a word such as 一 or 兩 that may be no figure."""
    if said.dimension not in ("", "count") and not said.is_weak:
        return False
    rivals = [one for one in held if one.dimension == said.dimension and one.is_weak and one.value != said.value]
    if said.is_weak and said.value <= 2 and said.dimension in ("", "count"):
        return not rivals or said.value == 2
    if said.is_weak and _IN_ALL.match(claim.text, said.end):
        return True
    if said.is_weak and said.dimension not in ("", "count"):
        return not any(one.dimension == said.dimension or _is_other_duration(said, one) for one in held)
    listed = len(_ENUMERATED.findall(claim.text)) + 1
    return said.value <= WEAK_MAX and said.value == listed > 1 and not said.currencies
