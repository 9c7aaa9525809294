"""What several items of evidence hold together, word by word."""

from __future__ import annotations

import functools
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from qa.checking.opposites import sides
from qa.text.folding import HAN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qa.checking.meaning import Meaning
    from qa.checking.source import Source
    from qa.checking.statement import Word

__all__ = ["Held"]

_PARTING = re.compile(r"[,，、;；。！!？?：:\n|]|\.(?!\d)")
REPEATED_MIN = 8  # characters; fewer may stand anywhere
SHORTENED_GAP = 3  # characters that may lie between those of a shortened word: 車企 for 汽車企業
SENSE = 0.9  # of a word's weight where another word of the same sense stands
WORD_CHARS = 4  # a longer word is not judged by one of its characters
RESEMBLING = 0.6  # where all characters of a word occur, but not together
INITIALS_MAX = 5  # letters
RELATIVE_MIN_LETTERS = 5  # of a name that is looked for in the whole of CC-CEDICT
HALF = 0.6  # where one character of a word is translated
MOSTLY = 0.5  # share of a word's characters from which it counts in part
NAME_MIN_LETTERS = 3  # shorter Latin words sound like anything


def _marked(text: str) -> str:
    """Leaves out of a text all that is no letter or digit, and writes `|` for what parts its clauses."""
    bare = re.sub(r"(?!(?<=\d)\.\d)[^\w|]|_", "", _PARTING.sub("|", text))
    return "|" + re.sub(r"\|+", "|", bare).strip("|") + "|"


class Held:
    """The words of the cited evidence; `covers` remembers what it found."""

    def __init__(self, sources: Sequence[Source], meaning: Meaning) -> None:
        statements = [statement for source in sources for statement in source.statements]
        self.meaning = meaning
        self.text = " | ".join(statement.text for statement in statements)
        self.compact = re.sub(r"[\s·・\-]", "", self.text)
        self.marked = _marked(self.text)
        self.runs = re.findall(f"[{HAN}]+", self.text)
        self.characters = frozenset().union(*(statement.characters for statement in statements))
        self.bigrams = frozenset().union(*(statement.bigrams for statement in statements))
        self.stems = frozenset().union(*(statement.stems for statement in statements))
        self.names = frozenset().union(*(statement.names for statement in statements))
        words = {word.text: word for statement in statements for word in statement.words}
        self.han_words = [word for word in words.values() if word.is_han]
        self.latin_words = [text for text, word in words.items() if not word.is_han and len(text) >= NAME_MIN_LETTERS]
        self.sides = sides(self.text)
        self.covers: Callable[[Word], float] = functools.lru_cache(maxsize=4096)(self._covers)

    def repeats(self, text: str) -> bool:
        """Tells whether a text stands in the evidence word for word, from one mark to another."""
        said = _marked(text)
        return len(said) >= REPEATED_MIN and said in self.marked

    def spells(self, latin: str) -> bool:
        """Tells whether a word is the pinyin of characters in the evidence."""
        return len(latin) >= NAME_MIN_LETTERS and any(self.meaning.is_spelled_in(latin, run) for run in self.runs)

    def abbreviates(self, latin: str) -> bool:
        """Tells whether a word is the initials of a name in the evidence, in English."""
        return len(latin) <= INITIALS_MAX and any(latin in self.meaning.initials(word.text) for word in self.han_words)

    def has_relative_of(self, latin: str) -> bool:
        """Tells whether a Han word that an English one explains begins as one of the evidence does: 南極洲 and 南極."""
        if len(latin) < RELATIVE_MIN_LETTERS:
            return False
        return any(word[:2] in self.bigrams for word in self.meaning.lexicon.explained_by(latin) if len(word) > 1)

    @property
    def is_han(self) -> bool:
        """Tells whether the evidence is written in Chinese."""
        return len(self.characters) > len(self.latin_words)

    def resembles(self, word: Word) -> float:
        """Returns how far a Han word that does not occur is made of characters that do: 法例 where 條例 stands."""
        if not word.is_han or not 1 < len(word.text) <= WORD_CHARS:
            return 0.0
        return RESEMBLING * sum(one in self.characters for one in word.text) / len(word.text)

    def _covers(self, word: Word) -> float:
        return self._covers_han(word) if word.is_han else self._covers_latin(word.text)

    def _covers_latin(self, text: str) -> float:
        if text in self.stems:
            return 1.0
        same = max((self.meaning.same_latin(text, word) for word in self.latin_words), default=0.0)
        return same or max((self.meaning.across(text, word.text) for word in self.han_words), default=0.0)

    def _covers_han(self, word: Word) -> float:
        text = word.text
        pairs = [text[at : at + 2] in self.bigrams for at in range(len(text) - 1)]
        if text in self.text or (len(text) == 1 and text in self.characters) or (pairs and all(pairs)):
            return 1.0
        is_same = not word.is_fragment and any(self.meaning.are_synonyms(text, one.text) for one in self.han_words)
        if is_same or self._across(word) or (len(text) > 1 and self._shortened(text)):
            return SENSE
        in_part = self.latin_words and not self.is_han and 1 < len(text) < WORD_CHARS
        if in_part and any(self._across(replace(word, text=character)) for character in text):
            return HALF
        inside = {at for at, found in enumerate(pairs) if found}
        share = len(inside | {at + 1 for at in inside}) / len(text)
        return share if share >= MOSTLY else 0.0

    def _across(self, word: Word) -> bool:
        if not self.latin_words:
            return False
        senses = self.meaning.senses(word.text)
        if any(set(sense.split()) <= self.stems for sense in senses):
            return True
        is_named = word.is_fragment or self.meaning.lexicon.is_name(word.text)
        return is_named and any(self.meaning.across(latin, word.text) for latin in self.latin_words)

    def _shortened(self, text: str) -> bool:
        pattern = f".{{0,{SHORTENED_GAP}}}".join(map(re.escape, text))
        return re.search(pattern, self.text) is not None
