"""Single words looked up in the whole of CC-CEDICT: what is a word, what is a name, what it means, how it sounds."""

from __future__ import annotations

import functools
import gzip
import re
from typing import TYPE_CHECKING

from qa.dictionary import data_file
from qa.text.folding import HAN, to_simplified
from qa.text.tokens import ENGLISH_STOP_WORDS, stem

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Lexicon", "is_like_a_person", "names_in", "open_lexicon"]

WORD_MAX_CHARS = 8
SINGLE_COST = 1.9  # of a word of one character, beside 1 for a longer one: two of them are worse than one word
UNKNOWN_COST = 2.5
PARTICLE_COST = 1.2
_ENDING_IN_DE = frozenset(("目的", "似的"))
_PARTICLES = frozenset(
    "的了在和至到由从为是与及于达逾约比被把将也都就则而向对以并又已共每各只更再还不没能可会这那此该其另"
)

_HAN_RUN = re.compile(f"[{HAN}]+")
_LATIN_NAME = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Za-z0-9]+")
_HEADWORD = re.compile(r"(?m)^\S+ (\S+) \[")
_ENTRY = re.compile(r"\S+ \S+ \[([^\]]*)\] /(.*)/")
_REFERENCE = re.compile(
    r"^(?:see|variant of|old variant of|also written|abbr\. (?:for|of|to)) ?(?:[^|\[\s]+\|)?([^|\[\s]+)\["
)
_INSIDE_BRACKETS = re.compile(r"\[[^\]]*\]")
_HAN_INSIDE = re.compile(r"[^\x00-\u024f]+\|?")
_LATIN_WORD = re.compile(r"[a-z]+")
_NO_MEANING = re.compile(
    r"^(?:cl:|variant of|old variant|surname |also pr|erhua|taiwan pr|\(bound form\)$)", re.IGNORECASE
)
_VERB = re.compile(r"(?:\([^()]*\) ?)?to ")  # (of a radio station) to start broadcasting
_MANNER = re.compile(
    r"^(?:as|in|at|on|by|for|from|more|most|very|not|all|each|every|another|other|with|even|how|when|once)\b"
    r"|^(?:\w+ )?\w+ly$|^(?:first|main|big|large|small|high|low|new|same|different|whole|entire)\b|adverb|adj\."
)
_GRAMMAR = frozenset(
    """sb sth etc esp usu coll lit fig abbr pr cl used use person surname variant also see bound form dialect tw
    loanword classifier place name old archaic idiom particle""".split()  # noqa: SIM905
)


