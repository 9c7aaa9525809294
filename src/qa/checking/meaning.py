"""Whether two words may mean the same, in one language or across two."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from qa.checking.words import word_list
from qa.text.tokens import ENGLISH_STOP_WORDS, stem

if TYPE_CHECKING:
    from qa.checking.statement import Word
    from qa.lexicon import Lexicon

__all__ = ["Meaning"]

_SOUND_CLASSES = {
    "b": "P", "p": "P", "d": "T", "t": "T", "g": "K", "k": "K", "q": "S", "j": "S", "x": "S", "zh": "S", "ch": "S",
    "sh": "S", "r": "L", "z": "S", "c": "S", "s": "S", "l": "L", "m": "M", "n": "N", "f": "F", "w": "F", "h": "H",
    "y": "",
}  # fmt: skip
_IN_CANTONESE = {"j": "K", "x": "H"}  # 基 is Ki, 休 is Hou: names were first written down by southerners
_SYLLABLE = re.compile("(zh|ch|sh|[bpmfdtnlgkhjqxrzcswy])?([aeiouv]+)(ng|n|r)?")
_LATIN_SOUNDS = (
    (re.compile("ph|v|f|w"), "F"), (re.compile("tch|sch|sh|ch|th|tz|ts|z|s|j|c(?=[eiy])"), "S"), (re.compile("x"), "KS"),
    (re.compile("ck|kh|gh|[kgcq]"), "K"), (re.compile("[bp]"), "P"), (re.compile("[td]"), "T"), (re.compile("[lr]"), "L"),
    (re.compile("m"), "M"), (re.compile("n"), "N"), (re.compile("h"), "H"),
)  # fmt: skip
_LOST_R = re.compile("r(?=[^aeiouy]|$)")
_SURNAMES = word_list("surnames")
REMEMBERED = 65536  # pairs of words; a few megabytes
PREFIX_MIN_LETTERS = 4
SHORT_NAME_LETTERS = 3
SKELETON_MIN = 2  # consonants; a shorter one sounds like too many names
_SENSE_NOISE = re.compile(r"\([^()]*\)|\[[^\]]*\]|^(?:to be |to |a |an |the |sb |sth |one's )+")


class Meaning:
    """Relates words through CC-CEDICT and their sound; remembers what it found."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.same_han = functools.lru_cache(maxsize=REMEMBERED)(self._same_han)
        self.across = functools.lru_cache(maxsize=REMEMBERED)(self._across)
        self.sounds = functools.lru_cache(maxsize=8192)(lexicon.sounds)
        self.senses = functools.lru_cache(maxsize=8192)(self._senses)
        self.titles = functools.lru_cache(maxsize=8192)(self._titles)
        self.spelled = functools.lru_cache(maxsize=8192)(self._spelled)

    def same(self, one: Word, other: Word) -> float:
        """Returns how far two words mean the same, 0 to 1."""
        if one.text == other.text:
            return 1.0
        if one.is_han:
            return self.same_han(one.text, other.text) if other.is_han else self.across(other.text, one.text)
        return self.across(one.text, other.text) if other.is_han else self.same_latin(one.text, other.text)

    def same_latin(self, one: str, other: str) -> float:
        """Returns how far two stems mean the same: `rain` is most of `rainfal`."""
        if one == other:
            return 1.0
        shorter, longer = sorted((one, other), key=len)
        return 0.8 if len(shorter) >= PREFIX_MIN_LETTERS and longer.startswith(shorter) else 0.0

    def _same_han(self, one: str, other: str) -> float:
        if one == other:
            return 1.0
        shorter, longer = sorted((one, other), key=len)
        if shorter in longer:
            is_surname = shorter in _SURNAMES and longer.startswith(shorter) and longer not in self.lexicon
            return 0.8 if len(shorter) > 1 or is_surname else 0.5  # 鄧 is 鄧偉明
        return 0.8 if self.are_synonyms(one, other) else 0.0

    def are_synonyms(self, one: str, other: str) -> bool:
        """Tells whether two Han words share a sense, or are the same name cut off elsewhere."""
        if one[:2] == other[:2] and not (one in self.lexicon and other in self.lexicon):
            return True
        if self.lexicon.is_name(one) and self.lexicon.is_name(other):
            return not self.titles(one).isdisjoint(self.titles(other))
        return not self.senses(one).isdisjoint(self.senses(other))

    def _across(self, latin: str, han: str) -> float:
        """Returns how far a stemmed Latin word means, or sounds like, a Han word."""
        meanings = self.lexicon.meanings(han)
        if latin in meanings or latin in self.spelled(han):
            return 1.0
        if len(latin) >= PREFIX_MIN_LETTERS and any(one.startswith(latin) for one in meanings):
            return 0.8
        if len(latin) > PREFIX_MIN_LETTERS and any(
            latin.startswith(one) for one in meanings if len(one) >= PREFIX_MIN_LETTERS
        ):
            return 0.8
        is_named = han not in self.lexicon or self.lexicon.is_name(han)
        if is_named and any(len(one) >= SHORT_NAME_LETTERS and latin.startswith(one) for one in self.spelled(han)):
            return 0.8  # Alibaba is 阿里 for short
        return 0.8 if is_named and _sounds_like(latin, han, self.lexicon) else 0.0

    def is_spelled_in(self, latin: str, run: str) -> bool:
        """Tells whether a word is the pinyin of two or more characters that follow one another in a run."""
        return any(self._spells(latin, run, at, 0) for at in range(len(run)))

    def _spells(self, latin: str, run: str, at: int, count: int) -> bool:
        if not latin:
            return count > 1
        return at < len(run) and any(
            latin.startswith(sound) and self._spells(latin[len(sound) :], run, at + 1, count + 1)
            for sound in self.sounds(run[at])
        )

    def _senses(self, word: str) -> frozenset[str]:
        found = set()
        for _, glosses in self.lexicon.entries(word):
            for gloss in glosses:
                words = [one for one in _SENSE_NOISE.sub("", gloss.strip().lower()).split() if one.isalpha()]
                if words and len(words) <= 3 and not (len(words) == 1 and words[0] in ENGLISH_STOP_WORDS):
                    found.add(" ".join(map(stem, words)))
        return frozenset(found)

    def _titles(self, name: str) -> frozenset[str]:
        """Lists what a name is called in English: `Geneva` of `Geneva, Switzerland`."""
        firsts = (
            re.split(r"[,(]", glosses[0])[0].strip().lower() for _, glosses in self.lexicon.entries(name) if glosses
        )
        return frozenset(filter(None, firsts))

    def initials(self, word: str) -> frozenset[str]:
        """Lists the initials of the names of several words by which a word is explained: `un` of 联合国."""
        glosses = (gloss for _, glosses in self.lexicon.entries(word) for gloss in glosses)
        names = ([one for one in re.findall(r"[A-Za-z]+", gloss) if one[0].isupper()] for gloss in glosses)
        return frozenset("".join(one[0] for one in name).lower() for name in names if len(name) > 1)

    def _spelled(self, word: str) -> frozenset[str]:
        """Lists the stemmed pinyin of a word and of its parts of two characters and more, or of a fragment's one."""
        readings = [sorted(self.lexicon.sounds(character)) for character in word]
        found: set[str] = set()
        for start in range(len(word)):
            spellings = [""]
            for size, sounds in enumerate(readings[start : start + 4], start=1):
                spellings = [before + sound for before in spellings[:8] for sound in sounds[:3]]
                if size > 1 or (len(word) in (2, 3) and start == 0):
                    found.update(map(stem, spellings))
        return frozenset(found)


