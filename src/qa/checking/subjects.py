"""Whether a sentence says of someone what its evidence says of another."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

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
SUBJECT_MAX_WORDS = 4
_EVERYDAY_NAMES = word_list("everyday_names")
_SAYING = word_list("saying")
_TOGETHER = re.compile("分别|各为|各是|respectively")
_PASSIVE = re.compile(r"被|遭|由|受|获|\bby\b")


def subject_fault(claim: Statement, sources: Sequence[Source], meaning: Meaning) -> str | None:
    """Returns `role` where the evidence says of another what a clause says of its own subject, place or object."""
    if _TOGETHER.search(claim.text):
        return None  # the roles of the figures tell
    for clause in claim.clauses:
        found = [_judged(claim, clause, source, meaning) for source in sources]
        judged = [one for one in found if one is not None]
        if judged and all(judged):
            return "role"
    if any(all(_is_paired_otherwise(clause, source, meaning) for source in sources) for clause in claim.clauses):
        return "role"
    return "role" if any(_is_crossed(claim, source, meaning) for source in sources) else None


def mixed_fault(claim: Statement, sources: Sequence[Source], held: Callable[[Source], Held]) -> str | None:
    """Returns `role` where the names of one clause stand in no one item of evidence together."""
    if len(sources) < 2:
        return None
    for clause in claim.clauses:
        meaning = held(sources[0]).meaning
        names = [word for word in clause.words if any(_is_name(word, meaning, source) for source in sources)]
        if names and not any(all(held(source).covers(name) for name in names) for source in sources):
            return "role"
    return None


def _is_paired_otherwise(clause: Clause, source: Source, meaning: Meaning) -> bool:
    """Tells whether two names of a clause stand in two clauses of the evidence, each with another name beside it."""
    is_han = len(source.quote.characters) > len(source.quote.stems)
    names = [word for word in clause.words if _is_name(word, meaning, source) and (is_han or not word.is_han)]
    for one, other in itertools.combinations(names, 2):
        places = [[c for c in source.quote.clauses if _holds(c, [word], meaning)] for word in (one, other)]
        if not all(places) or any(place in places[1] for place in places[0]):
            continue
        if any(_holds(title, [word], meaning) for title in source.title.clauses for word in (one, other)):
            continue
        if all(any(_has_other_name(place, names, source, meaning) for place in held) for held in places):
            return True
    return False


def _has_other_name(clause: Clause, names: Sequence[Word], source: Source, meaning: Meaning) -> bool:
    others = [word for word in clause.words if _is_name(word, meaning, source)]
    return any(not _shared([word], names, meaning) for word in others)


def _judged(claim: Statement, clause: Clause, source: Source, meaning: Meaning) -> bool | None:
    figures = [one for one in claim.figures if clause.start <= one.start < clause.end and not one.is_weak]
    if figures:
        return _names_of_another(clause, figures, source, meaning) or _figures_of_another(
            clause, figures, source, meaning
        )
    subject, predicate = _parted(clause, meaning)
    if not subject or _weight(predicate) < PREDICATE_MIN or _is_only_speaker(subject, clause, source, meaning):
        return None
    return _said_of_another(subject, predicate, clause, source, meaning)


def _names_of_another(clause: Clause, figures: Sequence[Amount], source: Source, meaning: Meaning) -> bool | None:
    """Tells whether the sentence of the evidence that holds a clause's figures names others than the clause does."""
    quote = source.quote
    names = [word for word in clause.words if _is_name(word, meaning, source)]
    for said in figures:
        places = [quote.clause_at(one.start) for one in quote.figures if agree(said, one)]
        around = [
            word
            for place in places
            for one in quote.clauses
            if one.segment == quote.clauses[place].segment or _leans_from(quote, place, one)
            for word in one.words
        ]
        if not around:
            continue
        known = [*around, *source.title.words]
        strange = [word for word in names if not any(meaning.same(word, one) >= 0.8 for one in known)]
        others = [one for one in around if _is_name(one, meaning, source)]
        unsaid = [one for one in others if not any(meaning.same(one, word) >= 0.8 for word in clause.words)]
        if strange and unsaid and any(_holds(one, strange[:1], meaning) for one in quote.clauses):
            return True
    return None


def _figures_of_another(clause: Clause, figures: Sequence[Amount], source: Source, meaning: Meaning) -> bool | None:
    """Tells whether the clauses that hold all that is said, with its figures, have another name for a subject."""
    quote = source.quote
    subject, predicate = _parted(clause, meaning)
    holders = [
        quote.clauses[quote.clause_at(one.start)] for one in quote.figures if any(agree(said, one) for said in figures)
    ]
    if not subject or not predicate or not holders or any(_holds(one, subject[:1], meaning) for one in holders):
        return None
    if not any(_holds(one, subject[:1], meaning) for one in quote.clauses):
        return None
    for one in holders:
        own = [word for word in _parted(one, meaning)[0] if _is_name(word, meaning, source)]
        if own and _share(predicate, one, meaning) >= PREDICATE_HELD and not _shared(own, clause.words, meaning):
            return True
    return None


def _is_only_speaker(subject: Sequence[Word], clause: Clause, source: Source, meaning: Meaning) -> bool:
    """Tells whether a clause reports what its subject says, and nobody else is said to speak in the evidence."""
    if not any(word.text in _SAYING for word in clause.words[: len(subject) + 2]):
        return False
    speaking = [one for one in source.quote.clauses if any(word.text in _SAYING for word in one.words)]
    named = [one for one in speaking if any(_is_name(word, meaning, source) for word in one.words)]
    return bool(named) and all(_holds(one, subject[:1], meaning) for one in named)


