"""The words around a figure or a date, by which it is told to what it belongs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.checking.statement import Word

if TYPE_CHECKING:
    from qa.checking.meaning import Meaning
    from qa.checking.source import Dated, Source
    from qa.checking.statement import Clause, Statement

__all__ = ["TOGETHER", "VERB_WEIGHT", "Context", "context_of", "scope_of", "weight_of"]

BEFORE, BEHIND = 1.0, 0.7  # a figure belongs to what stands before it more often than to what follows
SHARED = 0.9  # the subject of several figures
FOLLOWING = 0.7  # what comes after a date that stands alone
NEIGHBOUR, FAR = 0.45, 0.2  # the clause before, of the same sentence or another
NAME_WEIGHT, VERB_WEIGHT = 2.0, 0.5
SLOT_CHARS = 4  # in which the slot word stands before a figure, hedges aside

_FROM = re.compile("由|从|自(?!主|己|动)|原来|原本|原先|之前|此前|五年前|\\bfrom\\b|年前")
_TO = re.compile("至|到|成|[对對比]|增加为|改为|变为|\\bto\\b|现|如今|目前|\\bnow\\b")
_HEDGE = re.compile(
    r"\s*(?:more than|less than|fewer than|over|under|about|around|nearly|almost|the|a|逾|超过|约|大约|近|将近|接近|at least|us|hk|nt|\$)*\s*$"
)
TOGETHER = re.compile("分别|各为|各是|respectively")
_OF_ALL = re.compile(r"\s(?:out )?of (?:the |its |their |all )*")  # 35 of the 41 firms
_SENTENCE_END = re.compile(r"[。！!？?\n|]|\.(?=\s|$)")
_OF_THEM = re.compile(r"\s?of (?:them|these|those)\b")
_LISTED = re.compile(r"[、,，]|(?<![合共])和|与|及|以及|\band\b")
_CHANGE = re.compile("增|升|涨|跌|降|减|长(?=$)|幅|到|达|rise|rose|fell|fall|grow|increas|decreas|declin|drop|year")


@dataclass(frozen=True, slots=True)
class Context:
    """The words around a figure, each with its weight."""

    words: tuple[tuple[Word, float], ...]
    slot: str


def context_of(statement: Statement, start: int, end: int, meaning: Meaning, widely: bool = True) -> Context:
    """Collects the words that a figure at `[start, end)` may belong to; `widely`, those of the clause before too."""
    at = statement.clause_at(start)
    if not statement.clauses:
        return Context((), "")
    clause = statement.clauses[at]
    if listed := _listed_part(statement, start):
        return Context(tuple((word, BEFORE) for word in listed), "")
    low, high = _borders(statement, start, end, clause.start, clause.end)
    words = [
        (word, BEFORE if word.end <= start else BEHIND)
        for word in clause.words
        if _counts(word) and low <= word.start and word.end <= high and not (start <= word.start < end)
    ]
    has_thing = any(_is_thing(word, meaning) for word, _ in words)
    if low > clause.start and not words and not widely:
        return Context((), "")  # nothing tells the figures of this clause apart
    if low > clause.start:  # without one of its own, a figure shares the subject of its clause
        shared = NEIGHBOUR if words else SHARED
        words += [(word, shared) for word in clause.words if _counts(word) and word.end <= low]
        has_thing = has_thing or any(_is_thing(word, meaning) for word, _ in words)
    if not has_thing and statement.text[: clause.start].rstrip().endswith("(") and at:
        words += [(word, BEFORE) for word in [one for one in statement.clauses[at - 1].words if _counts(one)][-2:]]
    elif widely or not words:
        words += _beside(statement, at, not words)
    if at and _OF_THEM.match(statement.text, end):
        words += [(word, SHARED) for word in statement.clauses[at - 1].words if _counts(word)]
    words = [
        (word, weight) for word, weight in words if not (word.start == end and word.is_han and len(word.text) == 1)
    ]
    return Context(tuple(words), _slot(statement.text[low:start], statement.text[end:high]))


def _beside(statement: Statement, at: int, is_bare: bool) -> list[tuple[Word, float]]:
    words: list[tuple[Word, float]] = []
    clause = statement.clauses[at]
    back = at - 1
    while (
        back > 0
        and not any(map(_counts, statement.clauses[back].words))
        and statement.clauses[back - 1].segment == clause.segment
    ):
        back -= 1
    leads = back >= 0 and statement.clauses[back].segment == clause.segment and bool(statement.clauses[back].content)
    for place in (back, at + 1):
        if 0 <= place < len(statement.clauses) and (place < at or (is_bare and not leads)):
            other = statement.clauses[place]
            near = SHARED if is_bare else NEIGHBOUR
            weight = near if other.segment == clause.segment else FAR
            words += [(word, weight) for word in other.words if _counts(word)]
    first = _opening(statement, at)
    if at and first not in (clause, statement.clauses[back] if leads else None):  # whom the whole sentence is about
        words += [(word, NEIGHBOUR) for word in first.words if _counts(word)]
    return words


def _opening(statement: Statement, at: int) -> Clause:
    """Returns the first clause of the sentence that a clause is in; a semicolon ends no sentence."""
    while at and not _SENTENCE_END.search(statement.text[statement.clauses[at - 1].end : statement.clauses[at].start]):
        at -= 1
    return statement.clauses[at]


def scope_of(source: Source, date: Dated) -> Context:
    """Collects the words of the clauses that a date in evidence holds for: its own and those up to the next date."""
    quote = source.quote
    first = quote.clause_at(date.moment.start)
    others = [
        quote.clause_at(one.moment.start) for one in source.dates if one.moment in quote.moments and one.moment.year
    ]
    stop = min((at for at in others if at > first), default=len(quote.clauses))
    words = [(word, BEFORE) for word in quote.clauses[first].words if _counts(word)]
    near = NEIGHBOUR if words else FOLLOWING
    if date.passes_on:
        words += [(word, near) for clause in quote.clauses[first + 1 : stop] for word in clause.words if _counts(word)]
    for at, clause in enumerate(quote.clauses[:first]):
        if clause.segment == quote.clauses[first].segment and at not in others:
            words += [(word, NEIGHBOUR) for word in clause.words if _counts(word)]
    return Context(tuple(words), "")


def _counts(word: Word) -> bool:
    return not word.is_function and not (word.is_han and len(word.text) <= 2 and _CHANGE.search(word.text))


def _is_thing(word: Word, meaning: Meaning) -> bool:
    return not (meaning.lexicon.is_verb(word.text) if word.is_han else meaning.lexicon.is_latin_verb(word.text))


def weight_of(word: Word, meaning: Meaning) -> float:
    """Weighs names above things, and things above what is done with them."""
    lexicon = meaning.lexicon
    if (word.is_fragment or lexicon.is_name(word.text)) if word.is_han else not lexicon.explains_with(word.text):
        return NAME_WEIGHT
    return 1.0 if _is_thing(word, meaning) else VERB_WEIGHT


def _borders(statement: Statement, start: int, end: int, low: int, high: int) -> tuple[int, int]:
    figures = [(one.start, one.end) for one in statement.figures]
    dates = [(one.start, one.end) for one in statement.moments if one.year]
    # A date parts what is said only from another figure before it.
    dates = [date for date in dates if date[0] > end or any(low <= place[0] < date[0] for place in figures)]
    others = [*dates, *figures]
    before = [stop for _, stop in others if stop <= start]
    joined = re.search(r"\band\b", statement.text[end:high])
    behind = [begin for begin, _ in others if begin >= end] + ([end + joined.start()] if joined else [])
    behind = [one for one in behind if not _OF_ALL.fullmatch(statement.text[end:one])]
    return max([low, *before]), min([high, *behind])


def _slot(before: str, behind: str) -> str:
    bare = _HEDGE.sub("", before)
    if _TO.search(bare[-SLOT_CHARS:]):
        return "to"
    if _FROM.search(before) or re.match(r"\s*(?:升|跌|降|增|减|提高|下降)", behind):
        return "from"
    return ""


def _listed_part(statement: Statement, start: int) -> list[Word]:
    """Finds the part of a list that a figure after 分別, or before "respectively", belongs to."""
    clause = statement.clauses[statement.clause_at(start)]
    same = [one for one in statement.clauses if one.segment == clause.segment]
    begin, end = same[0].start, same[-1].end
    match = TOGETHER.search(statement.text, begin, end)
    if match is None:
        return []
    figures = [one for one in statement.figures if begin <= one.start < end and not one.is_weak]
    figures = [one for one in figures if one.start > match.start()] if match[0] != "respectively" else figures
    places = [one.start for one in figures]
    if start not in places or len(places) < 2:
        return []
    stop = min(match.start(), places[0])
    marks = list(_LISTED.finditer(statement.text, begin, stop))
    bounds = [begin, *(one.end() for one in marks)]
    if len(bounds) < len(places):
        return []
    bounds = bounds[-len(places) :] if len(bounds) > len(places) else bounds
    ends = [*bounds[1:], stop]
    at = places.index(start)
    inside = [word for word in statement.words if bounds[at] <= word.start < ends[at] and _counts(word)]
    return inside[:3]  # the last part goes on with what all have in common
