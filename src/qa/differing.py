"""Evidence from articles of several days: what tells one story, what is put right, and what disagrees, by date."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

from qa.confidence import sureness
from qa.terms import RARE
from qa.text.folding import fold
from qa.text.numerals import digits
from qa.text.tokens import tokenize

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from qa.index import Generation
    from qa.retrieve import EvidenceSentence, Query, RankedPassage
    from qa.terms import Term

__all__ = ["disagreeing", "newest_first", "rivals", "told_once", "with_notices", "without_what_was_wrong"]

RIVAL_MARGIN = 0.25  # of score, within which two sentences may answer one question differently
TIE_MARGIN = 0.08  # of score, within which the newer of two that say the same comes first
RIVAL_COVERAGE = 0.2  # of the question's own words: how much less a rival may hold
RIVAL_TRANSLATION = 0.4  # the same in translation, where many readings are wrong ones
SAME_NAMES = 0.75  # of the weight of what the question names and the best passage has
SAME_SUBJECT = 0.5  # of the shorter sentence's tokens, figures left out, in the other
SURE_WORDS = 0.35  # sureness of words from which they are taken for an answer
NOTICE_COVERAGE = 0.1  # of the question's words: how much less a notice may hold than what it corrects
PUT_RIGHT = 0.5  # of a sentence's tokens that a notice repeats
SAME_SENTENCE = 0.9  # of the shorter sentence's tokens in the other: a copy's

_GLUE = re.compile(r"[的了是在之和与有为由\d]")  # a pair of characters with one of these names nothing
_CORRECTED_TO = re.compile(
    "(?:應|应)(?:該|该)?(?:為|为|是|作)|(?:實|实)(?:為|为)|更正(?:為|为)|改(?:為|为)|should (?:be|have been|read)",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_DATE = re.compile(r"\d+\s*(?:年|月|日|号)|\b(?:1[5-9]|20)\d\d\b|\d+[-/]\d+[-/]\d+")


def with_notices(
    best: Sequence[RankedPassage], passages: Sequence[RankedPassage], generation: Generation
) -> list[RankedPassage]:
    """Adds to the best passages those of the notices that correct their articles."""
    wanted = {generation.notices.get(passage.stored.article.id) for passage in best}
    known = {passage.number for passage in best}
    return [*best, *(p for p in passages if p.stored.article.id in wanted and p.number not in known)]


def told_once(sentences: Sequence[EvidenceSentence], generation: Generation) -> list[EvidenceSentence]:
    """Leaves out what the article to cite first of a story says too, and what a notice puts right."""
    by_article: dict[str, list[EvidenceSentence]] = {}
    for sentence in sentences:
        by_article.setdefault(_article_id(sentence), []).append(sentence)
    notices = {name: by_article.get(generation.notices.get(name, ""), []) for name in by_article}
    return [s for s in sentences if not _is_put_right(s, notices[_article_id(s)]) and not _is_told_first(s, by_article)]


def without_what_was_wrong(sentences: Sequence[EvidenceSentence], generation: Generation) -> list[EvidenceSentence]:
    """Takes the mark off words that a notice repeats only to correct them: those before 應為 or `should be`."""
    notices = set(generation.notices.values())
    return [
        dataclasses.replace(s, words=None) if _article_id(s) in notices and _is_before_correction(s) else s
        for s in sentences
    ]


def rivals(query: Query, sentences: Sequence[EvidenceSentence]) -> list[EvidenceSentence]:
    """Lists the best sentence and those of articles of other days that answer as well, one each, the newest first."""
    if not sentences or sentences[0].passage.stored.article.published is None:
        return list(sentences[:1])
    best = sentences[0]
    found = {_article_id(best): best}
    for other in sentences[1:]:
        stored = other.passage.stored
        is_known = stored.article.id in found or any(copy in found for copy in stored.copies)
        if not is_known and _answers_as_well(query, best, other, sentences):
            found[stored.article.id] = other
    ordered = sorted(found.values(), key=_day, reverse=True)
    return ordered if len({_day(sentence) for sentence in ordered}) > 1 else [best]


def disagreeing(query: Query, equals: Sequence[EvidenceSentence]) -> list[EvidenceSentence]:
    """Returns those of the rivals that each answer differently, in their order, or nothing where they agree."""
    found: list[EvidenceSentence] = []
    for rival in equals:
        if all(_differ(query, rival, other) for other in found):
            found.append(rival)
    return found if len(found) > 1 else []


def newest_first(
    query: Query, sentences: Sequence[EvidenceSentence], equals: Sequence[EvidenceSentence]
) -> list[EvidenceSentence]:
    """Moves the newest of the rivals to the front, if it is hardly worse than the best or the latest is asked for."""
    if not equals:
        return list(sentences)
    if query.latest:
        older = equals[1:]
        return [equals[0], *(s for s in sentences if s is not equals[0] and s not in older)]
    newest = next(s for s in equals if s.score >= sentences[0].score - TIE_MARGIN)
    return [newest, *(s for s in sentences if s is not newest)]


def _answers_as_well(
    query: Query, best: EvidenceSentence, other: EvidenceSentence, sentences: Sequence[EvidenceSentence]
) -> bool:
    """Tells whether a dated sentence scores about as high, on the same things, with what was asked for."""
    return (
        other.passage.stored.article.published is not None
        and other.score >= best.score - RIVAL_MARGIN
        and other.context >= best.context - RIVAL_COVERAGE
        and other.translation >= best.translation - RIVAL_TRANSLATION
        and _fits_as_well(query, best, other)
        and _names_as_much(query, best, other, sentences)
        and (_is_alike(best, other) or _both_answer(best, other))
    )


def _fits_as_well(query: Query, best: EvidenceSentence, other: EvidenceSentence) -> bool:
    """Tells whether a sentence is as much of the time and the kind asked for as the best."""
    lacks = query.expected.kind is not None and best.holds_expected and not other.holds_expected
    elsewhen = bool(query.asked) and other.timeliness < best.timeliness
    return not (lacks or elsewhen or other.other_year > best.other_year)


def _names_as_much(
    query: Query, best: EvidenceSentence, other: EvidenceSentence, sentences: Sequence[EvidenceSentence]
) -> bool:
    names, others = _names(query, best, sentences), _names(query, other, sentences)
    common = sum(term.weight for term in others if term in names)
    return common >= SAME_NAMES * sum(term.weight for term in names)


def _names(query: Query, sentence: EvidenceSentence, sentences: Sequence[EvidenceSentence]) -> list[Term]:
    """Lists the rare words of the question that a sentence's passage or headline has: what it is about."""
    tokens = set(tokenize(sentence.passage.stored.article.title))
    tokens.update(*(s.tokens for s in sentences if s.passage is sentence.passage))
    rare = [term for term in query.terms if term.weight >= RARE and not _GLUE.search(term.source)]
    return [term for term in rare if term.found_in(tokens)]


