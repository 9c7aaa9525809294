"""Articles -> stories: each text with its copies, found by MinHash, and what corrects what."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qa.duplicates.comparing import conflicts, is_copy, is_version, least_likeness, length, shingles
from qa.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qa.records import Article

__all__ = ["COPY_RULES", "Copies", "Story", "find_copies"]

COPY_RULES = "1"  # part of the index's fingerprint: raise it when other articles count as copies

PERMUTATIONS, BANDS = 120, 40  # three rows a band: 93 % of the pairs with Jaccard 0.4 meet, 1 in 25 with 0.1
SEED = 1
MOST_COMPARED = 20  # likeliest originals looked at: a thousand daily reports must not all be compared
MIN_LIKENESS = 0.2  # estimated Jaccard; a copy cut to a third has 0.33
ERROR = 0.15  # of that estimate: three standard deviations, which are 0.045 at most
COMPLETE = 0.9  # of the longest copy's length, from which a newer copy comes first

_MARK = r"更正(?:启事|声明|版)?|勘误(?:启事)?|订正(?:启事|声明)?|corrections?|corrected(?: version)?|erratum"
_CORRECTION = re.compile(rf"^\W*(?:{_MARK})(?:\W|$)|[(\[【]\s*(?:{_MARK})\s*[)\]】]|(?:{_MARK})$")
_CORRECTION_OPENING = re.compile(rf"^\W*(?:{_MARK})\W")


@dataclass(frozen=True, slots=True)
class Story:
    """Articles that tell one story, the one to cite first; those in `corrected` say what another puts right."""

    articles: tuple[str, ...]
    corrected: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Copies:
    """The stories that several articles tell; and by an article's id, the notice that corrects it in a few words."""

    stories: tuple[Story, ...] = ()
    notices: Mapping[str, str] = field(default_factory=dict)


def find_copies(articles: Sequence[Article]) -> Copies:
    """Groups near copies by MinHash (Broder 1997), each compared with the likeliest originals only.

    A copy is an article of which most sentences stand in a longer one word for word, with the same figures: reports
    of two years, or of two rivals, are stories of their own. A correction joins the story that it puts right.
    """
    groups, index = _group(articles)
    place = {article.id: at for at, article in enumerate(articles)}
    ordered = [sorted(group, key=_order(group, place)) for group in groups]
    return _corrected(articles, ordered, index)


class _Index:
    """The originals found so far, to be asked for those that a text may be a copy of."""

    def __init__(self) -> None:
        import rensa

        self._lsh: Any = rensa.RMinHashLSH(threshold=MIN_LIKENESS, num_perm=PERMUTATIONS, num_bands=BANDS)
        self._hashes: list[Any] = []
        self._articles: list[Article] = []
        self._lengths: list[int] = []

    def add(self, article: Article, minhash: Any) -> None:
        self._lsh.insert(len(self._articles), minhash)
        self._articles.append(article)
        self._hashes.append(minhash)
        self._lengths.append(length(article))

    def like(self, article: Article, minhash: Any) -> list[Article]:
        """Lists the likeliest originals, the likeliest first, that are as like as a copy of that length must be."""
        scores = {number: minhash.jaccard(self._hashes[number]) for number in set(self._lsh.query(minhash))}
        own = length(article)
        likely = [
            number
            for number, score in scores.items()
            if score >= max(MIN_LIKENESS, least_likeness(own, self._lengths[number]) - ERROR)
        ]
        best = sorted(likely, key=lambda number: (-scores[number], number))[:MOST_COMPARED]
        return [self._articles[number] for number in best]


def _group(articles: Sequence[Article]) -> tuple[list[list[Article]], _Index]:
    """Gives each article, the longest first, to the likeliest original that it is a copy of."""
    index = _Index()
    groups: dict[str, list[Article]] = {}
    for article in sorted(articles, key=lambda article: -len(article.text)):
        minhash = _minhash(article)
        original = next((other for other in index.like(article, minhash) if is_copy(article, other)), None)
        if original:
            groups[original.id].append(article)
        else:
            groups[article.id] = [article]
            index.add(article, minhash)
    return list(groups.values()), index


def _order(group: Sequence[Article], place: Mapping[str, int]) -> Any:
    """Puts corrections first, then the complete ones before the cut ones, then the newest."""
    longest = max(length(article) for article in group)

    def key(article: Article) -> tuple[bool, bool, int, int]:
        cut = length(article) < COMPLETE * longest
        return not _is_correction(article), cut, -_day(article).toordinal(), place[article.id]

    return key


def _corrected(articles: Sequence[Article], groups: Sequence[list[Article]], index: _Index) -> Copies:
    """Joins each correction with the story that it puts right; a notice that tells no story is kept beside it."""
    story = {article.id: Story(tuple(member.id for member in group)) for group in groups for article in group}
    by_title: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        by_title[fold(article.title).strip()].append(article)
    notices: dict[str, str] = {}
    for article in sorted(filter(_is_correction, articles), key=_day):
        own = story[article.id]
        others = [a for a in articles if a.id == article.corrects] if article.corrects else _by_name(article, by_title)
        wrong = others or _wrong_versions(article, index.like(article, _minhash(article)))
        for other in wrong[:1]:
            if other.id in own.articles:
                joined = Story(own.articles, frozenset(own.articles) - {article.id})
            elif is_version(article, other):
                old = story[other.id]
                joined = Story(own.articles + old.articles, own.corrected | frozenset(old.articles))
            else:
                notices.update(dict.fromkeys(story[other.id].articles, article.id))
                continue
            story.update(dict.fromkeys(joined.articles, joined))
    several = {one.articles: one for one in story.values() if len(one.articles) > 1}
    return Copies(tuple(several.values()), notices)


def _is_correction(article: Article) -> bool:
    title, opening = fold(article.title), fold(article.text[:30])
    return bool(article.corrects or _CORRECTION.search(title) or _CORRECTION_OPENING.match(opening))


def _by_name(article: Article, by_title: Mapping[str, list[Article]]) -> list[Article]:
    """Finds what a correction names by its headline: 更正：and the headline of an earlier article."""
    title = re.sub(rf"^\W*(?:{_MARK})\W*|\W*(?:{_MARK})\W*$", "", fold(article.title))
    named = by_title.get(title.strip(" 「」『』《》\"'"), []) if title else []
    return [other for other in named if other.id != article.id and _day(other) <= _day(article)]


def _wrong_versions(article: Article, originals: Iterable[Article]) -> list[Article]:
    """Lists the originals that an article puts right, the one with the fewest other figures first."""
    earlier = [a for a in originals if a.id != article.id and _day(a) <= _day(article) and is_version(article, a)]
    return sorted(earlier, key=lambda other: conflicts(article, other))


def _day(article: Article) -> dt.date:
    return article.published or dt.date.min


def _minhash(article: Article) -> Any:
    import rensa

    minhash = rensa.RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    minhash.update(shingles(article))
    return minhash
