"""One sentence of a language model against the evidence that it cites."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.checking.aliases import with_aliases
from qa.checking.cleaning import clean
from qa.checking.comparisons import comparison_fault
from qa.checking.contrasts import contrast_fault
from qa.checking.coverage import cause_fault, coverage_fault, replaced_fault
from qa.checking.exchanges import exchange_fault
from qa.checking.figures import date_fault, number_fault
from qa.checking.held import Held
from qa.checking.latin_names import romanised_stems
from qa.checking.meaning import Meaning
from qa.checking.names import name_fault
from qa.checking.opposites import opposite_fault
from qa.checking.roles import role_fault
from qa.checking.source import Source, prepare_source, with_dates_for
from qa.checking.speakers import speaker_fault
from qa.checking.statement import take_apart
from qa.checking.subjects import mixed_fault, subject_fault
from qa.lexicon import open_lexicon
from qa.questions import written_chinese
from qa.text.folding import has_han
from qa.text.tokens import stem

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from qa.checking.statement import Statement
    from qa.dictionary import Dictionary
    from qa.embedding import Embedder
    from qa.questions import Question
    from qa.records import Citation

__all__ = ["Checker", "Verdict"]

SENTENCE_MAX_CHARS = 600  # nothing longer is one sentence; comparing takes time with the square of its length


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of one sentence; `text` is free of marks and links, `fault` names what is wrong with it."""

    supported: bool
    text: str
    citations: tuple[int, ...]
    fault: str | None


class Checker:
    """Holds the evidence of one answer while its sentences are checked."""

    def __init__(
        self,
        evidence: Sequence[Citation],
        question: Question,
        dictionary: Dictionary,
        embedder: Embedder | None,
        today: dt.date,
    ) -> None:
        self._evidence = {citation.n: citation for citation in evidence}
        self._question = question
        self._dictionary = dictionary
        self._embedder = embedder
        self._today = today
        self._source = functools.cache(self._prepare)
        self._held = functools.cache(self._hold)

    def check(self, sentence: str) -> Verdict:
        """Tells whether the evidence that a sentence cites says what it says, and how it may be shown."""
        text, numbers = clean(sentence, self._evidence, self._question.language)
        if not numbers:
            return Verdict(False, text, (), "citation")
        if len(text) > SENTENCE_MAX_CHARS:
            return Verdict(False, text, numbers, "coverage")
        fault = self._fault(text, numbers)
        if fault is None:
            return Verdict(True, text, self._needed(text, numbers), None)
        others = tuple(number for number in self._evidence if number not in numbers)
        if any(self._fault(text, (number,)) is None for number in others):
            fault = "citation"
        return Verdict(False, text, numbers, fault)

    def _needed(self, text: str, numbers: tuple[int, ...]) -> tuple[int, ...]:
        """Leaves out what neither bears the sentence out alone nor is missed by the others."""
        needed = list(numbers)
        for number in numbers:
            others = tuple(one for one in needed if one != number)
            if others and self._fault(text, (number,)) is not None and self._fault(text, others) is None:
                needed = list(others)
        return tuple(needed)

    def _fault(self, text: str, numbers: tuple[int, ...]) -> str | None:
        """Returns what is wrong with a sentence however its words of time are read: as the articles' or as today's."""
        days = {self._evidence[number].published: None for number in numbers} | {self._today: None}
        aliases = {latin: han for number in numbers for latin, han in self._source(number).aliases.items()}
        written = written_chinese(with_aliases(text, aliases))
        readings = dict.fromkeys(
            with_dates_for(written, day, counts_back) for counts_back in (True, False) for day in days
        )
        fault: str | None = None
        for reading in readings:
            fault = self._fault_of(take_apart(reading, _meaning().lexicon, self._held(numbers).names), text, numbers)
            if fault is None:
                return None
        return fault

    def _fault_of(self, claim: Statement, text: str, numbers: tuple[int, ...]) -> str | None:
        sources = [self._source(number) for number in numbers]
        held = self._held(numbers)
        across = has_han(text) != held.is_han or (held.is_han and _is_latin(claim))
        translated = self._translated(text, held) | romanised_stems(text, held) if across else frozenset()
        if held.repeats(claim.text):
            return None
        return (
            cause_fault(claim, held)
            or number_fault(claim, sources)
            or date_fault(claim, sources)
            or name_fault(claim, text, held, translated)
            or contrast_fault(claim, sources, held)
            or opposite_fault(claim, sources, _meaning())
            or role_fault(claim, sources, held, _meaning())
            or speaker_fault(claim, sources, _meaning())
            or subject_fault(claim, sources, _meaning())
            or exchange_fault(claim, sources, _meaning())
            or comparison_fault(claim, sources)
            or mixed_fault(claim, sources, lambda source: self._held((source.n,)))
            or (None if across else replaced_fault(claim, sources, held))
            or coverage_fault(claim, held, across, translated)
        )

    def _translated(self, text: str, held: Held) -> frozenset[str]:
        """Lists the words, stemmed, that the corpus's dictionary finds in the evidence."""
        tokens = held.characters | held.bigrams | held.stems
        return frozenset(
            word
            for group in self._dictionary.translate(text)
            if any(all(token in tokens for token in alternative) for alternative in group.alternatives)
            for word in (group.source, *map(stem, group.source.split()))
        )

    def _prepare(self, number: int) -> Source:
        return prepare_source(self._evidence[number], _meaning().lexicon)

    def _hold(self, numbers: tuple[int, ...]) -> Held:
        return Held([self._source(number) for number in numbers], _meaning())


def _is_latin(claim: Statement) -> bool:
    """Tells whether a sentence is written in a spaced script."""
    return len(claim.stems) > len(claim.characters)


@functools.cache
def _meaning() -> Meaning:
    return Meaning(open_lexicon())
