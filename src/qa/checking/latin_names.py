"""The names in Latin letters of a sentence: each must stand in the evidence, or be a known translation of one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.checking.romanised import is_romanised
from qa.checking.statement import Word
from qa.checking.words import word_list
from qa.text.folding import HAN, fold
from qa.text.tokens import ENGLISH_STOP_WORDS, stem

if TYPE_CHECKING:
    from collections.abc import Container

    from qa.checking.held import Held

__all__ = ["has_strange_latin", "romanised_stems"]

_CAPITAL = re.compile(r"(?<![\w@])([A-Z][\w’'.&-]*\w|[A-Z])")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+|[\"“‘(\[]\s*)$")
_LOWER_FIRST = re.compile(r"\b[a-z]+[A-Z]\w*")
_DEMONYM = re.compile(r"(?<=\w{4})(?:an|ian|ean|ese|ish|ic|i)$")  # Norwegian where Norway stands
ROOT = 4  # letters that both have
_COMMON_CAPITALS = word_list("common_capitals")
_HAN = re.compile(f"[{HAN}]")


def has_strange_latin(written: str, held: Held, translated: Container[str]) -> bool:
    """Tells whether a name in Latin letters is not the evidence's; across languages, several words as one."""
    for phrase in _latin_names(written):
        unknown = [name for name in phrase if not _is_known(name, held, translated)]
        if not unknown or _is_romanised(phrase, held) or _is_romanised(unknown, held):
            continue
        ordinary = [_is_ordinary(_plain(name.text), held) for name in unknown]
        if not held.is_han or len(unknown) == len(phrase) or not all(ordinary):
            opens_only = len(phrase) == 1 and phrase[0].opens and all(ordinary)
            if not opens_only:
                return True
    return False


def romanised_stems(written: str, held: Held) -> frozenset[str]:
    """Lists the stems of the names that are Han names of the evidence, written as they sound."""
    names = [phrase for phrase in _latin_names(written) if _is_romanised(phrase, held)]
    parts = (part for phrase in names for name in phrase for part in re.split(r"[-'.&]", _plain(name.text)))
    return frozenset(map(stem, filter(None, parts)))


def _latin_names(written: str) -> list[list[_LatinName]]:
    """Lists the names in Latin letters, those that follow one another together."""
    if len(_HAN.findall(written)) > len(re.findall("[A-Za-z]+", written)):
        return [[_LatinName(match[0], False)] for match in re.finditer(r"[A-Za-z][A-Za-z.&'’]*[A-Za-z]", written)]
    phrases: list[list[_LatinName]] = []
    end = -2
    for match in _CAPITAL.finditer(written):
        opens = _SENTENCE_START.search(written[: match.start()]) is not None
        name = _LatinName(match[1], opens and not re.search(r"[A-Z]", match[1][1:]))
        if match.start() == end + 1 and not opens:
            phrases[-1].append(name)
        else:
            phrases.append([name])
        end = match.end()
    return phrases + [[_LatinName(match[0], False)] for match in _LOWER_FIRST.finditer(written)]


@dataclass(frozen=True, slots=True)
class _LatinName:
    """A word with a capital; `opens` says that it may have it only because a sentence begins."""

    text: str
    opens: bool


def _plain(name: str) -> str:
    return fold(name).replace("’", "'").removesuffix("'s").strip("'.")


def _is_romanised(names: list[_LatinName], held: Held) -> bool:
    written = " ".join(_plain(name.text) for name in names)
    return held.is_han and is_romanised(written, held.runs, held.meaning.sounds)


def _is_ordinary(word: str, held: Held) -> bool:
    american = _american(word)
    return any(held.meaning.lexicon.explains_with(one) for one in (american, american.removesuffix("s")))


def _american(word: str) -> str:
    """Spells a British word as CC-CEDICT does: programme, labour, centre."""
    if len(word) <= 4:
        return word
    for british, american in (
        ("amme", "am"),
        ("our(?=s?$)", "or"),
        ("re$", "er"),
        ("is(?=(?:e[drs]{0,2}|ing|ations?)$)", "iz"),
    ):
        word = re.sub(british, american, word)
    return word


def _is_known(name: _LatinName, held: Held, translated: Container[str]) -> bool:
    plain = _plain(name.text)
    if not plain or plain in _COMMON_CAPITALS or plain in ENGLISH_STOP_WORDS:
        return True
    if plain.replace("-", "").replace(".", "") in held.compact.lower() or held.spells(plain.replace("'", "")):
        return True
    return all(_part_known(part, held, translated) for part in re.split(r"[-'.&]", plain) if part)


def _part_known(part: str, held: Held, translated: Container[str]) -> bool:
    stemmed = stem(part)
    if not held.is_han and _DEMONYM.search(part) and any(one.startswith(part[:ROOT]) for one in held.latin_words):
        return True
    if len(part) > 1 and (held.spells(part) or held.abbreviates(part) or held.has_relative_of(part)):
        return True
    return stemmed in translated or part in translated or held.covers(Word(0, len(part), stemmed, False)) > 0
