"""Two articles -> whether they tell one story: the same sentences, in either script, with the same figures."""

from __future__ import annotations

import functools
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from qa.text.folding import HAN, fold
from qa.text.numerals import digits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from qa.records import Article

__all__ = ["conflicts", "is_copy", "is_version", "least_likeness", "length", "shingles", "stands_in"]

SHINGLE = 4  # characters of Han, or words: unlike articles share next to none
SAME_SENTENCES = 0.6  # of the shorter text, in sentences that stand in the other word for word
CONTAINED = 0.8  # of the shorter text's shingles in the other; the rest is another lead or an edit
REPRINT = 0.95  # the same where more than `NEWS_DAYS` lie between: notices recur, news is not copied months later
NEWS_DAYS = 31
SHORT_UNITS = 20  # a shorter text is a copy only if it and its headline are the same
CORRECTED_SHARE = 0.5  # of the figures in common that a correction may change; a report on another year changes more
SENTENCE_CONTAINED = 0.75  # of a sentence's pairs of units in the other text: it says the same, edited
MIN_NAME = 2  # characters of Han

_NUMERAL = r"\d+(?:\.\d+)?|[一二三四五六七八九十百千两]"
_ENGLISH_NUMERALS = frozenset(
    """january february march april may june july august september october november december first second third
    fourth""".split()  # noqa: SIM905
)
_UNIT = re.compile(rf"{_NUMERAL}|[上下](?=半年|季|周|月)|[去今前明昨](?=年|天|日)|[{HAN}]|[^\W\d_]+")
_FIGURE = re.compile(rf"{_NUMERAL}|[上下去今前明昨]")
_SENTENCE_END = re.compile(r"[。!?;…\n]+|\.(?=\s|$)")
_DATELINE = re.compile(
    r"^\s*(?:[【\[(][^】\])\n]{0,40}(?:电|讯|社|报|记者|消息|reuters|afp|ap)[^】\])\n]{0,20}[】\])]"
    r"|[^\n。,]{0,25}\d+日[^\n。,]{0,6}(?:电|讯)(?=[\s,:]))"
)
_TIMESTAMP = re.compile(
    r"[\d\s年月日时分秒:/.,()-]*|(?:发[布表]|刊登|更新|出版)(?:时间|日期|于)?[\d\s年月日时分秒:/.,()-]+"
)
_HEADING = re.compile(r"#{1,6}\s")

Units = tuple[str, ...]


@dataclass(frozen=True)
class _Reading:
    """An article as it is compared: its sentences as units, and where each figure stands between what."""

    sentences: tuple[Units, ...]

    @functools.cached_property
    def figures(self) -> Mapping[Units, frozenset[str]]:
        return _figures(self.units)

    @property
    def units(self) -> Units:
        return tuple(unit for sentence in self.sentences for unit in sentence)

    @property
    def length(self) -> int:
        return sum(map(len, self.sentences))


def is_version(article: Article, other: Article) -> bool:
    """Tells whether two articles tell one story, but for some of its figures."""
    one, two = _read(article), _read(other)
    common = len(one.figures.keys() & two.figures.keys())
    changed = len(_conflicts(one, two))
    return changed <= max(1, CORRECTED_SHARE * common) and _contained(one, two) >= CONTAINED


def is_copy(article: Article, original: Article) -> bool:
    """Tells whether most of the shorter text stands in the other word for word, with the same figures."""
    one, two = _read(article), _read(original)
    if min(one.length, two.length) < SHORT_UNITS:
        return one.units == two.units and fold(article.title) == fold(original.title)
    if article.published and original.published:
        apart = abs((article.published - original.published).days) > NEWS_DAYS
        if apart and _same_sentences(one, two) < REPRINT:
            return False
    if _same_sentences(one, two) < SAME_SENTENCES or _contained(one, two) < CONTAINED or _conflicts(one, two):
        return False
    return not _is_about_another(one, two, fold(article.title), fold(original.title))


def conflicts(article: Article, other: Article) -> int:
    """Counts the places at which two articles have other figures."""
    return len(_conflicts(_read(article), _read(other)))


def length(article: Article) -> int:
    """Counts the characters of Han and the words that are compared."""
    return _read(article).length


def least_likeness(one: int, two: int) -> float:
    """Returns the least Jaccard index of two texts of these lengths of which one is a copy of the other."""
    common = CONTAINED * min(one, two)
    return common / max(1.0, one + two - common)


