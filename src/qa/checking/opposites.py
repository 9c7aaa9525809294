"""Words that say the contrary, and negations, in a sentence and in its evidence."""

from __future__ import annotations

import functools
import importlib.resources
import json
import re
from typing import TYPE_CHECKING

from qa.text.amounts import agree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.checking.meaning import Meaning
    from qa.checking.source import Source
    from qa.checking.statement import Clause, Statement, Word

__all__ = ["SAME", "is_negative", "opposite_fault", "pattern_of", "sides"]

ALIGNED = 0.34  # share of a clause's words from which another speaks of the same
ALIKE = 0.2  # overlap over which a clause speaks of the same
BEFORE = 0.5  # of the overlap of the clause before
PATTERN_MARK = "re:"  # before what the table gives as a regular expression
HEADLINE = 0.3  # of a word's weight, where the headline has it: the whole article is about it
NEGATED_CHARS = 3  # characters before a Han word in which its negation stands
NEGATED_LETTERS = 12  # letters before an English one
SOFTLY_NEGATED_CHARS = 6  # characters before a word in which 避免 or 停止 denies it
SAME = 0.8  # from which two words mean the same

_BOUND = r"不超过|不多于|不少于|不低于|不高于|不到|不足|不满|未满|未及|不外"
_NEGATION = re.compile(
    rf"(?!{_BOUND})(?:毋[须需庸]|并没有|没有|没|并未|未(?!来|必|婚|免|知)|不再|从不|"
    r"不(?!仅|但|过|同|少|断|只|久|止|论|管|单|及|得不|错|禁|惜|愧|妨|料|满|良|利|俗|凡|明|安|幸|变|景气)|并非|绝非|拒绝|未能|否认|非(?!常|洲|典|凡|法)|无(?!论|疑|线|人|限|数|锡|缝|形|关|辜|偿)|"
    r"\bnot\b|n't\b|\bnever\b|\bno\b(?! (?:less|fewer|more) than)|\bwithout\b|\bneither\b|\bnor\b|\bnone\b|\bnobody\b|\bno one\b|\bcannot\b|\bunable\b|\b(?:refus|declin|fail)\w* to\b|\bden(?:y|ied)\b)"
)
_SOFT_NEGATION = re.compile(
    "停止|终止|取消|拒绝|否认|否决|避免|放弃|缺乏|失去|退出|不变|维持|如常|毋|免|未|不|无|没|非|禁|勿|零"
    r"|n't\b|\b(?:no|not|never|without|neither|nor|none|nobody|cannot)\b|\b(?:stop|ceas|refus|reject|den(?:y|ied)|avoid|lack|fail|unchanged|withdr|abandon|absen|end(?:ed)?|ban|prevent|drop|instead of|rather than|un\w+)"
)
_RATHER_THAN = re.compile(
    r"(?:而非|而不是|并不是|并非|不是)[^,，。;；而但]{0,8}$|\b(?:rather than|instead of|and not)\b[^,.;]{0,30}$"
)
_WITH_FIGURE = re.compile(r"[^,，。;；\d]{0,6}\d")
_PARTING = re.compile(r"[,，、;；。:：而但]|\bbut\b")
_NOTHING_IS = re.compile(
    r"(?:没有|并无|未有|无)(?:任何)?[^,，。;]{1,6}(?:需要?|会|要|被|能|获)(?:将)?$"
)  # 没有手术需要延期
_STOPPING = re.compile(
    r"(?:暂停|停止|中止|取消|禁止|谢绝|严禁|不获|不准|\b(?:stop(?:ped|s)?|suspend(?:ed|s)?|cancel(?:led|s)?)\s?)$"
)
_ANSWERING = re.compile(r"^\s*(?:no|yes|没有|不|不是|是的?|有|并没有|否)\s*[,，。.:：、]")


def opposite_fault(claim: Statement, sources: Sequence[Source], meaning: Meaning) -> str | None:
    """Returns `opposite` where a clause says the contrary of the clauses of its evidence that speak of the same."""
    answered = _ANSWERING.match(claim.text)
    for clause in claim.clauses:
        if answered and clause.end <= answered.end():
            continue
        found = [_is_contrary(claim, clause, source, meaning) for source in sources]
        judged = [one for one in found if one is not None]
        if judged and all(judged):
            return "opposite"
    if any(all(_is_denied(claim, clause, source, meaning) for source in sources) for clause in claim.clauses):
        return "opposite"
    return None


