"""Things of one kind that exclude one another: 死亡 and 受傷, 上午 and 下午, gold and silver medals."""

from __future__ import annotations

import functools
import importlib.resources
import json
import re
from typing import TYPE_CHECKING

from qa.checking.opposites import SAME, pattern_of
from qa.text.amounts import agree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa.checking.held import Held
    from qa.checking.meaning import Meaning
    from qa.checking.source import Source
    from qa.checking.statement import Clause, Statement

__all__ = ["contrast_fault"]


_DENIED = frozenset("不未没非")  # 不贊成 is not among those in favour
REMEMBERED = 256  # texts: those of a few answers


def contrast_fault(claim: Statement, sources: Sequence[Source], held: Held) -> str | None:
    """Returns `contrast` where a sentence has one of several things of a kind and its evidence only others.

    The evidence of a clause with a figure, or a year, is what stands beside that figure.
    """
    for number, members in _named(claim.text).items():
        theirs = _named(held.text).get(number, frozenset())
        if members - theirs and theirs - members:
            return "contrast"
    for clause in claim.clauses:
        mine = _named(claim.text[clause.start : clause.end])
        if mine and all(_is_contrasted(claim, clause, mine, source.quote, held.meaning) for source in sources):
            return "contrast"
    return None


def _is_contrasted(
    claim: Statement, clause: Clause, mine: Mapping[int, frozenset[int]], quote: Statement, meaning: Meaning
) -> bool:
    """Tells whether the clauses of a quote with a clause's figures have others of a kind, and none that it has."""
    figures = [one for one in claim.figures if clause.start <= one.start < clause.end and not one.is_weak]
    years = {one.year for one in claim.moments if clause.start <= one.start < clause.end and one.year}
    places = {quote.clause_at(one.start) for one in quote.figures if any(agree(said, one) for said in figures)}
    if not figures:
        places = {quote.clause_at(one.start) for one in quote.moments if one.year in years}
    if not figures and not years:
        if _is_told(clause, mine, quote, meaning):
            return False
        places = _only_places(clause, quote, meaning)
    theirs = [_named(quote.text[quote.clauses[at].start : quote.clauses[at].end]) for at in places]
    return bool(theirs) and any(
        all(number in one and not members & one[number] for one in theirs) for number, members in mine.items()
    )


def _is_told(clause: Clause, mine: Mapping[int, frozenset[int]], quote: Statement, meaning: Meaning) -> bool:
    """Tells whether a clause of a quote has what another opens with, and all of the kinds that it names."""
    opening = clause.content[:1]
    about = [one for one in quote.clauses if any(meaning.same(a, b) >= SAME for a in opening for b in one.content)]
    named = [_named(quote.text[one.start : one.end]) for one in about]
    return all(any(members & one.get(number, frozenset()) for one in named) for number, members in mine.items())


def _only_places(clause: Clause, quote: Statement, meaning: Meaning) -> set[int]:
    """Lists the clauses of a quote that alone hold something that a clause says is done."""
    places: set[int] = set()
    for word in clause.content:
        lexicon = meaning.lexicon
        if lexicon.is_verb(word.text) if word.is_han else lexicon.is_latin_verb(word.text):
            holding = [
                at
                for at, other in enumerate(quote.clauses)
                if any(meaning.same(word, one) >= SAME for one in other.content)
            ]
            places.update(holding if len(holding) == 1 else ())
    return places


@functools.lru_cache(maxsize=REMEMBERED)
def _named(text: str) -> dict[int, frozenset[int]]:
    """Maps the number of each kind of which a folded text names some to those it names."""
    if not _any_member().search(text):
        return {}
    found = {}
    for number, kind in enumerate(_kinds()):
        matches = [
            match for match in kind.finditer(text) if text[max(0, match.start() - 1) : match.start()] not in _DENIED
        ]
        members = frozenset(int((match.lastgroup or "m0")[1:]) for match in matches)
        if members:
            found[number] = members
    return found


@functools.cache
def _kinds() -> tuple[re.Pattern[str], ...]:
    table: Sequence[Sequence[Sequence[str]]] = json.loads(
        importlib.resources.files("qa.checking").joinpath("contrasts.json").read_text(encoding="utf-8")
    )
    return tuple(
        re.compile("|".join(f"(?P<m{at}>{pattern_of(words)})" for at, words in enumerate(kind))) for kind in table
    )


@functools.cache
def _any_member() -> re.Pattern[str]:
    return re.compile("|".join(re.sub(r"\(\?P<m\d+>", "(?:", kind.pattern) for kind in _kinds()))
