"""Evidence as sentences are held against it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.checking.aliases import aliases_of, without_glosses
from qa.checking.statement import Statement, take_apart
from qa.quoting import shown
from qa.text.dates import time_notes
from qa.text.folding import fold
from qa.text.moments import Moment
from qa.text.numerals import spelled_in_english
from qa.text.tokens import stem

if TYPE_CHECKING:
    from qa.lexicon import Lexicon
    from qa.records import Citation

__all__ = ["Dated", "Source", "prepare_source", "speaks_of_now", "with_dates_beside", "with_dates_for"]

_NOW = re.compile(
    r"目前|现(?!象|场|金|代|行|有|实|身|任)|如今|至今|近日|最近|日前|刚刚|\b(?:now|currently|recently|to date|so far|present)\b"
)
_AGO = re.compile("年前$|years ago$")
_CAPITALISED = re.compile(r"(?<![.?!] )(?<!^)(?<![A-Za-z])[A-Z][A-Za-z]+|(?<![A-Za-z])[A-Z][A-Za-z]*[A-Z][A-Za-z]*")
_BETWEEN = re.compile(r"[^,，。;；.]{0,12}")
_COMPARED = re.compile(
    r"(?:比|较|較|较之|由|从|自|than|from|against|on|compared (?:with|to))\s?(?:a |the )?"
    r"(?:大?[去上前今]年|同期|[昨前][日天]|[上前]个?[月周季]|last (?:year|month|week)|yesterday)?\s*$"
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in evidence with the years it may lie in; `passes_on` says that what follows it is of that date too."""

    moment: Moment
    years: frozenset[int]
    passes_on: bool = True


@dataclass(frozen=True, slots=True)
class Source:
    """One item of evidence: its quote with relative dates written out, and its headline."""

    n: int
    quote: Statement
    title: Statement
    published: dt.date | None
    dates: tuple[Dated, ...]
    speaks_of_now: bool
    names: frozenset[str]
    glosses: Statement
    aliases: dict[str, str]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What of it may bear out a sentence."""
        return self.quote, self.title, self.glosses


def prepare_source(citation: Citation, lexicon: Lexicon) -> Source:
    """Takes one item of evidence apart."""
    text = shown(citation.quote)
    quote = take_apart(with_dates_beside(without_glosses(text), citation.published), lexicon)
    title = take_apart(with_dates_beside(citation.title, citation.published), lexicon)
    published = citation.published
    dates = (*_dated(quote, published), *_dated(title, published))
    aliases = aliases_of(text, lexicon)
    glosses = take_apart(" | ".join(aliases), lexicon)
    return Source(citation.n, quote, title, published, dates, speaks_of_now(quote.text), _names(text), glosses, aliases)


def _names(text: str) -> frozenset[str]:
    """Lists the stems of the capitalised words that do not merely open a sentence."""
    return frozenset(stem(fold(match[0])) for match in _CAPITALISED.finditer(text))


def speaks_of_now(text: str) -> bool:
    """Tells whether a folded text speaks of the day on which it was published."""
    return _NOW.search(text) is not None


def with_dates_beside(text: str, day: dt.date | None) -> str:
    """Returns a text in lower case with the date written behind every word of time: `last year 2024年`."""
    return _written(text, day, keep=True)


def with_dates_for(text: str, day: dt.date | None, counts_back: bool = True) -> str:
    """Returns a text in lower case with the date in place of every word of time, 十年前 too if it `counts_back`."""
    return _written(text, day, keep=False, counts_back=counts_back)


def _written(text: str, day: dt.date | None, keep: bool, counts_back: bool = True) -> str:
    lowered = spelled_in_english(text.lower())
    pieces, at = [], 0
    for note in time_notes(lowered, day):
        if note.start < at or (not keep and _compares(lowered, note.start, note.end)):
            continue
        if not counts_back and _AGO.search(lowered[note.start : note.end]):
            continue
        stays = keep or lowered[note.start : note.end].endswith("半年")
        said = lowered[note.start : note.end] if stays else ""
        half_year = said.endswith("半年")
        pieces += [lowered[at : note.start], f" {note.date}{said}" if half_year else f"{said} {note.date}"]
        at = note.end
    return "".join([*pieces, lowered[at:]])


def _compares(text: str, start: int, end: int) -> bool:
    """Tells whether a word of time only says what something is compared with: 較去年同期, `than last year`."""
    return text.startswith("同期", end) or _COMPARED.search(text[:start]) is not None


def _year_behind(statement: Statement, moment: Moment) -> int | None:
    """Returns the year that is named right behind a month: `November next year 2026年`."""
    behind = (one for one in statement.moments if one.start >= moment.end and one.year and not one.month)
    following = next(behind, None)
    near = following is not None and _BETWEEN.fullmatch(statement.text[moment.end : following.start])
    return following.year if following and near else None


def _dated(statement: Statement, published: dt.date | None) -> list[Dated]:
    dated, year = [], None
    for moment in statement.moments:
        passes_on = not _COMPARED.search(statement.text[: moment.start])
        if moment.year:
            years = frozenset((moment.year,))
            year = moment.year if passes_on else year
        else:
            years = frozenset(
                filter(None, (year, published.year if published else None, _year_behind(statement, moment)))
            )
        dated.append(Dated(moment, years, passes_on))
    return dated
