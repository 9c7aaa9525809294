"""Whether a sentence says of someone what its evidence says of another."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from qa.checking.contexts import TOGETHER
from qa.checking.likeness import (
    SAYING,
    holds,
    is_name,
    parted,
    sentence_around,
    share_of,
    shared_words,
    speaks,
    weight_of_words,
)
from qa.checking.opposites import is_negative
from qa.checking.words import word_list
from qa.quoting import leans_on_previous
from qa.text.amounts import agree

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qa.checking.held import Held
    from qa.checking.meaning import Meaning
    from qa.checking.source import Source
    from qa.checking.statement import Clause, Statement, Word
    from qa.text.amounts import Amount

__all__ = ["mixed_fault", "subject_fault"]

PREDICATE_HELD = 0.6  # share of a predicate from which a clause of the evidence says it
PREDICATE_MIN = 4.0  # weight of a predicate that can be recognised
_TITLES = word_list("titles")
_BLAMED = re.compile("归[咎因功]于")  # what comes before it is what somebody gives a reason for
_WHOLE = re.compile("全[台港澳国省市县区州村镇校]")  # which names the place that the article is about


def subject_fault(claim: Statement, sources: Sequence[Source], meaning: Meaning) -> str | None:
    """Returns `role` where the evidence says of another what a clause says of its own subject, place or object."""
    if TOGETHER.search(claim.text):
        return None  # the roles of the figures tell
    for clause in claim.clauses:
        if _BLAMED.match(claim.text, clause.end):
            continue
        found = [_judged(claim, clause, source, meaning) for source in sources]
        judged = [one for one in found if one is not None]
        if judged and all(judged):
            return "role"
    is_paired = any(all(_is_paired_otherwise(one, source, meaning) for source in sources) for one in claim.clauses)
    return "role" if is_paired else None


def mixed_fault(claim: Statement, sources: Sequence[Source], held: Callable[[Source], Held]) -> str | None:
    """Returns `role` where the names of one clause stand in no one item of evidence together."""
    if len(sources) < 2:
        return None
    for clause in claim.clauses:
        meaning = held(sources[0]).meaning
        names = [word for word in clause.words if any(is_name(word, meaning, source) for source in sources)]
        if names and not any(all(held(source).covers(name) for name in names) for source in sources):
            return "role"
    return None


def _is_han(source: Source) -> bool:
    return len(source.quote.characters) > len(source.quote.stems)


def _is_paired_otherwise(clause: Clause, source: Source, meaning: Meaning) -> bool:
    """Tells whether two names of a clause stand in two clauses of the evidence, each with another name beside it."""
    is_han = _is_han(source)
    names = [word for word in clause.words if is_name(word, meaning, source) and (is_han or not word.is_han)]
    for one, other in itertools.combinations(names, 2):
        places = [[c for c in source.quote.clauses if holds(c, [word], meaning)] for word in (one, other)]
        if not all(places) or any(place in places[1] for place in places[0]):
            continue
        if any(holds(title, [word], meaning) for title in source.title.clauses for word in (one, other)):
            continue
        if all(any(_has_other_name(place, names, source, meaning) for place in held) for held in places):
            return True
    return False


def _has_other_name(clause: Clause, names: Sequence[Word], source: Source, meaning: Meaning) -> bool:
    others = [word for word in clause.words if is_name(word, meaning, source)]
    return any(not shared_words([word], names, meaning) for word in others)


def _judged(claim: Statement, clause: Clause, source: Source, meaning: Meaning) -> bool | None:
    figures = [one for one in claim.figures if clause.start <= one.start < clause.end and not one.is_weak]
    if figures:
        return _names_of_another(clause, figures, source, meaning) or _figures_of_another(
            clause, figures, source, meaning
        )
    subject, predicate = parted(clause, meaning)
    if not subject or weight_of_words(predicate) < PREDICATE_MIN or _is_only_speaker(subject, clause, source, meaning):
        return None
    if _is_denied_alike(claim.text[clause.start : clause.end], subject, predicate, source, meaning):
        return None
    return _said_of_another(subject, predicate, clause, source, meaning)


def _names_of_another(clause: Clause, figures: Sequence[Amount], source: Source, meaning: Meaning) -> bool | None:
    """Tells whether the sentences of the evidence that hold a clause's figures name others than the clause does."""
    names = [word for word in clause.words if is_name(word, meaning, source) and word.is_han is _is_han(source)]
    found = [_are_of_another(names, clause, said, source, meaning) for said in figures]
    judged = [one for one in found if one is not None]
    return True if judged and all(judged) else None


def _are_of_another(
    names: Sequence[Word], clause: Clause, said: Amount, source: Source, meaning: Meaning
) -> bool | None:
    quote = source.quote
    places = [quote.clause_at(one.start) for one in quote.figures if agree(said, one)]
    clauses = [one for place in places for one in sentence_around(quote, place)]
    around = [word for one in clauses for word in one.words]
    if not around or _WHOLE.search(quote.text[clauses[0].start : clauses[-1].end]):
        return None
    known = [*around, *source.title.words]
    strange = [word for word in names if not any(meaning.same(word, one) >= 0.8 for one in known)]
    others = [one for some in clauses if not speaks(some) for one in some.words if is_name(one, meaning, source)]
    unsaid = [one for one in others if not any(meaning.same(one, word) >= 0.8 for word in clause.words)]
    return bool(strange and unsaid) and any(holds(one, strange[:1], meaning) for one in quote.clauses)


