"""A sentence, or a quote, taken apart: clauses, words, figures and dates."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from qa.checking.words import word_list
from qa.text.amounts import Amount, amounts
from qa.text.folding import HAN, fold
from qa.text.moments import Moment, moments
from qa.text.numerals import readable
from qa.text.tokens import ENGLISH_STOP_WORDS, stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.lexicon import Lexicon

__all__ = ["Clause", "Statement", "Word", "take_apart"]

REMEMBERED = 256  # texts: those of a few answers; headlines come again and again
FRAGMENT_MAX_CHARS = 4  # a longer run of loose characters is no one name

_RUN = re.compile(rf"[{HAN}]+|[^\W\d_{HAN}]+(?:'s\b)?|\d+(?:\.\d+)?")
_HAN_RUN = re.compile(f"[{HAN}]+")
_CLAUSE_END = re.compile(
    r"[，,、;；。！!？?：:\n（）()—|]+|(?<!\d)\.(?=\s|$)|(?<=\d)\.(?=\s|$)"
    r"|(?<!不是)(?<!并非)(?<!而非)(?=因为|由于|缘于|归因于|归咎于|受惠于|得益于|受累于|导致|(?<=[\u4e00-\u9fff])受[^,。]{1,12}影响)"
    r"|(?=\b(?:because|(?<!is )(?<!are )(?<!was )(?<!were )due to|owing to|thanks to|as a result)\b)"
    r"|\b(?:while|whereas|but|although|though|which|who|with|after|when|then)\b|(?<=[\u4e00-\u9fff])而(?![已且后])"
)
_SEGMENT_END = re.compile(r"[;；。！!？?\n|]|\.(?=\s|$)")
# Words that say nothing on their own: grammar, hedges, and what introduces a report.
_FUNCTION_WORDS = word_list("function_words")
_AMERICAN = dict(pair.split("=") for pair in word_list("british"))
_LATIN_FUNCTION_WORDS = ENGLISH_STOP_WORDS | word_list("latin_function_words")


@dataclass(frozen=True, slots=True)
class Word:
    """A word at `[start, end)`: Han words as they are, Latin ones stemmed in `text`.

    A fragment is a run of characters that make no word, such as most names.
    """

    start: int
    end: int
    text: str
    is_han: bool
    is_function: bool = False
    is_fragment: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a statement between marks; `segment` counts the sentences it lies in."""

    start: int
    end: int
    segment: int
    words: tuple[Word, ...]

    @property
    def content(self) -> tuple[Word, ...]:
        """The words that say something."""
        return tuple(word for word in self.words if not word.is_function)


@dataclass(slots=True)
class Statement:
    """A text as compared: folded, its numerals in digits."""

    text: str
    clauses: tuple[Clause, ...]
    amounts: tuple[Amount, ...]
    moments: tuple[Moment, ...]
    characters: frozenset[str] = field(init=False)
    bigrams: frozenset[str] = field(init=False)
    stems: frozenset[str] = field(init=False)
    figures: tuple[Amount, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Lists what occurs, for quick looking up."""
        runs = _HAN_RUN.findall(self.text)
        self.characters = frozenset("".join(runs))
        self.bigrams = frozenset(run[at : at + 2] for run in runs for at in range(len(run) - 1))
        self.figures = tuple(
            one
            for one in self.amounts
            if not any(date.start < one.end and one.start < date.end for date in self.moments)
        )
        self.stems = frozenset(word.text for word in self.words if not word.is_han)

    @property
    def names(self) -> frozenset[str]:
        """The runs of characters that make no word."""
        return frozenset(word.text for word in self.words if word.is_fragment and len(word.text) > 1)

    @property
    def words(self) -> list[Word]:
        """All words, in order."""
        return [word for clause in self.clauses for word in clause.words]

    def clause_at(self, place: int) -> int:
        """Returns the index of the clause that holds a place, or that follows it."""
        return next((at for at, clause in enumerate(self.clauses) if place < clause.end), len(self.clauses) - 1)


@functools.lru_cache(maxsize=REMEMBERED)
def take_apart(text: str, lexicon: Lexicon, names: frozenset[str] = frozenset()) -> Statement:
    """Takes a text apart; `names` are words beside the lexicon's, such as those that the evidence is about."""
    prepared = readable(fold(text))
    found_moments = moments(prepared)
    dates = [(moment.start, moment.end) for moment in found_moments if not moment.is_bare]
    found = [one for one in amounts(prepared) if not any(start < one.end and one.start < end for start, end in dates)]
    spans = [*dates, *((one.start, one.end) for one in found)]
    return Statement(prepared, tuple(_clauses(prepared, lexicon, spans, names)), tuple(found), tuple(found_moments))


def _clauses(text: str, lexicon: Lexicon, figures: Sequence[tuple[int, int]], names: frozenset[str]) -> list[Clause]:
    clauses, start, segment = [], 0, 0
    for match in [*_CLAUSE_END.finditer(text), None]:
        end = match.start() if match else len(text)
        words = tuple(_without(word, figures) for word in _words(text, start, end, lexicon, names))
        if words:
            clauses.append(Clause(start, end, segment, words))
        if match:
            segment += _SEGMENT_END.search(match[0]) is not None
            start = match.end()
    return clauses


def _without(word: Word, figures: Sequence[tuple[int, int]]) -> Word:
    """Marks a word that is part of a figure or a date as one that says nothing on its own."""
    is_within = any(start < word.end and word.start < end for start, end in figures)
    return replace(word, is_function=True) if is_within else word


def _words(text: str, start: int, end: int, lexicon: Lexicon, names: frozenset[str]) -> list[Word]:
    words = []
    for match in _RUN.finditer(text, start, end):
        run = match[0]
        if _HAN_RUN.match(run):
            words += _han_words(run, match.start(), lexicon, names)
        elif run[0].isdigit():
            words.append(Word(match.start(), match.end(), run, False, True))
        else:
            plain = run.removesuffix("'s")
            text = stem(_AMERICAN.get(plain, plain))  # as CC-CEDICT has them
            words.append(Word(match.start(), match.end(), text, False, plain in _LATIN_FUNCTION_WORDS))
    return words


def _han_words(run: str, at: int, lexicon: Lexicon, names: frozenset[str]) -> list[Word]:
    found = [name for name in names if name in run]
    if not found:
        return _plain_han_words(run, at, lexicon)
    words: list[Word] = []
    for piece in re.split(f"({'|'.join(sorted(found, key=len, reverse=True))})", run):
        if piece in names:
            words.append(Word(at, at + len(piece), piece, True, False, True))
        elif piece:
            words += _plain_han_words(piece, at, lexicon)
        at += len(piece)
    return words


def _plain_han_words(run: str, at: int, lexicon: Lexicon) -> list[Word]:
    words: list[Word] = []
    for text in lexicon.words(run):
        word = Word(at, at + len(text), text, True, text in _FUNCTION_WORDS, text not in lexicon)
        last = words[-1] if words else None
        loose = len(text) == 1 and not word.is_function
        if (
            last
            and loose
            and not last.is_function
            and (last.is_fragment or len(last.text) == 1)
            and len(last.text) < FRAGMENT_MAX_CHARS
        ):
            words[-1] = Word(last.start, word.end, last.text + text, True, False, True)
        else:
            words.append(word)
        at += len(text)
    return words