def _is_alike(one: EvidenceSentence, other: EvidenceSentence) -> bool:
    """Tells whether two sentences are alike but for their figures."""
    first, second = ({token for token in s.tokens if not token[:1].isdigit()} for s in (one, other))
    return len(first & second) >= SAME_SUBJECT * max(1, min(len(first), len(second)))


def _both_answer(one: EvidenceSentence, other: EvidenceSentence) -> bool:
    """Tells whether the reader is sure of its words in both."""
    return min(sureness(one), sureness(other)) >= SURE_WORDS


def _differ(query: Query, one: EvidenceSentence, other: EvidenceSentence) -> bool:
    """Tells whether two sentences answer with other figures, or else with other words."""
    both = _both_answer(one, other)
    if both and not query.expected.is_figure:
        first, second = (digits(fold(_words(s))) for s in (one, other))
        return first not in second and second not in first
    first_figures, second_figures = (_figures(_words(s) if both else s.text) for s in (one, other))
    return not (first_figures <= second_figures or second_figures <= first_figures)


def _figures(text: str) -> set[str]:
    """Returns the figures of a text but for its dates, or its dates where it has nothing else."""
    folded = digits(fold(text))
    return set(_FIGURE.findall(_DATE.sub(" ", folded))) or set(_FIGURE.findall(folded))


def _is_put_right(sentence: EvidenceSentence, notice: Sequence[EvidenceSentence]) -> bool:
    """Tells whether a notice speaks of what a sentence says, and of what is asked as much as that does."""
    repeated = frozenset().union(*(s.tokens for s in notice)) & sentence.tokens
    covered = max((max(s.coverage, s.translation) for s in notice), default=0.0)
    needed = max(sentence.coverage, sentence.translation) - NOTICE_COVERAGE
    return bool(notice) and len(repeated) >= PUT_RIGHT * len(sentence.tokens) and covered >= needed


def _is_before_correction(sentence: EvidenceSentence) -> bool:
    marks = list(_CORRECTED_TO.finditer(sentence.text))
    return bool(marks and sentence.words) and (sentence.words or (0, 0))[0] - sentence.start < marks[-1].end()


def _is_told_first(sentence: EvidenceSentence, by_article: dict[str, list[EvidenceSentence]]) -> bool:
    stored = sentence.passage.stored
    if stored.is_first or not stored.copies:
        return False
    firsts = (s for copy in stored.copies for s in by_article.get(copy, ()) if s.passage.stored.is_first)
    return any(_says_the_same(sentence, first) for first in firsts)


def _says_the_same(one: EvidenceSentence, other: EvidenceSentence) -> bool:
    common = len(one.tokens & other.tokens)
    return common >= SAME_SENTENCE * max(1, min(len(one.tokens), len(other.tokens)))


def _words(sentence: EvidenceSentence) -> str:
    return sentence.passage.stored.article.text[slice(*sentence.words)] if sentence.words else ""


def _article_id(sentence: EvidenceSentence) -> str:
    return sentence.passage.stored.article.id


def _day(sentence: EvidenceSentence) -> dt.date:
    day = sentence.passage.stored.article.published
    assert day is not None
    return day