def shingles(article: Article) -> list[str]:
    """Lists the runs of units by which MinHash knows an article."""
    return [" ".join(shingle) for shingle in _shingles(_read(article).units, SHINGLE)]


def _same_sentences(one: _Reading, two: _Reading) -> float:
    """Returns the share of the shorter text in sentences that the other has too."""
    shorter, longer = sorted((one, two), key=lambda reading: reading.length)
    known = set(longer.sentences)
    return sum(len(units) for units in shorter.sentences if units in known) / max(1, shorter.length)


def _contained(one: _Reading, two: _Reading) -> float:
    """Returns the share of the shorter text's shingles, figures masked, in the other."""
    first, second = (_shingles(_masked(reading.units), SHINGLE) for reading in (one, two))
    return len(first & second) / max(1, min(len(first), len(second)))


def _conflicts(one: _Reading, two: _Reading) -> list[Units]:
    """Lists the places, by the words around them, at which two texts have other figures."""
    common = one.figures.keys() & two.figures.keys()
    return [at for at in common if not (one.figures[at] <= two.figures[at] or two.figures[at] <= one.figures[at])]


def _only_in(one: _Reading, two: _Reading) -> list[str]:
    known = set(two.sentences)
    return [unit for units in one.sentences if units not in known for unit in units]


def _is_about_another(one: _Reading, two: _Reading, title: str, other_title: str) -> bool:
    """Tells whether one name stands for another throughout, or in the headlines too: a form filled in twice."""
    own, others = _only_in(one, two), _only_in(two, one)
    changes = SequenceMatcher(None, own, others, autojunk=False).get_opcodes() if own and others else []
    swapped = Counter(
        (old, new)
        for kind, a, b, c, d in changes
        if kind == "replace"
        and MIN_NAME <= len(old := "".join(own[a:b])) <= 3 * MIN_NAME
        and MIN_NAME <= len(new := "".join(others[c:d])) <= 3 * MIN_NAME
    )
    return any(
        count > 1 or (old in title and new in other_title and old not in other_title)
        for (old, new), count in swapped.items()
    )


def stands_in(texts: Iterable[str], article: Article) -> bool:
    """Tells whether an article says each of these sentences, if in slightly other words, with the same figures."""
    whole, pairs, figures = _matter(article)
    for text in texts:
        for units in _sentences(text):
            own = _shingles(units, 2)
            edited = len(own & pairs) >= SENTENCE_CONTAINED * len(own) and _figures_of(units) <= figures
            if units not in whole and not edited:
                return False
    return True


@functools.lru_cache(maxsize=256)
def _read(article: Article) -> _Reading:
    return _Reading(tuple(_sentences(article.text)))


@functools.lru_cache(maxsize=64)
def _matter(article: Article) -> tuple[frozenset[Units], frozenset[Units], frozenset[str]]:
    """Returns an article's sentences, its pairs of units, and its figures."""
    reading = _read(article)
    return frozenset(reading.sentences), _shingles(reading.units, 2), _figures_of(reading.units)


def _sentences(text: str) -> Iterator[Units]:
    """Yields sentences as units, without headings, datelines and time stamps, in which copies differ."""
    folded = _DATELINE.sub("", digits(fold(text)))
    for line in folded.split("\n"):
        if _HEADING.match(line) or _TIMESTAMP.fullmatch(line.strip()):
            continue
        for sentence in _SENTENCE_END.split(line):
            if units := tuple(_UNIT.findall(sentence)):
                yield units


def _figures(units: Sequence[str]) -> dict[Units, frozenset[str]]:
    """Collects the figures by what stands around them: four units before and two after, other figures masked."""
    masked = _masked(units)
    found: dict[Units, set[str]] = defaultdict(set)
    for at, unit in enumerate(units):
        if masked[at] == "0":
            found[tuple(masked[max(0, at - 4) : at + 3])].add(unit)
    return {around: frozenset(values) for around, values in found.items()}


def _figures_of(units: Iterable[str]) -> frozenset[str]:
    return frozenset(unit for unit in units if _is_figure(unit))


def _masked(units: Iterable[str]) -> Units:
    return tuple("0" if _is_figure(unit) else unit for unit in units)


def _is_figure(unit: str) -> bool:
    return unit in _ENGLISH_NUMERALS or _FIGURE.fullmatch(unit) is not None


def _shingles(units: Sequence[str], size: int) -> frozenset[Units]:
    return frozenset(tuple(units[at : at + size]) for at in range(max(1, len(units) - size + 1)))
