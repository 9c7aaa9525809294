"""How much of what a sentence says its evidence says too."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from qa.checking.likeness import is_part_of_name
from qa.checking.opposites import sides
from qa.checking.words import word_list

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from qa.checking.held import Held
    from qa.checking.source import Source
    from qa.checking.statement import Clause, Statement, Word

__all__ = ["cause_fault", "coverage_fault", "replaced_fault"]

COVERED, COVERED_LATIN, COVERED_ACROSS = 0.62, 0.5, 0.5  # share of a sentence's words
CLAUSE_COVERED, CLAUSE_COVERED_ACROSS = 0.4, 0.3  # share of each clause's
REASON_COVERED, REASON_COVERED_ACROSS = 0.37, 0.3  # share of a clause that gives a reason
LIGHT, LIGHT_ACROSS, LIGHT_REASON = 3.0, 5.0, 2.0  # a clause that weighs less is not judged alone
VERB_WEIGHT = 0.6  # verbs are put in other words more freely than the things they join
LATIN_WEIGHT = 2.0
WORD_MAX_WEIGHT = 4.0
DETERMINERS = "全各本该此这那首总每诸多某同整向往从以按不没无未"  # a word that opens with one names nothing new
FIGURE_WEIGHT = 2.0
REPLACED_MAX, REPLACED_MAX_AT_END = 6, 4  # characters
FRAME_MIN = 2  # characters that must be the same on both sides, or twice as many on one
_DEGREES = frozenset("最更太很较新旧")
_OF_TIME = frozenset("年月日天周季期")  # 去年
FOREIGN = 0.55  # a thing covered less is not the evidence's
NAME_MAX_CHARS = 4  # of a person, with a title cut off wrongly

_SURNAMES = word_list("surnames")
_REASON = re.compile(
    r"因为|由于|缘于|归因|归咎|原因|主因|受.{1,12}影响|导致|造成|促使|令|多亏|得益|因(?!此|而)|受惠|受累|拖累"
    r"|\b(?:because|(?<!is )(?<!are )due to|owing to|thanks to|as a result|caused by|resulted|resulting|led to|driven by|reason)\b"
)
_GIVEN_REASON = re.compile(
    r"因为|由于|缘于|归因|归咎|原因|主因|多亏|得益|受.{1,12}影响|因(?!此|而)|\b(?:because|(?<!is )(?<!are )due to|owing to|thanks to|as a result)\b"
)
_REPORTS = re.compile(r"\b(?:says?|said|reports?|reported|states?|notes?|according)\b|指出|表示|报道|报导|根据|据|所述")
_ANY_REASON = re.compile(
    r"因|理由|归功|鉴于|基于|由于|导致|使|令|所以|故|归咎|带动|拖累|推动|受|由此|于是|随|缘|为了|造成|促|影响|压力|下,|有赖|助"
    r"|\b(?:after|as|because|due|citing|result\w*|thanks|owing|driven|led|caus\w+|reason\w*|following|amid|since|so|blam\w+|attribut\w+|for)\b"
)
_OWN_VOICE = re.compile(
    "作为(?:一个|一名|一款)?(?:ai|人工智能|语言模型|助手)|我是(?:一个|一名)?(?:ai|人工智能|语言模型|助手|由)|系统提示|我的(?:提示|指令|指示)|提示词"
    r"|以上(?:是)?(?:我的)?指[令示]|忽略(?:以上|之前|上面)|\bas an ai\b|\blanguage model\b|\bsystem prompt\b|\bmy (?:instructions|prompt)\b|\bignore (?:the|all|previous|any)\b|\bi (?:am|cannot|can't|was|will|have been)\b|\bi'm\b"
)


def coverage_fault(claim: Statement, held: Held, across: bool, translated: Container[str]) -> str | None:
    """Returns `coverage` where the evidence lacks too many words of the sentence, or of one of its clauses."""
    total = found = 0.0
    for clause in claim.clauses:
        if _only_reports(claim, clause):
            continue
        weight, covered = _weigh(claim, clause, held, translated)
        total, found = total + weight, found + covered
        least = CLAUSE_COVERED_ACROSS if across else CLAUSE_COVERED
        is_reason = _REASON.search(claim.text[clause.start : clause.end]) is not None
        if is_reason:
            least = REASON_COVERED_ACROSS if across else REASON_COVERED
        if (
            is_reason
            and not across
            and (_knows_nothing_of(claim, clause, held) or _knows_nothing_of(claim, _reason_in(claim, clause), held))
        ):
            return "coverage"
        if weight >= (LIGHT_REASON if is_reason else LIGHT_ACROSS if across else LIGHT) and covered < least * weight:
            return "coverage"
    if not total:
        return None if claim.amounts or claim.moments else "coverage"
    enough = COVERED_ACROSS if across else COVERED_LATIN if not held.is_han else COVERED
    return "coverage" if found < enough * total else None


def _only_reports(claim: Statement, clause: Clause) -> bool:
    """Tells whether a clause only says where the rest comes from: `the recipe says`, 該報道指出."""
    is_saying = _REPORTS.search(claim.text[clause.start : clause.end]) is not None
    return is_saying and len(clause.content) <= 1 and len(claim.clauses) > 1


def cause_fault(claim: Statement, held: Held) -> str | None:
    """Returns `cause` where a sentence gives a reason and its evidence gives none at all."""
    if _OWN_VOICE.search(claim.text) and not _OWN_VOICE.search(held.text):
        return "foreign"
    return "cause" if _GIVEN_REASON.search(claim.text) and not _ANY_REASON.search(held.text) else None


def replaced_fault(claim: Statement, sources: Sequence[Source], held: Held) -> str | None:
    """Returns `name` where a sentence repeats its evidence but for a thing that the evidence does not know."""
    for clause in claim.clauses:
        if not any(_is_foreign(word, held) or _may_be_misspelt(word, held) for word in clause.words):
            continue
        said = claim.text[clause.start : clause.end]
        for source in sources:
            for other in source.quote.clauses:
                for start, end, is_framed, taken in _replaced(said, source.quote.text[other.start : other.end]):
                    place = (clause.start + start, clause.start + end)
                    names = _names_something(other, (other.start + taken[0], other.start + taken[1]), held)
                    if names and _is_foreign_stretch(clause, place, is_framed, held):
                        return "name"
    return None


def _names_something(clause: Clause, place: tuple[int, int], held: Held) -> bool:
    """Tells whether a stretch of the evidence has a word for a thing, so that another may stand in its place."""
    words = [word for word in clause.words if word.start < place[1] and place[0] < word.end and not word.is_function]
    words = [word for word in words if word.text[-1] not in _OF_TIME]
    return any(len(word.text) == 1 or not (word.is_han and held.meaning.lexicon.is_verb(word.text)) for word in words)


def _replaced(said: str, quoted: str) -> Iterator[tuple[int, int, bool, tuple[int, int]]]:
    """Yields the stretches of a clause that stand in place of others, and those.

    Between the two it says whether the same words are on both sides.
    """
    blocks = SequenceMatcher(None, said, quoted, autojunk=False).get_matching_blocks()
    frames = [(0, 0, 0), *((b.a, b.b, b.size) for b in blocks if b.size >= FRAME_MIN), (len(said), len(quoted), 0)]
    for one, other in itertools.pairwise(frames):
        start, end = one[0] + one[2], other[0]
        gap = other[1] - one[1] - one[2]
        is_framed = bool(one[2] and other[2])
        most = REPLACED_MAX if is_framed else REPLACED_MAX_AT_END
        if one[2] + other[2] > FRAME_MIN and 0 < end - start <= most and 0 < gap <= 2 * most:
            yield start, end, is_framed, (one[1] + one[2], other[1])


def _is_foreign_stretch(clause: Clause, place: tuple[int, int], is_framed: bool, held: Held) -> bool:
    """Tells whether all the words of a stretch name something, and one of them what the evidence does not know."""
    words = [word for word in clause.words if word.start < place[1] and place[0] < word.end]
    lexicon = held.meaning.lexicon
    if len(words) == 1 and words[0].start < place[0] and _is_plain(words[0], held):
        return False  # 門市 where 門店 stands
    if any(word.is_function or lexicon.is_verb(word.text) for word in words if len(word.text) > 1):
        return False
    strange = [
        word
        for word in words
        if is_framed and word.is_fragment and (held.covers(word) < FOREIGN or _may_be_misspelt(word, held))
    ]
    return bool(strange) or any(_is_foreign(word, held) for word in words)


def _is_plain(word: Word, held: Held) -> bool:
    """Tells whether a word is no name and does not open with one of degree."""
    return not (word.is_fragment or held.meaning.lexicon.is_name(word.text) or word.text[0] in _DEGREES)


def _may_be_misspelt(word: Word, held: Held) -> bool:
    """Tells whether a word may be the name of a person that the evidence has with another character."""
    is_name = word.is_fragment and 1 < len(word.text) <= NAME_MAX_CHARS and word.text[0] in _SURNAMES
    return is_name and word.text not in held.text and any(one not in held.characters for one in word.text)


def _is_foreign(word: Word, held: Held) -> bool:
    return _is_thing(word, held) and held.covers(word) < FOREIGN


def _is_thing(word: Word, held: Held) -> bool:
    if word.is_function or not word.is_han or word.is_fragment:
        return False
    lexicon = held.meaning.lexicon
    if len(word.text) == 1 or word.text[0] in DETERMINERS:
        return False
    return not lexicon.is_verb(word.text) and not lexicon.is_manner(word.text)


def _weigh(claim: Statement, clause: Clause, held: Held, translated: Container[str]) -> tuple[float, float]:
    total = found = 0.0
    for word in clause.content:
        weight = min(float(len(word.text)), WORD_MAX_WEIGHT) if word.is_han else LATIN_WEIGHT
        if not _may_be_thing(word, held):
            weight *= VERB_WEIGHT
        total += weight
        is_held = word.text in translated or sides(claim.text[word.start : word.end]) & held.sides
        share = 1.0 if is_held else held.covers(word) or held.resembles(word)
        if share < 1.0 and word.is_han and _is_sound(word, held) and is_part_of_name(word, claim, held):
            share = 1.0
        found += weight * share
    # Figures and dates have been found in the evidence before.
    known = [one for one in claim.figures if not one.is_weak] + [one for one in claim.moments if one.year or one.month]
    inside = FIGURE_WEIGHT * sum(clause.start <= one.start < clause.end for one in known)
    return total + inside, found + inside


def _is_sound(word: Word, held: Held) -> bool:
    """Tells whether a Han word may only write down how a foreign name sounds."""
    return word.is_fragment or len(word.text) == 1 or held.meaning.lexicon.is_name(word.text)


def _reason_in(claim: Statement, clause: Clause) -> Clause:
    """Cuts a clause down to what follows 主因是 or "because"."""
    reasons = list(_GIVEN_REASON.finditer(claim.text, clause.start, clause.end))
    if not reasons:
        return clause
    words = tuple(word for word in clause.words if word.start >= reasons[-1].end())
    named = [word for word in words if not word.is_function]
    return replace(clause, start=reasons[-1].end(), words=words) if len(named) > 1 else clause


def _knows_nothing_of(claim: Statement, clause: Clause, held: Held) -> bool:
    """Tells whether the evidence has no word of a clause, words of rising and falling aside."""
    words = [word for word in clause.content if not sides(claim.text[word.start : word.end])]
    words = [word for word in words if not _REASON.search(word.text)]
    return bool(words) and all(held.covers(word) < FOREIGN for word in words)


def _may_be_thing(word: Word, held: Held) -> bool:
    lexicon = held.meaning.lexicon
    if not word.is_han:
        return not lexicon.is_latin_verb(word.text)
    return len(word.text) > 1 and not lexicon.is_verb(word.text)