def _is_denied(claim: Statement, clause: Clause, source: Source, meaning: Meaning) -> bool:
    """Tells whether a clause says plainly what a source only denies, or denies what it only says plainly."""
    said = claim.text[clause.start : clause.end]
    is_soft = _SOFT_NEGATION.search(said) is not None
    for word in clause.content:
        is_negated = _is_negated(claim.text, word)
        if (is_soft and not is_negated) or len(word.text) < 2:
            continue
        others = [one for one in source.quote.words if not one.is_function and len(one.text) > 1]
        held = [one for one in others if meaning.same(word, one) >= SAME]
        if not held or any(meaning.same(word, one) >= SAME for one in source.title.words):
            continue
        if not is_negated and _is_deed(word, meaning) and all(_is_negated(source.quote.text, one) for one in held):
            return True
        if all(_is_ruled_out(source.quote.text, one) is not _is_ruled_out(claim.text, word) for one in held):
            return True
        if is_negated and not word.is_han and not any(_is_softly_negated(source.quote.text, one) for one in held):
            return True
    return False


def _is_ruled_out(text: str, word: Word) -> bool:
    """Tells whether a word is what something is not: 觸礁 in 火災而非觸礁."""
    if _WITH_FIGURE.match(text, word.end):
        return False  # 3噸 in 而非方案中的3噸
    return _RATHER_THAN.search(text[: word.start]) is not None


def _is_deed(word: Word, meaning: Meaning) -> bool:
    return meaning.lexicon.is_verb(word.text) if word.is_han else meaning.lexicon.is_latin_verb(word.text)


def _is_negated(text: str, word: Word) -> bool:
    before = text[max(0, word.start - (NEGATED_CHARS if word.is_han else NEGATED_LETTERS)) : word.start]
    return any(not _PARTING.search(before[end:]) for end in _negations(before))


def is_negative(text: str) -> bool:
    """Tells whether a folded text denies or ends something."""
    return _SOFT_NEGATION.search(text) is not None


def _is_softly_negated(text: str, word: Word) -> bool:
    reach = SOFTLY_NEGATED_CHARS if word.is_han else 2 * NEGATED_LETTERS
    return _SOFT_NEGATION.search(text[max(0, word.start - reach) : word.end + NEGATED_CHARS]) is not None


def _is_contrary(claim: Statement, clause: Clause, source: Source, meaning: Meaning) -> bool | None:
    """Tells whether one source says the contrary of a clause; None where it does not speak of the same."""
    quote = source.quote
    said = claim.text[clause.start : clause.end]
    overlaps = _overlaps(claim, clause, source, meaning)
    places = _same_figures(claim, clause, quote, overlaps)
    own = [one for one in claim.figures if clause.start <= one.start < clause.end] or claim.figures
    figures = [held.start for held in quote.figures if any(agree(one, held) for one in own)]
    agrees = False
    for number in sorted({number for number, _ in sides(said)}):
        mine = _signs(number, said)
        if len(mine) > 1 and places:
            mine = _nearest(number, said, [one.start - clause.start for one in claim.figures])
        if len(mine) != 1:
            continue
        theirs = _signs_near(number, quote, places, figures) if places else _signs_alike(number, quote, overlaps)
        if len(theirs) == 1 and mine != theirs:
            return True
        agrees |= mine == theirs
    if agrees:
        return False
    if not places and max(overlaps, default=0.0) >= ALIGNED:
        places = [overlaps.index(max(overlaps))]
    if not places:
        return None
    return all(_negated_otherwise(claim, clause, quote, at, meaning) for at in places)


def _same_figures(claim: Statement, clause: Clause, quote: Statement, overlaps: Sequence[float]) -> list[int]:
    """Returns the clauses of a quote that hold the figures of a clause; of several, those that share most words."""
    said = [one for one in claim.figures if clause.start <= one.start < clause.end and not one.is_weak]
    places = {quote.clause_at(held.start) for one in said for held in quote.figures if agree(one, held)}
    most = max((overlaps[at] for at in places), default=0.0)
    return [at for at in places if overlaps[at] >= most]


@functools.lru_cache(maxsize=4096)
def sides(text: str) -> frozenset[tuple[int, str]]:
    """Lists the pairs of contraries of which a text names a side, and which side."""
    if not _any_side().search(text):
        return frozenset()
    return frozenset(
        (number, match.lastgroup or "") for number, pair in enumerate(_pairs()) for match in pair.finditer(text)
    )


@functools.cache
def _any_side() -> re.Pattern[str]:
    return re.compile("|".join(re.sub(r"\(\?P<[ab]>", "(?:", pair.pattern) for pair in _pairs()))


def _overlaps(claim: Statement, clause: Clause, source: Source, meaning: Meaning) -> list[float]:
    """Returns the share of a clause's words that each clause of a quote has.

    Words that few clauses have count for more, those of the headline for less.
    """
    clauses = source.quote.clauses
    total, shared = 0.0, [0.0] * len(clauses)
    for word in clause.content:
        if sides(claim.text[word.start : word.end]):
            continue
        found = [_has(one, word, meaning) for one in clauses]
        weight = (len(word.text) if word.is_han else 2) / max(1, sum(one > 0 for one in found))
        if any(_has(one, word, meaning) for one in source.title.clauses):
            weight *= HEADLINE
        total += weight
        shared = [share + weight * one for share, one in zip(shared, found, strict=True)]
    return [share / total if total else 0.0 for share in shared]


