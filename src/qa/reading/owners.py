"""Several figures in one sentence -> that of the subject which the question names."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from qa.lexicon import names_in
from qa.reading.completing import complete
from qa.terms import RARE
from qa.text.folding import fold
from qa.text.numerals import digits
from qa.text.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.reading.reader import Marked
    from qa.retrieve import Query

__all__ = ["of_kind_asked", "owned"]

_BORDER = re.compile(r"[，；。：;]|,(?!\d)")
_PART_OF_IT = re.compile(r"\s*(?:其中|當中|当中|其內|其内|of (?:which|these|them|those)\b)")


def of_kind_asked(query: Query, text: str, marked: Sequence[Marked]) -> list[Marked]:
    """Returns the marked words that hold such a figure as is asked for, or all where none do or none is asked for."""
    if not query.expected.is_figure:
        return list(marked)
    fitting = [one for one in marked if _holds_figure(query, text, one)]
    return [one for one in fitting if query.expected.held_by(_folded(text, one))] or fitting or list(marked)


def owned(query: Query, text: str, marked: Sequence[Marked]) -> Marked:
    """Returns the likeliest of the marked words, or those of another clause that is about what the question names.

    That is so where the other clause has all words of the question that the likeliest one's has, and a rare one
    besides; or where it has a name of the question, and the likeliest one's has only others. `marked` are in one
    sentence, the likeliest first; words that go on after the clause with the figure are cut.
    """
    if not query.expected.is_figure:
        return marked[0]
    if not query.question.asks_each:
        marked = [piece for one in marked for piece in _clause_by_clause(query, text, one)]
    best = marked[0]
    here, *others = [_clause(text, one) for one in marked]
    rivals = [
        (one, text[slice(*clause)])
        for one, clause in zip(marked[1:], others, strict=True)
        if clause != here and _holds_figure(query, text, one)
    ]
    covering = (one for one, clause in rivals if _covers_more(query, clause, text[slice(*here)]))
    owner = next(covering, None)
    if owner is None and rivals and _is_of_another(query, text[here[0] : best.start] + "，" + text[best.end : here[1]]):
        asked = names_in(query.question.text)
        owner = next((one for one, clause in rivals if names_in(clause) & asked), None)
    return owner or best


def _clause_by_clause(query: Query, text: str, marked: Marked) -> list[Marked]:
    """Cuts marked words where a clause ends, if the first piece holds such a figure by itself."""
    borders = [match.span() for match in _BORDER.finditer(text, marked.start, marked.end)]
    ends = [*(start for start, _ in borders), marked.end]
    pieces = [dataclasses.replace(marked, end=ends[0])]
    for (_, start), end in zip(borders, ends[1:], strict=True):
        figure = re.search(r"\d", text[start:end])
        pieces.append(dataclasses.replace(marked, start=start + figure.start() if figure else start, end=end))
    return pieces if _holds_figure(query, text, pieces[0]) else [marked]


def _holds_figure(query: Query, text: str, marked: Marked) -> bool:
    return query.expected.kind_held_by(_folded(text, marked))


def _folded(text: str, marked: Marked) -> str:
    return digits(fold(text[slice(*complete(text, marked.start, marked.end))]))


def _covers_more(query: Query, clause: str, other: str) -> bool:
    """Tells whether a clause has all words of the question that the other has, and a rare one besides.

    其中 goes on about what the clause before it speaks of.
    """
    here, there = frozenset(tokenize(clause)), frozenset(tokenize(other))
    here |= there if _PART_OF_IT.match(clause) else frozenset()
    found = [term for term in query.direct if term.found_in(there)]
    more = [term for term in query.direct if term.found_in(here) and not term.found_in(there)]
    return all(term.found_in(here) for term in found) and any(term.weight >= RARE for term in more)


def _is_of_another(query: Query, clause: str) -> bool:
    """Tells whether a clause has names, and none that the question has."""
    named = names_in(clause)
    return bool(named) and not named & names_in(query.question.text)


def _clause(text: str, marked: Marked) -> tuple[int, int]:
    start = max((match.end() for match in _BORDER.finditer(text, 0, marked.start)), default=0)
    after = _BORDER.search(text, marked.end)
    return start, after.start() if after else len(text)
