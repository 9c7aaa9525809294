"""Whether words, and clauses, of a sentence and of its evidence are about the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.checking.words import word_list
from qa.quoting import leans_on_previous

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.checking.held import Held
    from qa.checking.meaning import Meaning
    from qa.checking.source import Source
    from qa.checking.statement import Clause, Statement, Word

__all__ = [
    "SAYING",
    "holds",
    "is_name",
    "is_part_of_name",
    "is_verb",
    "parted",
    "sentence_around",
    "share_of",
    "shared_words",
    "speaks",
    "weight_of_words",
]

SUBJECT_MAX_WORDS = 4
SAYING = word_list("saying") | word_list("latin_saying")


def speaks(clause: Clause) -> bool:
    """Tells whether a clause has a word of saying."""
    return any(word.text in SAYING for word in clause.words)


def sentence_around(quote: Statement, place: int) -> list[Clause]:
    """Lists the clauses of the sentence that holds one, and of the sentence before where it leans on that."""
    segment = quote.clauses[place].segment
    first = next(one for one in quote.clauses if one.segment == segment)
    leans = leans_on_previous(quote.text[first.start : first.end])
    return [one for one in quote.clauses if one.segment == segment or (leans and one.segment == segment - 1)]


def shared_words(some: Sequence[Word], others: Sequence[Word], meaning: Meaning) -> int:
    """Counts the words that others mean the same as."""
    return sum(any(meaning.same(one, other) >= 0.8 for other in others) for one in some)


def is_name(word: Word, meaning: Meaning, source: Source) -> bool:
    """Tells whether a word names someone or something: no word of the dictionary, or one of its names."""
    if word.is_function:
        return False
    if word.is_han:
        return (word.is_fragment and len(word.text) > 1) or (meaning.lexicon.is_name(word.text) and len(word.text) > 1)
    return word.text in source.names


def is_part_of_name(word: Word, claim: Statement, held: Held) -> bool:
    """Tells whether a Han word is part of a longer transliteration of a Latin name: 里根 of 科里根."""
    if held.is_han:
        return False
    around = [claim.text[max(0, word.start - before) : word.end + after] for before in range(3) for after in range(3)]
    return any(held.meaning.across(latin, text) for latin in held.latin_words for text in around)


def is_verb(word: Word, meaning: Meaning) -> bool:
    """Tells whether a word can be a verb."""
    return meaning.lexicon.is_verb(word.text) if word.is_han else meaning.lexicon.is_latin_verb(word.text)


def holds(clause: Clause, subject: Sequence[Word], meaning: Meaning) -> bool:
    """Tells whether a clause has all words of a subject."""
    return all(any(meaning.same(word, one) >= 0.8 for one in clause.words) for word in subject)


def share_of(words: Sequence[Word], clause: Clause, meaning: Meaning) -> float:
    """Returns the share of some words, by weight, that a clause has."""
    found = sum(
        weight_of_words([word]) * max((meaning.same(word, one) for one in clause.words), default=0.0) for word in words
    )
    return found / weight_of_words(words)


def weight_of_words(words: Sequence[Word]) -> float:
    """Weighs words: Han ones by their characters."""
    return sum(float(len(word.text)) if word.is_han else 2.0 for word in words)


def parted(clause: Clause, meaning: Meaning) -> tuple[list[Word], list[Word]]:
    """Parts a clause into the words of its subject, which come before any verb or particle, and the rest."""
    subject: list[Word] = []
    for word in clause.words:
        if word.is_function or len(subject) == SUBJECT_MAX_WORDS or (subject and is_verb(word, meaning)):
            break
        subject.append(word)
    rest = [word for word in clause.content if word not in subject]
    return subject, rest
