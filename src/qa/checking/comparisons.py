"""Whether two things that a sentence compares change places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.checking.source import Source
    from qa.checking.statement import Statement

__all__ = ["comparison_fault"]

_BY = r"(?:出|了|约|逾|近|\d|[一二两三四五六七八九])"
_COMPARED = re.compile(
    rf"(?P<more>比(?=[^,。]{{1,10}}?[高多大快强重长贵]{_BY})"
    r"|超过|多于|高于|大于|胜过|领先|\b(?:exceed\w*|outsold|overtook|surpass\w*|more than|higher than)\b)"
    rf"|(?P<less>比(?=[^,。]{{1,10}}?[低少小慢弱轻短]{_BY})"
    r"|少于|低于|小于|不及|不如|落后于|\b(?:trail\w*|less than|lower than|fewer than)\b)"
)


def comparison_fault(claim: Statement, sources: Sequence[Source]) -> str | None:
    """Returns `role` where the evidence puts first what a sentence puts second."""
    return "role" if any(_is_compared_otherwise(claim, source) for source in sources) else None


def _is_compared_otherwise(claim: Statement, source: Source) -> bool:
    """Tells whether two things change places around a word that compares them: 貓糧超過狗糧, 狗糧超過貓糧."""
    for one in _COMPARED.finditer(claim.text):
        mine = _around(claim, one)
        for other in _COMPARED.finditer(source.quote.text):
            theirs = _around(source.quote, other)
            if one.lastgroup == other.lastgroup and all(mine) and all(theirs):
                is_crossed = mine[0] == theirs[1] or mine[1] == theirs[0]
                if is_crossed and not (mine[0] == theirs[0] or mine[1] == theirs[1]):
                    return True
    return False


def _around(text: Statement, match: re.Match[str]) -> tuple[str, str]:
    """Returns the first thing before a word that compares, in its clause, and the one nearest behind it."""
    clause = text.clauses[text.clause_at(match.start())]
    first = next(one for one in text.clauses if one.segment == clause.segment)
    before = [word.text for one in (clause, first) for word in one.content if word.end <= match.start()]
    behind = [word.text for word in clause.content if word.start >= match.end()]
    return (before[0], behind[0]) if before and behind else ("", "")
