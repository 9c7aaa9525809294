"""Whether a sentence has someone say what its evidence has another say."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from qa.checking.likeness import (
    SAYING,
    holds,
    is_name,
    sentence_around,
    share_of,
    shared_words,
    speaks,
    weight_of_words,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.checking.meaning import Meaning
    from qa.checking.source import Source
    from qa.checking.statement import Clause, Statement, Word

__all__ = ["speaker_fault"]

SAID_HELD = 0.6  # share of what is said from which a clause of the evidence says it
SAID_MIN = 4.0  # weight of what can be recognised
_QUOTED = re.compile(
    r"(?:说|称|指|道|形容|认为|觉得|主张|批评|直言|强调|表示|\b(?:call|said|say|describ)\w*)[^,。]{0,12}?[「“\"]([^「」“”\"]{4,})[」”\"]"
)


def speaker_fault(claim: Statement, sources: Sequence[Source], meaning: Meaning) -> str | None:
    """Returns `role` where every source has another say what a sentence has someone say, reported or quoted."""
    for clause in claim.clauses:
        if all(_is_reported_of_another(clause, claim, source, meaning) for source in sources):
            return "role"
        if all(_is_thought_by_another(clause, source, meaning) for source in sources):
            return "role"
    for quoted in _QUOTED.findall(claim.text):
        if all(_is_quoted_from_another(quoted, claim, source, meaning) for source in sources):
            return "role"
    return None


def _is_quoted_from_another(quoted: str, claim: Statement, source: Source, meaning: Meaning) -> bool:
    """Tells whether a source puts some quoted words into the mouth of others than a sentence does."""
    quote = source.quote
    at = quote.text.find(quoted)
    if at < 0:
        return False
    around = sentence_around(quote, quote.clause_at(at))
    theirs = [word for one in around for word in one.words if word.end <= at and is_name(word, meaning, source)]
    mine = [word for word in claim.words if is_name(word, meaning, source) and word.text not in quoted]
    if theirs and not mine:  # 教育局發言人 names nobody
        known = [word for one in around for word in one.content if word.end <= at]
        office = [word for word in _before_saying(claim.words) if not word.is_function]
        return bool(office) and not shared_words(office, known, meaning)
    return bool(theirs and mine) and not shared_words(theirs, mine, meaning)


def _before_saying(words: Sequence[Word]) -> list[Word]:
    """Lists the words before the first of saying; none where nothing is said."""
    before = list(itertools.takewhile(lambda word: word.text not in SAYING, words))
    return before if len(before) < len(words) else []


def _is_reported_of_another(clause: Clause, claim: Statement, source: Source, meaning: Meaning) -> bool:
    """Tells whether a source has another say what follows a clause with a speaker: 她擔心，價格會再升."""
    speaker = _speaker(clause, source, meaning)
    at = claim.clauses.index(clause)
    if not speaker or not any(holds(one, speaker[:1], meaning) for one in source.quote.clauses):
        return False
    following = itertools.takewhile(
        lambda one: one.segment == clause.segment and not speaks(one), claim.clauses[at + 1 :]
    )
    said = max(following, key=lambda one: weight_of_words(one.content), default=None)
    if said is None or weight_of_words(said.content) < SAID_MIN:
        return False
    clauses = source.quote.clauses
    shares = [share_of(said.content, one, meaning) for one in clauses]
    best = shares.index(max(shares))
    speaking = [one for one in clauses[:best] if speaks(one) and one.segment == clauses[best].segment]
    theirs = [word for one in speaking[-1:] for word in _speaker(one, source, meaning)]
    return shares[best] >= SAID_HELD and bool(theirs) and not shared_words(theirs, speaker, meaning)


def _is_thought_by_another(clause: Clause, source: Source, meaning: Meaning) -> bool:
    """Tells whether a source has another think or say what a clause says that its own speaker does: 林惠真擔心反彈."""
    speaker = _speaker(clause, source, meaning)
    following = itertools.dropwhile(lambda word: word.text not in SAYING, clause.words)
    said = [word for word in list(following)[1:] if not word.is_function]
    clauses = source.quote.clauses
    if not speaker or weight_of_words(said) < SAID_MIN or not any(holds(one, speaker[:1], meaning) for one in clauses):
        return False
    best = max(clauses, key=lambda one: share_of(said, one, meaning))
    theirs = _speaker(best, source, meaning)
    return share_of(said, best, meaning) >= SAID_HELD and bool(theirs) and not shared_words(theirs, speaker, meaning)


def _speaker(clause: Clause, source: Source, meaning: Meaning) -> list[Word]:
    """Lists the names before a word of saying."""
    return [word for word in _before_saying(clause.words) if is_name(word, meaning, source)]