def _figures_of_another(clause: Clause, figures: Sequence[Amount], source: Source, meaning: Meaning) -> bool | None:
    """Tells whether the clauses that hold all that is said, with its figures, have another name for a subject."""
    quote = source.quote
    subject, predicate = parted(clause, meaning)
    holders = [
        quote.clauses[quote.clause_at(one.start)] for one in quote.figures if any(agree(said, one) for said in figures)
    ]
    if not subject or not predicate or not holders or any(holds(one, subject[:1], meaning) for one in holders):
        return None
    if not any(holds(one, subject[:1], meaning) for one in quote.clauses):
        return None
    for one in holders:
        own = [word for word in parted(one, meaning)[0] if is_name(word, meaning, source)]
        if own and share_of(predicate, one, meaning) >= PREDICATE_HELD and not shared_words(own, clause.words, meaning):
            return True
    return None


def _is_only_speaker(subject: Sequence[Word], clause: Clause, source: Source, meaning: Meaning) -> bool:
    """Tells whether a clause reports what its subject says, and nobody else is said to speak in the evidence."""
    if not any(word.text in SAYING for word in clause.words[: len(subject) + 2]):
        return False
    speaking = [one for one in source.quote.clauses if speaks(one)]
    named = [one for one in speaking if any(is_name(word, meaning, source) for word in one.words)]
    return bool(named) and all(holds(one, subject[:1], meaning) for one in named)


def _said_of_another(
    subject: Sequence[Word], predicate: Sequence[Word], clause: Clause, source: Source, meaning: Meaning
) -> bool | None:
    """Tells whose the predicate is in one source: another's (True), the subject's (False) or unclear (None)."""
    quote = source.quote
    if any(holds(one, subject, meaning) for one in source.title.clauses):
        return None
    shares = [share_of(predicate, one, meaning) for one in quote.clauses]
    best = max(shares, default=0.0)
    holders = [at for at, one in enumerate(quote.clauses) if holds(one, subject, meaning)]
    if best < PREDICATE_HELD or not holders:
        return None
    at = shares.index(best)
    here = quote.clauses[at]
    if at in holders:
        return False
    own = [word for word in parted(here, meaning)[0] if is_name(word, meaning, source)]
    has_other_name = bool(own) and not any(meaning.same(word, one) for word in own for one in clause.words)
    if has_other_name or _has_agent(here, clause, meaning):
        return True
    first = next(place for place, one in enumerate(quote.clauses) if one.segment == here.segment)
    while first > 0 and leans_on_previous(_original(quote, first)):
        segment = quote.clauses[first - 1].segment
        first = next(place for place, one in enumerate(quote.clauses) if one.segment == segment)
    between = [place for place in range(first, at) if place in holders]
    if between:
        named = [
            word
            for place in range(between[-1] + 1, at)
            for word in quote.clauses[place].words
            if is_name(word, meaning, source)
        ]
        return None if named else False
    topic = parted(quote.clauses[first], meaning)[0]
    is_strange = bool(topic) and not any(meaning.same(word, one) for word in topic for one in clause.words)
    return is_strange or _is_namesake(subject, topic, clause, meaning)


def _is_denied_alike(
    said: str, subject: Sequence[Word], predicate: Sequence[Word], source: Source, meaning: Meaning
) -> bool:
    """Tells whether a source denies of the subject in other words what a clause denies: 無須負責, 毋須承擔責任."""
    quote = source.quote
    if not is_negative(said) or not quote.clauses:
        return False
    best = max(range(len(quote.clauses)), key=lambda at: share_of(predicate, quote.clauses[at], meaning))
    if is_negative(_original(quote, best)):
        return False
    characters = {one for word in predicate if word.is_han for one in word.text}
    own = [_original(quote, at) for at, one in enumerate(quote.clauses) if holds(one, subject, meaning)]
    return any(is_negative(one) and characters & set(one) for one in own)


def _has_agent(here: Clause, clause: Clause, meaning: Meaning) -> bool:
    """Tells whether a clause of the evidence opens with a person's office that another clause does not have."""
    agent = parted(here, meaning)[0]
    return bool(agent) and agent[-1].text in _TITLES and not shared_words(agent[-1:], clause.words, meaning)


def _is_namesake(subject: Sequence[Word], topic: Sequence[Word], clause: Clause, meaning: Meaning) -> bool:
    """Tells whether two subjects are of one kind and each has what tells it from the other: 租客協會, 房東協會."""
    if len(subject) < 2 or len(topic) < 2 or meaning.same(subject[-1], topic[-1]) < 0.8:
        return False
    return not any(meaning.same(one, other) for one in topic[:-1] for other in clause.words) and not any(
        meaning.same(one, other) for one in subject[:-1] for other in topic
    )


def _original(quote: Statement, at: int) -> str:
    return quote.text[quote.clauses[at].start : quote.clauses[at].end]
