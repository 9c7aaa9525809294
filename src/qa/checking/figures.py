"""The figures and dates of a sentence against those of its evidence."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from qa.text.amounts import MONTHS_A_YEAR, MOST_ROUNDED, WEAK_MAX, agree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.checking.source import Dated, Source
    from qa.checking.statement import Statement
    from qa.text.amounts import Amount
    from qa.text.moments import Moment

__all__ = ["date_fault", "number_fault"]

DAYS_A_WEEK = 7
_WEEKDAYS = [
    (english, *(prefix + han for prefix in ("周", "星期", "礼拜")))
    for english, han in zip(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), "一二三四五六日", strict=True
    )
]
_ENUMERATED = re.compile("、|和|及|与|以及|, | and ")


def number_fault(claim: Statement, sources: Sequence[Source]) -> str | None:
    """Returns `number` where the sources hold a figure neither as said nor as it may be rounded."""
    held = [amount for source in sources for statement in source.statements for amount in statement.amounts]
    for said in claim.figures:
        if any(agree(said, one) for one in held):
            continue
        if not (_is_counted(said, claim, held) or _is_counted_from(said, claim, sources)):
            return "number"
    return None


def date_fault(claim: Statement, sources: Sequence[Source]) -> str | None:
    """Returns `date` where no source knows a date of the claim."""
    for moment in claim.moments:
        if moment.is_bare and _as_amount(moment, claim, sources):
            continue
        if not any(_knows(source, moment) for source in sources):
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
    names = _WEEKDAYS[date.weekday()]
    return abs((date - published).days) < DAYS_A_WEEK and any(name in source.quote.text for name in names)


def _knows(source: Source, moment: Moment) -> bool:
    if moment.part:
        is_said = any(moment.part in statement.text for statement in source.statements)  # 春霜 is of the spring
        return is_said or any(dated.moment.part == moment.part for dated in source.dates)
    if any(_is_within(moment, dated) for dated in source.dates) or _is_named_weekday(source, moment):
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


def _is_counted(said: Amount, claim: Statement, held: Sequence[Amount]) -> bool:
    """Tells whether a small number only counts what is listed, or is a word such as 一 or 兩 that may be no figure."""
    if said.dimension not in ("", "count") and not said.is_weak:
        return False
    rivals = [one for one in held if one.dimension == said.dimension and one.is_weak and one.value != said.value]
    if said.is_weak and said.value <= 2 and said.dimension in ("", "count"):
        return not rivals or said.value == 2
    if said.is_weak and said.dimension not in ("", "count"):
        return not any(one.dimension == said.dimension for one in held)
    listed = len(_ENUMERATED.findall(claim.text)) + 1
    return said.value <= WEAK_MAX and said.value == listed > 1 and not said.currencies
