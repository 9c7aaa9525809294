"""Whether the figures and dates of a sentence belong to what its evidence gives them to."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from typing import TYPE_CHECKING

from qa.checking.contexts import VERB_WEIGHT, Context, context_of, scope_of, weight_of
from qa.checking.source import speaks_of_now
from qa.text.amounts import agree, comparable_units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.checking.held import Held
    from qa.checking.meaning import Meaning
    from qa.checking.source import Dated, Source
    from qa.checking.statement import Statement
    from qa.text.amounts import Amount
    from qa.text.moments import Moment

__all__ = ["role_fault"]

SLOT = 1.5  # of "from", "to" and the like
FEW_WORDS = 2  # around a figure; of fewer the clauses beside must say the same
MARGIN = 0.22  # of all that is said: by so much another figure must fit better

PHRASE_CHARS = 3  # behind a date
MONEY_SPREAD = 100  # times a sum of money that a figure without a unit may be smaller, and be money too
END_CHARS = 16  # before a figure, in which it is called the highest or lowest
_MEASURES = frozenset("轮分人辆架艘间场户次位座幢栋件只头条本部首张层楼票球站册集")
_RANGE = re.compile(r"\s?(?:至|到|-|–|~|to|and)\s?")
_END = re.compile(
    r"(?P<high>最[高贵多长大重晚]|上限|至多|\b(?:up to|at most|highest|maximum|most|dearest|as much as)\b)[^\d,]*$"
    r"|(?P<low>最[低少短小轻早]|最便宜|下限|起码|\b(?:at least|lowest|minimum|cheapest|starting)\b)[^\d,]*$"
)
_IN_TURN = re.compile(r"前者.*后者|\bthe former\b.*\bthe latter\b")  # what they stand for is not known
# What follows such a word is told of another subject, or of another year than the one named before.
_STARTS_ANEW = re.compile(
    r"^而|则|另|如今|现在|目前|[前上]一年|\bnow\b|\b(?:while|whereas|meanwhile)\b|\byear (?:before|earlier)\b"
)
_SCORE = re.compile(r"\s?(?:[比对:：–-]|to)\s?")


def role_fault(claim: Statement, sources: Sequence[Source], held: Held, meaning: Meaning) -> str | None:
    """Returns `role` where another figure of the evidence fits better what a sentence says of one.

    Only what tells the figures of the same kind apart counts.
    """
    for said in () if _IN_TURN.search(claim.text) else claim.figures:
        if (
            said.is_weak
            or claim.text.startswith("号", said.end)  # 12號冰川
            or (said.dimension == "ordinal" and said.value == 1)
            or _is_repeated(claim, said.start, held)
        ):
            continue
        quotes = [source for source in sources if any(agree(said, one) for one in source.quote.figures)]
        if quotes and all(_is_misplaced(claim, said, source, meaning) for source in quotes):
            return "role"
    for moment in claim.moments:
        clause = claim.clauses[claim.clause_at(moment.start)] if claim.clauses else None
        has_figure = any(clause and clause.start <= one.start < clause.end for one in claim.figures)
        if has_figure or _is_repeated(claim, moment.start, held) or _is_in_phrase(claim, moment, held):
            continue  # of a clause with a figure, the year is that figure's
        quotes = [source for source in sources if any(_same_date(moment, one.moment) for one in source.dates)]
        if quotes and all(_is_misdated(claim, moment, source, meaning) for source in quotes):
            return "role"
    return None


def _is_repeated(claim: Statement, place: int, held: Held) -> bool:
    """Tells whether the whole clause of a figure, with something said in it, stands in the evidence."""
    clause = claim.clauses[claim.clause_at(place)]
    return len(clause.content) > 1 and held.repeats(claim.text[clause.start : clause.end])


def _is_in_phrase(claim: Statement, moment: Moment, held: Held) -> bool:
    """Tells whether a date stands in the evidence together with the words behind it: 1980年的水平."""
    phrase = claim.text[moment.start : moment.end + PHRASE_CHARS]
    return claim.text.startswith("的", moment.end) and phrase in held.text


def _score(text: Statement, figure: Amount) -> tuple[float, float] | None:
    """Returns the two numbers of a result such as 3比1 that a figure is part of."""
    for one, other in itertools.pairwise(text.figures):
        if figure in (one, other) and _SCORE.fullmatch(text.text[one.end : other.start]):
            return one.value, other.value
    return None


def _is_misplaced(claim: Statement, said: Amount, source: Source, meaning: Meaning) -> bool:
    quote = source.quote
    if (score := _score(claim, said)) and score in [_score(quote, one) for one in quote.figures]:
        return False
    pool = [
        one
        for one in quote.figures
        if _is_alike(said, one)
        and not (one.is_weak and one.value == 1)
        and not _counts_other_things(claim, said, quote, one)
    ]
    if (is_wrong_end := _is_wrong_end(claim, said, quote)) is not None:
        return is_wrong_end
    right = [one for one in pool if agree(said, one)]
    if said.dimension and any(one.dimension == said.dimension for one in right):
        pool = [one for one in pool if one.dimension == said.dimension]  # 18歲 has no rival in 7.5比6.5
    when = _when_said(claim, said)
    timely = [one for one in right if not _clash(when, _when_held(source, one))]
    if right and not timely:
        return True
    rivals = [one for one in pool if one not in right and not _clash(when, _when_held(source, one))]
    if not (right and rivals):
        return False
    contexts = [context_of(quote, one.start, one.end, meaning) for one in [*timely, *rivals]]
    own = context_of(claim, said.start, said.end, meaning, False)
    is_worse = _fits_worse(own, contexts, len(timely), meaning)
    if is_worse and len(own.words) < FEW_WORDS:
        own = context_of(claim, said.start, said.end, meaning)
        is_worse = _fits_worse(own, contexts, len(timely), meaning)
    return is_worse


def _is_wrong_end(claim: Statement, said: Amount, quote: Statement) -> bool | None:
    """Tells whether a figure is said to be the end of a range that it is not; None where it is said to be none."""
    mark = _END.search(claim.text[max(0, said.start - END_CHARS) : said.start])
    if mark is None:
        return None
    for low, high in itertools.pairwise(quote.figures):
        if low.value < high.value and _RANGE.fullmatch(quote.text[low.end : high.start]):
            if agree(said, high):
                return mark.lastgroup != "high"
            if agree(said, low):
                return mark.lastgroup != "low"
    return None


def _is_misdated(claim: Statement, said: Moment, source: Source, meaning: Meaning) -> bool:
    dates = [one for one in source.dates if one.moment in source.quote.moments]
    right = [one for one in dates if _same_date(said, one.moment)]
    rivals = [one for one in dates if one not in right and one.moment.year and one.moment.year != said.year]
    if not (right and rivals):
        return False
    contexts = [scope_of(source, one) for one in [*right, *rivals]]
    return _fits_worse(context_of(claim, said.start, said.end, meaning, False), contexts, len(right), meaning, 1.0)


def _is_alike(said: Amount, held: Amount) -> bool:
    if (said.dimension == "ordinal") != (held.dimension == "ordinal"):
        return False
    if bool(said.currencies) != bool(held.currencies) and not _may_be_money(said, held):
        return False
    is_bare = not (said.dimension or said.currencies)
    return comparable_units(said, held) and not (is_bare and held.dimension not in ("", "count", "ordinal"))


def _counts_other_things(claim: Statement, said: Amount, quote: Statement, held: Amount) -> bool:
    """Tells whether two figures have different words of measure: 9輪 and 173分."""
    one, other = (text.text[amount.end : amount.end + 1] for text, amount in ((claim, said), (quote, held)))
    return one != other and {one, other} <= _MEASURES


def _may_be_money(said: Amount, held: Amount) -> bool:
    """Tells whether one of two figures is of money and the other may be: it has no unit, and is not far smaller."""
    money, other = (said, held) if said.currencies else (held, said)
    return not (other.dimension or other.is_weak) and other.value * MONEY_SPREAD >= money.value


def _same_date(one: Moment, other: Moment) -> bool:
    return one.year is not None and one.year == other.year and one.month in (None, other.month)


When = tuple[frozenset[int], str]


def _when_said(claim: Statement, said: Amount) -> When:
    """Returns the year, and the part of it, that a sentence gives to a figure."""
    clause = claim.clauses[claim.clause_at(said.start)] if claim.clauses else None
    before = [one for one in claim.moments if one.start < said.start]
    own = [one for one in claim.moments if clause and clause.start <= one.start < clause.end]
    nearest = [one for one in reversed(before) if one in own] + [one for one in own if one not in before]
    if clause and not own and (_STARTS_ANEW.search(claim.text[max(0, clause.start - 1) : said.start])):
        return frozenset(), ""
    named = next((one for one in (*nearest, *reversed(before)) if one.year), None)
    if any(one.month and not one.year for one in own):
        named = None
    part = next((one.part for one in reversed([*own, *before]) if one.part), "")
    return frozenset((named.year,)) if named and named.year else frozenset(), part


def _when_held(source: Source, held: Amount) -> When:
    quote = source.quote
    clause = quote.clauses[quote.clause_at(held.start)]
    dates = [one for one in source.dates if one.moment in quote.moments]
    own = [one for one in dates if clause.start <= one.moment.start < clause.end and not one.moment.part]
    if not own and speaks_of_now(quote.text[clause.start : clause.end]):
        return frozenset(), ""
    before = [one for one in dates if one.moment.start < held.start and one.passes_on and one.moment.year]
    behind = [
        one
        for one in dates
        if one.moment.start > held.start and not one.moment.part and one.passes_on and _same_segment(quote, held, one)
    ]
    near = [one for one in before[-1:] if _same_segment(quote, held, one)]
    far = before[-1:] if len({one.moment.year for one in before}) == 1 else []  # of several years, none holds on
    named = [one for one in own if one.passes_on] or near or behind[:1] or far
    beside = [one for one in own if not one.passes_on and _is_beside(quote, one, held)]
    bound = [one for one in (*named, *beside) if not _is_of_report(source, one.moment)]
    years = frozenset(year for one in bound for year in one.years)
    since = named[0].moment.start if named else 0
    parts = [
        one.moment.part
        for one in dates
        if one.moment.part and since <= one.moment.start + 12 and one.moment.start < held.start
    ]
    return years, parts[-1] if parts else ""


def _is_of_report(source: Source, moment: Moment) -> bool:
    """Tells whether a date only says when the article's news was told: 昨日公布."""
    if source.published is None:
        return False
    days = (source.published, source.published - dt.timedelta(days=1))
    return (moment.year, moment.month, moment.day) in [(day.year, day.month, day.day) for day in days]