def _leans_from(quote: Statement, place: int, other: Clause) -> bool:
    """Tells whether the sentence at a place cannot be understood without the one before it, that of `other`."""
    segment = quote.clauses[place].segment
    first = next(one for one in quote.clauses if one.segment == segment)
    return other.segment == segment - 1 and leans_on_previous(quote.text[first.start : first.end])


def _parted(clause: Clause, meaning: Meaning) -> tuple[list[Word], list[Word]]:
    """Parts a clause into the words of its subject, which come before any verb or particle, and the rest."""
    subject: list[Word] = []
    for word in clause.words:
        if word.is_function or len(subject) == SUBJECT_MAX_WORDS or (subject and _is_verb(word, meaning)):
            break
        subject.append(word)
    rest = [word for word in clause.content if word not in subject]
    return subject, rest


def _said_of_another(
    subject: Sequence[Word], predicate: Sequence[Word], clause: Clause, source: Source, meaning: Meaning
) -> bool | None:
    """Tells whose the predicate is in one source: another's (True), the subject's (False) or unclear (None)."""
    quote = source.quote
    if any(_holds(one, subject, meaning) for one in source.title.clauses):
        return None
    shares = [_share(predicate, one, meaning) for one in quote.clauses]
    best = max(shares, default=0.0)
    holders = [at for at, one in enumerate(quote.clauses) if _holds(one, subject, meaning)]
    if best < PREDICATE_HELD or not holders:
        return None
    at = shares.index(best)
    here = quote.clauses[at]
    if at in holders:
        return False
    own = [word for word in _parted(here, meaning)[0] if _is_name(word, meaning, source)]
    if own and not any(meaning.same(word, one) for word in own for one in clause.words):
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
            if _is_name(word, meaning, source)
        ]
        return None if named else False
    topic = _parted(quote.clauses[first], meaning)[0]
    is_strange = bool(topic) and not any(meaning.same(word, one) for word in topic for one in clause.words)
    return is_strange or _is_namesake(subject, topic, clause, meaning)


def _is_namesake(subject: Sequence[Word], topic: Sequence[Word], clause: Clause, meaning: Meaning) -> bool:
    """Tells whether two subjects are of one kind and each has what tells it from the other: 租客協會, 房東協會."""
    if len(subject) < 2 or len(topic) < 2 or meaning.same(subject[-1], topic[-1]) < 0.8:
        return False
    return not any(meaning.same(one, other) for one in topic[:-1] for other in clause.words) and not any(
        meaning.same(one, other) for one in subject[:-1] for other in topic
    )


def _original(quote: Statement, at: int) -> str:
    return quote.text[quote.clauses[at].start : quote.clauses[at].end]


def _is_crossed(claim: Statement, source: Source, meaning: Meaning) -> bool:
    """Tells whether two names change places around a verb that both texts have."""
    quote = source.quote
    for verb in claim.words:
        if verb.is_function or not _is_verb(verb, meaning) or _is_name(verb, meaning, source):
            continue
        mine = _sides(claim, verb, meaning, source)
        if not all(mine):
            continue
        for other in quote.words:
            if meaning.same(verb, other) < 0.8 or other.is_function:
                continue
            theirs = _sides(quote, other, meaning, source)
            straight = _shared(mine[0], theirs[0], meaning) + _shared(mine[1], theirs[1], meaning)
            crossed = _shared(mine[0], theirs[1], meaning) + _shared(mine[1], theirs[0], meaning)
            if straight:
                break
            if crossed >= 2:
                return True
    return False


def _sides(text: Statement, verb: Word, meaning: Meaning, source: Source) -> tuple[list[Word], list[Word]]:
    """Lists the names around a verb, as who does it and to whom it is done.

    They stand in its clause; who does it may stand in the clause before.
    """
    at = text.clause_at(verb.start)
    names = [word for word in text.clauses[at].words if _is_name(word, meaning, source)]
    before = [word for word in names if word.end <= verb.start]
    back = at - 1
    while not before and back >= 0 and text.clauses[back].segment == text.clauses[at].segment:
        before = [word for word in text.clauses[back].words if _is_name(word, meaning, source)]
        back -= 1
    behind = [word for word in names if word.start >= verb.end]
    around = text.text[max(0, verb.start - 12) : verb.start] if verb.is_han else text.text[verb.end : verb.end + 4]
    return (behind, before) if _PASSIVE.search(around) else (before, behind)


def _shared(some: Sequence[Word], others: Sequence[Word], meaning: Meaning) -> int:
    return sum(any(meaning.same(one, other) >= 0.8 for other in others) for one in some)


def _is_name(word: Word, meaning: Meaning, source: Source) -> bool:
    if word.is_function:
        return False
    if word.is_han:
        return (word.is_fragment and len(word.text) > 1) or (meaning.lexicon.is_name(word.text) and len(word.text) > 1)
    return word.text in source.names


def _is_verb(word: Word, meaning: Meaning) -> bool:
    return meaning.lexicon.is_verb(word.text) if word.is_han else meaning.lexicon.is_latin_verb(word.text)


def _holds(clause: Clause, subject: Sequence[Word], meaning: Meaning) -> bool:
    return all(any(meaning.same(word, one) >= 0.8 for one in clause.words) for word in subject)


def _share(words: Sequence[Word], clause: Clause, meaning: Meaning) -> float:
    found = sum(_weight([word]) * max((meaning.same(word, one) for one in clause.words), default=0.0) for word in words)
    return found / _weight(words)


def _weight(words: Sequence[Word]) -> float:
    return sum(float(len(word.text)) if word.is_han else 2.0 for word in words)