class Lexicon:
    """CC-CEDICT held as its text, with the place of each simplified headword; entries are read when asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._places: dict[str, list[int]] = {}
        for match in _HEADWORD.finditer(text):
            self._places.setdefault(match[1], []).append(match.start())
        self.entries = functools.lru_cache(maxsize=8192)(self._entries)
        self.meanings = functools.lru_cache(maxsize=8192)(self._meanings)
        self.explained_by = functools.lru_cache(maxsize=1024)(self._explained_by)
        self.words = functools.lru_cache(maxsize=1024)(self._words)

    def __contains__(self, word: str) -> bool:
        """Tells whether a word in simplified characters has an entry."""
        return word in self._places

    def is_name(self, word: str) -> bool:
        """Tells whether a word is known only as the name of someone or something."""
        entries = self.entries(word)
        return bool(entries) and all(sound[:1].isupper() for sound, _ in entries)

    def is_verb(self, word: str) -> bool:
        """Tells whether a word can be a verb."""
        return any(_VERB.match(gloss) for _, glosses in self.entries(word) for gloss in glosses)

    def explains_with(self, word: str) -> bool:
        """Tells whether a Latin word in lower case is an ordinary one: some Chinese word is explained with it."""
        return word in self._ordinary

    def is_manner(self, word: str) -> bool:
        """Tells whether a word can say how, when or how much rather than what."""
        return any(_MANNER.search(gloss) for _, glosses in self.entries(word) for gloss in glosses)

    def is_latin_verb(self, stemmed: str) -> bool:
        """Tells whether some Chinese word is explained by the verb that has a stem."""
        return stemmed in self._latin_verbs

    @functools.cached_property
    def _ordinary(self) -> frozenset[str]:
        return frozenset(re.findall(r"(?<=[ /])[a-z]{2,}(?=[ /,)])", self._text))

    @functools.cached_property
    def _latin_verbs(self) -> frozenset[str]:
        return frozenset(map(stem, set(re.findall(r"/to ([a-z]+)", self._text))))

    def sounds(self, character: str) -> frozenset[str]:
        """Returns the readings of a character without their tones."""
        return frozenset(sound.lower().rstrip("12345").replace("u:", "v") for sound, _ in self.entries(character))

    def _entries(self, word: str) -> Sequence[tuple[str, tuple[str, ...]]]:
        found = []
        for start in self._places.get(word, ()):
            match = _ENTRY.match(self._text, start)
            if match:
                found.append((match[1], tuple(re.split("[/;]", match[2]))))
        return found

    def _explained_by(self, name: str) -> tuple[str, ...]:
        """Lists the headwords in whose English an English name in lower case stands with its capital; one search."""
        wanted, found = name.capitalize(), []
        at = self._text.find(wanted)
        while at >= 0:
            end = at + len(wanted)
            headword = _HEADWORD.match(self._text, self._text.rfind("\n", 0, at) + 1)
            if headword and not (self._text[at - 1].isalpha() or self._text[end : end + 1].isalpha()):
                found.append(headword[1])
            at = self._text.find(wanted, end)
        return tuple(found)

    def _meanings(self, word: str, follow: bool = True) -> frozenset[str]:
        """Returns the stems of the English words by which a word is explained, those it refers to included."""
        stems: set[str] = set()
        for sound, glosses in self.entries(word):
            for gloss in glosses:
                reference = _REFERENCE.match(gloss)
                if reference and follow:
                    stems |= self._meanings(reference[1], follow=False)
                if _NO_MEANING.match(gloss):
                    continue
                plain = _HAN_INSIDE.sub(" ", _INSIDE_BRACKETS.sub(" ", gloss)).lower()
                stems |= {stem(one) for one in _LATIN_WORD.findall(plain) if one not in ENGLISH_STOP_WORDS}
            if sound[:1].isupper():
                stems.add(re.sub(r"[\d\s:·,]", "", sound).lower())
        return frozenset(stems - _GRAMMAR)

    def _words(self, run: str) -> tuple[str, ...]:
        """Cuts a run of simplified characters into the fewest words; what is no word stays single characters."""
        best: list[tuple[float, int]] = [(0.0, 0)]
        for end in range(1, len(run) + 1):
            options = [(best[end - 1][0] + self._cost(run[end - 1]), end - 1)]
            for start in range(max(0, end - WORD_MAX_CHARS), end - 1):
                if run[start:end] in self._places and (run[end - 1] != "的" or run[start:end] in _ENDING_IN_DE):
                    options.append((best[start][0] + 1 - 0.01 * (end - start), start))
            best.append(min(options))
        words, end = [], len(run)
        while end:
            start = best[end][1]
            words.append(run[start:end])
            end = start
        return tuple(reversed(words))

    def _cost(self, character: str) -> float:
        if character in _PARTICLES:
            return PARTICLE_COST
        return SINGLE_COST if character in self._places else UNKNOWN_COST


@functools.cache
def open_lexicon() -> Lexicon:
    """Reads CC-CEDICT, once a process: a quarter of a second, 30 MB."""
    return Lexicon(gzip.decompress(data_file().read_bytes()).decode("utf-8"))


def names_in(text: str) -> frozenset[str]:
    """Lists the names that the dictionary knows, in simplified characters, and those in Latin letters, lowered."""
    lexicon = open_lexicon()
    words = [word for run in _HAN_RUN.findall(to_simplified(text)) for word in lexicon.words(run)]
    known = {word for word in words if len(word) > 1 and lexicon.is_name(word)}
    return frozenset(known | {name.lower() for name in _LATIN_NAME.findall(text)})


def is_like_a_person(word: str) -> bool:
    """Tells whether simplified characters may be somebody's name: they open with a surname and are no common word."""
    lexicon = open_lexicon()
    surname = any(gloss.startswith("surname") for _, glosses in lexicon.entries(word[0]) for gloss in glosses)
    return surname and (word not in lexicon or lexicon.is_name(word))