def _sounds_like(latin: str, han: str, lexicon: Lexicon) -> bool:
    """Tells whether a name in Latin letters has the consonants of a transliteration in Han characters."""
    wanted = _latin_skeleton(latin)
    if len(wanted) < SKELETON_MIN:
        return False
    return any(
        _close(wanted, skeleton)
        for start in range(len(han) - 1)
        for end in range(start + 2, len(han) + 1)
        for skeleton in _han_skeletons(han[start:end], lexicon)
    )


@functools.lru_cache(maxsize=8192)
def _latin_skeleton(word: str) -> str:
    left, skeleton = _LOST_R.sub("", word.lower()), ""
    while left:
        for pattern, sound in _LATIN_SOUNDS:
            if match := pattern.match(left):
                skeleton, left = skeleton + sound, left[match.end() :]
                break
        else:
            left = left[1:]
    return re.sub(r"(.)\1+", r"\1", skeleton)


@functools.lru_cache(maxsize=REMEMBERED)
def _han_skeletons(word: str, lexicon: Lexicon) -> frozenset[str]:
    skeletons = {""}
    for character in word:
        parts = set()
        for sound in lexicon.sounds(character):
            match = _SYLLABLE.fullmatch(sound)
            if sound == "er":
                parts.add("L")  # 馬爾默 is Malmö
            if match:
                coda = "N" if (match[3] or "").startswith("n") else ""
                initial = match[1] or ""
                parts.add(_SOUND_CLASSES.get(initial, "") + coda)
                if initial in _IN_CANTONESE:
                    parts.add(_IN_CANTONESE[initial] + coda)
        skeletons = {before + part for before in skeletons for part in parts or {""}}
    return frozenset(re.sub(r"(.)\1+", r"\1", skeleton) for skeleton in skeletons)


def _close(one: str, other: str) -> bool:
    """Tells whether two skeletons are the same, or, of three sounds and more, differ in a weak one."""
    if one == other:
        return True
    weak = str.maketrans("", "", "HNF")
    return min(len(one), len(other)) >= SKELETON_MIN + 1 and one.translate(weak) == other.translate(weak) != ""
