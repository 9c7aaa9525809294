"""Whether a sentence exchanges two things that its evidence tells of: who did it and to whom, whose a figure is."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from qa.checking.contexts import TOGETHER
from qa.checking.likeness import holds, is_name, is_verb, parted, shared_words
from qa.text.amounts import agree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.checking.meaning import Meaning
    from qa.checking.source import Source
    from qa.checking.statement import Clause, Statement, Word

__all__ = ["exchange_fault"]

SIDE_CHARS = 12  # before a verb, in which a mark of who does it stands
_PASSIVE = re.compile(r"被|遭|由|受|获|\bby\b")
_RECEIVER = re.compile("[向对给]")


def exchange_fault(claim: Statement, sources: Sequence[Source], meaning: Meaning) -> str | None:
    """Returns `role` where names change places around a verb, or two clauses exchange what their figures are of."""
    is_exchanged = any(
        _are_exchanged(claim, source, meaning) or _is_crossed(claim, source, meaning) for source in sources
    )
    return "role" if is_exchanged else None


def _are_exchanged(claim: Statement, source: Source, meaning: Meaning) -> bool:
    """Tells whether two clauses exchange what a figure is of: 個人版2980元 for 商用版2980元."""
    quote = source.quote
    if TOGETHER.search(claim.text):
        return False
    for said in claim.figures:
        places = [quote.clauses[quote.clause_at(one.start)] for one in quote.figures if agree(said, one)]
        if said.is_weak or len(places) != 1:
            continue
        own, theirs = claim.clauses[claim.clause_at(said.start)], places[0]
        mine = [word for word in _whose(own, source, meaning) if not holds(theirs, [word], meaning)]
        others = [word for word in _whose(theirs, source, meaning) if not holds(own, [word], meaning)]
        if _stand_beside(mine, theirs, quote, meaning) and _stand_beside(others, own, claim, meaning):
            return True
    return False


def _stand_beside(words: Sequence[Word], clause: Clause, text: Statement, meaning: Meaning) -> bool:
    """Tells whether a clause beside another, in its sentence, has one of some words."""
    at = text.clauses.index(clause)
    beside = (*text.clauses[max(0, at - 1) : at], *text.clauses[at + 1 : at + 2])
    return any(holds(one, [word], meaning) for word in words for one in beside if one.segment == clause.segment)


def _whose(clause: Clause, source: Source, meaning: Meaning) -> list[Word]:
    """Lists what a clause may be about: its subject, its names, and what stands behind 由 or 是."""
    subject = parted(clause, meaning)[0]
    behind = [
        word
        for before, word in itertools.pairwise(clause.words)
        if before.text in ("由", "是") and not word.is_function
    ]
    names = [word for word in clause.words if is_name(word, meaning, source)]
    return [word for word in (*subject, *behind, *names) if len(word.text) > 1 and not is_verb(word, meaning)]


def _is_crossed(claim: Statement, source: Source, meaning: Meaning) -> bool:
    """Tells whether two names change places around a verb that both texts have."""
    quote = source.quote
    for verb in claim.words:
        if verb.is_function or not is_verb(verb, meaning) or is_name(verb, meaning, source):
            continue
        mine = _told_apart(*_sides(claim, verb, meaning, source), meaning)
        if not all(mine):
            continue
        for other in quote.words:
            if meaning.same(verb, other) < 0.8 or other.is_function:
                continue
            theirs = _told_apart(*_sides(quote, other, meaning, source), meaning)
            straight = shared_words(mine[0], theirs[0], meaning) + shared_words(mine[1], theirs[1], meaning)
            if straight:
                break
            crossed = shared_words(mine[0], theirs[1], meaning) + shared_words(mine[1], theirs[0], meaning)
            if crossed > 1 and all(theirs):
                return True
    return False


def _told_apart(one: list[Word], other: list[Word], meaning: Meaning) -> tuple[list[Word], list[Word]]:
    """Leaves out what both sides are called by: 村隊 of 柳河村隊 and 北關村隊."""
    return (
        [word for word in one if not shared_words([word], other, meaning)],
        [word for word in other if not shared_words([word], one, meaning)],
    )


def _sides(text: Statement, verb: Word, meaning: Meaning, source: Source) -> tuple[list[Word], list[Word]]:
    """Lists the names around a verb, as who does it and to whom it is done.

    They stand in its clause; who does it may stand in the clause before.
    """
    at = text.clause_at(verb.start)
    names = [word for word in text.clauses[at].words if is_name(word, meaning, source)]
    before = [word for word in names if word.end <= verb.start]
    has_subject = any(not word.is_function and word.end <= verb.start for word in text.clauses[at].words)
    back = -1 if has_subject and verb.is_han else at - 1
    while not before and back >= 0 and text.clauses[back].segment == text.clauses[at].segment:
        before = [word for word in text.clauses[back].words if is_name(word, meaning, source)]
        back -= 1
    behind = [word for word in names if word.start >= verb.end]
    if not verb.is_han:
        return (behind, before) if _PASSIVE.search(text.text[verb.end : verb.end + 4]) else (before, behind)
    to_whom, by_whom = (_last_mark(mark, text, verb) for mark in (_RECEIVER, _PASSIVE))
    receiving = [word for word in before if 0 < to_whom <= word.start]
    if receiving:
        return [word for word in before if word not in receiving], [*receiving, *behind]
    doing = [word for word in before if 0 < by_whom <= word.start]
    if doing:
        return doing, [*(word for word in before if word not in doing), *behind]
    return (behind, before) if by_whom else (before, behind)


def _last_mark(mark: re.Pattern[str], text: Statement, verb: Word) -> int:
    """Returns where the last such mark before a verb ends, in its clause and near it; 0 if there is none."""
    clause = text.clauses[text.clause_at(verb.start)]
    marks = mark.finditer(text.text, max(clause.start, verb.start - SIDE_CHARS), verb.start)
    return max((match.end() for match in marks), default=0)