def _is_beside(quote: Statement, date: Dated, held: Amount) -> bool:
    """Tells whether no other figure stands between a date and the figure behind it."""
    return date.moment.end <= held.start and not any(date.moment.end <= one.start < held.start for one in quote.figures)


def _same_segment(quote: Statement, held: Amount, date: Dated) -> bool:
    places = (quote.clause_at(held.start), quote.clause_at(date.moment.start))
    return quote.clauses[places[0]].segment == quote.clauses[places[1]].segment


def _clash(said: When, held: When) -> bool:
    if said[0] and held[0] and not said[0] & held[0]:
        return True
    return bool(said[1] and held[1] and said[1] != held[1])


def _fits_worse(
    said: Context, contexts: list[Context], right: int, meaning: Meaning, verb_weight: float = VERB_WEIGHT
) -> bool:
    """Compares what sets the contexts apart: for each word, how much more it speaks for one than for the least."""
    if said.slot == "from" and all(context.slot != "from" for context in contexts):
        return False  # the evidence tells what came before in other words
    scores, total = [0.0] * len(contexts), 0.0
    for word, place in said.words:
        weight = place * max(verb_weight, weight_of(word, meaning))
        fits = [
            max((held_place * meaning.same(word, held) for held, held_place in context.words), default=0.0)
            for context in contexts
        ]
        total += weight
        scores = [score + weight * fit for score, fit in zip(scores, fits, strict=True)]
    if said.slot and any(context.slot == said.slot for context in contexts):
        scores = [score + SLOT * (context.slot == said.slot) for score, context in zip(scores, contexts, strict=True)]
        total += SLOT
    return max(scores[right:]) > max(scores[:right]) + MARGIN * total