def _has(clause: Clause, word: Word, meaning: Meaning) -> float:
    if any(one.text == word.text for one in clause.words):
        return 1.0
    return max((meaning.same(word, one) for one in clause.words), default=0.0)


def _signs_near(number: int, quote: Statement, places: Sequence[int], figures: Sequence[int]) -> set[int]:
    """Looks for a side of a pair in some clauses, then in those beside them in their sentence.

    Of two sides in one clause, the one nearest to a figure counts.
    """
    for shift in (0, -1, 1):
        signs: set[int] = set()
        for at in places:
            if 0 <= at + shift < len(quote.clauses):
                other = quote.clauses[at + shift]
                if other.segment == quote.clauses[at].segment:
                    signs |= _nearest(
                        number, quote.text[other.start : other.end], [one - other.start for one in figures]
                    )
        if signs:
            return signs
    return set()


def _nearest(number: int, text: str, figures: Sequence[int]) -> set[int]:
    found = list(_each_sign(number, text))
    inside = [one for one in figures if 0 <= one < len(text)]
    if len({sign for _, sign in found}) < 2 or not inside:
        return {sign for _, sign in found}
    return {min(found, key=lambda one: min(abs(one[0] - figure) for figure in inside))[1]}


def _signs_alike(number: int, quote: Statement, overlaps: Sequence[float]) -> set[int]:
    """Takes the side of a pair from the clause that has one and shares the most words, or follows one that does."""
    best, found = ALIKE, set()
    for at, clause in enumerate(quote.clauses):
        signs = _signs(number, quote.text[clause.start : clause.end])
        if not signs:
            continue
        score = overlaps[at]
        if at and quote.clauses[at - 1].segment == clause.segment:
            is_bare = all(sides(quote.text[word.start : word.end]) for word in clause.content)
            score += (1.0 if is_bare else BEFORE) * overlaps[at - 1]
        if score > best:
            best, found = score, signs
    return found


def _negated_otherwise(claim: Statement, clause: Clause, quote: Statement, at: int, meaning: Meaning) -> bool:
    said = claim.text[clause.start : clause.end]
    here = quote.clauses[at]
    around = [one for one in quote.clauses if one.segment == here.segment and abs(quote.clauses.index(one) - at) <= 1]
    near = quote.text[around[0].start : around[-1].end]
    for end in _negations(said):
        following = [word for word in clause.content if word.start >= clause.start + end]
        if not following and said[:end].endswith(("不", "没")):
            continue  # 不夠 says its own
        holders = [one for one in quote.clauses if following and _has(one, following[0], meaning) >= 0.8]
        if holders:
            return not any(_SOFT_NEGATION.search(quote.text[one.start : one.end]) for one in holders)
        if not (following and following[0].is_han):  # a Han word that the evidence lacks is the coverage's to judge
            return not _SOFT_NEGATION.search(near)
    if _SOFT_NEGATION.search(said):
        return False
    held = quote.text[here.start : here.end]
    for end in _negations(held):
        following = [word for word in here.content if word.start >= here.start + end]
        alike = [word for word in claim.words if following and meaning.same(following[0], word) >= SAME]
        if any(word in clause.content for word in alike) and not any(_is_negated(claim.text, word) for word in alike):
            return True
    return False


def _negations(text: str) -> list[int]:
    return [match.end() for match in _NEGATION.finditer(text)]


@functools.lru_cache(maxsize=4096)
def _signs_of(number: int, text: str) -> frozenset[int]:
    return frozenset(sign for _, sign in _each_sign(number, text))


def _signs(number: int, text: str) -> set[int]:
    return set(_signs_of(number, text))


def _each_sign(number: int, text: str) -> Iterator[tuple[int, int]]:
    for match in _pairs()[number].finditer(text):
        sign = 1 if match.lastgroup == "a" else -1
        is_han = match[0][0] > "\u3000"
        before = text[max(0, match.start() - (NEGATED_CHARS if is_han else NEGATED_LETTERS)) : match.start()]
        is_denied = (
            not before.endswith("反")
            and (  # 不升反跌
                _NEGATION.search(before) or _STOPPING.search(before) or _NOTHING_IS.search(text[: match.start()])
            )
        )
        yield match.start(), -sign if is_denied else sign


@functools.cache
def _pairs() -> tuple[re.Pattern[str], ...]:
    table = importlib.resources.files("qa.checking").joinpath("opposites.json").read_text(encoding="utf-8")
    return tuple(re.compile(f"(?P<a>{pattern_of(one)})|(?P<b>{pattern_of(other)})") for one, other in json.loads(table))


def pattern_of(words: Sequence[str]) -> str:
    """Returns the pattern of any of some words, the longest first; Latin ones match as whole words."""
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(map(_pattern, ordered))


def _pattern(word: str) -> str:
    if word.startswith(PATTERN_MARK):
        return word.removeprefix(PATTERN_MARK)
    return rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word)
