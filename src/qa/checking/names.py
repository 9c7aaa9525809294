"""The names in a sentence: each must stand in the evidence, or be a known translation of one that does."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from qa.checking.latin_names import has_strange_latin
from qa.checking.likeness import is_part_of_name
from qa.checking.words import word_list
from qa.text.folding import HAN, fold

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from qa.checking.held import Held
    from qa.checking.statement import Clause, Statement, Word

__all__ = ["name_fault"]

_SURNAMES = word_list("surnames")
_TITLE = "|".join(sorted(word_list("titles"), key=len, reverse=True))
_SAYING = "|".join(sorted(word_list("saying"), key=len, reverse=True))
_TITLED_NAME = re.compile(rf"(?:{_TITLE})([{HAN}]{{2,4}})")
_SPEAKING_NAME = re.compile(
    rf"(?:^|[，。；：、,;「『“（(\s]|而|和|与|据)([{HAN}]{{2,3}})(?=(?:早前|近日|日前|就|亦|也|则|还|又|昨日)?(?:{_SAYING}))"
)
_QUOTED = re.compile(r"([「『“《〈\"])([^「」『』“”《》〈〉\"]{1,40})[」』”》〉\"]")
_MIXED = re.compile(r"(?<![a-z0-9])(?=[a-z0-9-]*[a-z])(?=[a-z0-9-]*\d)[a-z0-9][a-z0-9-]*(?![a-z0-9])")
_NOT_NAMES = re.compile(
    r"^(?:\d+(?:st|nd|rd|th|s|m|k|bn|mn|km|kg|cm|mm|gwh|mw|kw|g|b|h|x)|[qh][1-4]|\d+(?:-\w+)+|(?:us|hk|nt|rmb|usd|hkd|cny)\d+\w*)$"
)
_LETTER = re.compile(rf"(?<![a-z0-9.])[a-z](?=[{HAN}])")  # O型血
_IS_DEED = re.compile("的[则就便也]?是")  # 執棒的則是
_PLACES = "洲邨村街路区镇湖山河岛港湾巷桥站寺庙县市乡省州"
_NEW_OR_OLD = "新旧老原现首头前后"  # 新制 names nothing
_ADVERBS = word_list("adverbs")
_AGENT_MARKS = frozenset(("由", "被"))
UNHEARD_MIN = 3  # characters; so many are a name wherever they stand
KNOWN = 0.8  # a name is known by nearly the whole of it
FOREIGN = 0.55  # a word covered less is not the evidence's
_SAYING_WORDS = word_list("saying") | word_list("announcing")
_BODIES = word_list("bodies")
_COMPANIES = word_list("companies")  # 招商集團: what gives these their name may be a verb
_KINDS_OF_BODIES = word_list("kinds_of_bodies")
_HAN = re.compile(f"[{HAN}]")
_LENIENT = word_list("everyday_names")


def name_fault(claim: Statement, written: str, held: Held, translated: Container[str]) -> str | None:
    """Returns `name` where the evidence does not know a name of the sentence.

    `written` is the sentence as it stands, `translated` the stems that the corpus's dictionary finds in the evidence.
    """
    is_strange = (
        any(_is_strange_word(word, claim, held) for word in claim.words)
        or any(_is_missing(name, held) for name in _han_names(claim))
        or (held.is_han and (_has_strange_letter(claim, held) or _has_strange_name(claim, held)))
        or any(_is_unquoted(mark, quoted, held) for mark, quoted in _QUOTED.findall(fold(written)))
        or any(
            not _NOT_NAMES.match(name) and name not in held.compact.lower() for name in _MIXED.findall(fold(written))
        )
        or has_strange_latin(written, held, translated)
    )
    return "name" if is_strange else None


def _is_strange_word(word: Word, claim: Statement, held: Held) -> bool:
    return word.is_han and not word.is_function and _is_strange(word, held) and not is_part_of_name(word, claim, held)


def _has_strange_letter(claim: Statement, held: Held) -> bool:
    """Tells whether a letter stands before another word than in the evidence: A型血 where O型血 stands."""
    return any(claim.text[one.start() : one.end() + 1] not in held.compact for one in _LETTER.finditer(claim.text))


def _has_strange_name(claim: Statement, held: Held) -> bool:
    tests = (_is_strange_speaker, _is_strange_body, _has_strange_agent)
    return any(_is_strange_place(word, held) for word in claim.words) or any(
        _has_unheard_of(clause, claim, held) or any(test(clause, held) for test in tests) for clause in claim.clauses
    )


def _is_strange(word: Word, held: Held) -> bool:
    lexicon = held.meaning.lexicon
    if not lexicon.is_name(word.text) or len(word.text) == 1 or word.text in _LENIENT or word.text.endswith("的"):
        return False
    if held.covers(word) >= (KNOWN if held.is_han else FOREIGN):
        return False
    if word.text[-1] in _PLACES and len(word.text) > 2 and word.text[:-1] in held.text:
        return False  # 大理州 is 大理
    return held.is_han or not held.covers(replace(word, text=word.text[-1]))  # 大橋 is a name, and a bridge


def _is_strange_place(word: Word, held: Held) -> bool:
    """Tells whether a place is named by characters that the evidence does not have together: 坪洲 for 長洲."""
    name = word.text
    if not word.is_fragment or word.is_function or len(name) < 2 or name[-1] not in _PLACES:
        return False
    while len(name) > 2 and held.meaning.lexicon.is_verb(name[0]):  # 赴長洲
        name = name[1:]
    return name[:2] not in held.bigrams and name[0] not in held.characters


def _is_strange_speaker(clause: Clause, held: Held) -> bool:
    """Tells whether something that the evidence does not know stands before a word of saying."""
    at = next((at for at, word in enumerate(clause.words) if word.text in _SAYING_WORDS), 0)
    named = itertools.takewhile(lambda word: not word.is_function, clause.words[:at])
    return any(_is_foreign(word, held) and word.text[-2:] not in held.bigrams for word in named)


def _is_strange_body(clause: Clause, held: Held) -> bool:
    """Tells whether what gives a place or an institution its name is not in the evidence: 西嶺 in 西嶺大學."""
    if any(word.is_fragment and word.text[-1] in _BODIES and held.covers(word) < FOREIGN for word in clause.words[:1]):
        return True
    if any(_is_unknown_compound(clause.words, at, held) for at in range(1, len(clause.words) - 1)):
        return True
    return any(
        other.start == word.end and other.text in _BODIES and _is_unknown(word, other.text, held)
        for word, other in itertools.pairwise(clause.words)
        if not _is_done(clause, word, held)
    )


def _has_unheard_of(clause: Clause, claim: Statement, held: Held) -> bool:
    """Tells whether a clause opens with, or a particle introduces, characters that make no word and are not held."""
    for at, word in enumerate(clause.words):
        if not word.is_fragment or word.is_function or _unheard(word, claim, held) < 2:
            continue
        if _IS_DEED.match(claim.text, word.end):
            continue
        following = clause.words[at + 1 : at + 2]
        is_described = bool(following) and not following[0].is_function and following[0].start == word.end
        opens = at == 0 and word.text[0] not in _NEW_OR_OLD
        if opens or _unheard(word, claim, held) >= UNHEARD_MIN or (clause.words[at - 1].is_function and is_described):
            return True
    return False


def _unheard(word: Word, claim: Statement, held: Held) -> int:
    """Counts the characters of a fragment that are not held.

    None count where another one is held that is no part of a word around it, unless most are not.
    """
    count, is_mixed = 0, False
    for at in range(word.start, word.end):
        pairs = (claim.text[max(0, at - 1) : at + 1], claim.text[at : at + 2])
        if claim.text[at] not in held.characters:
            count += 1
        elif not any(pair in held.bigrams for pair in pairs):
            is_mixed = True
    return 0 if is_mixed and count < UNHEARD_MIN else count


def _has_strange_agent(clause: Clause, held: Held) -> bool:
    """Tells whether 由 or 被 introduces what the evidence does not know."""
    lexicon = held.meaning.lexicon
    for at, word in enumerate(clause.words):
        if word.text not in _AGENT_MARKS:
            continue
        rest = clause.words[at + 1 :]
        agent = list(itertools.takewhile(lambda one: not one.is_function and not lexicon.is_verb(one.text), rest))
        is_deed = word.text == "被" and not any(lexicon.is_verb(one.text) for one in rest[len(agent) :])
        if agent and not is_deed and _is_foreign(agent[-1], held) and (len(agent) < 2 or _is_foreign(agent[-2], held)):
            return True
    return False


def _is_done(clause: Clause, word: Word, held: Held) -> bool:
    """Tells whether a word is a verb behind an adverb: 看重 in 太看重科技."""
    at = clause.words.index(word)
    return at > 0 and clause.words[at - 1].text in _ADVERBS and held.meaning.lexicon.is_verb(word.text)


def _is_unknown_compound(words: Sequence[Word], at: int, held: Held) -> bool:
    """Tells whether two words that run on to one of a body are unknown together: 市 婦幼 in 市婦幼保健院."""
    one, other, last = words[at - 1 : at + 2]
    if not (one.end == other.start and other.end == last.start and last.text in _BODIES):
        return False
    is_plain = one.is_function or one.is_fragment or not one.is_han or held.meaning.lexicon.is_verb(one.text)
    return not is_plain and len(one.text) > 1 and held.covers(one) < FOREIGN and held.covers(other) < FOREIGN


def _is_unknown(word: Word, body: str, held: Held) -> bool:
    lexicon = held.meaning.lexicon
    if word.is_fragment and all(lexicon.is_verb(one) for one in word.text):
        return False  # 送往醫院
    is_plain = (
        word.is_function
        or word.text[0] in "不没无"
        or not word.is_han
        or len(word.text) == 1
        or word.text in _KINDS_OF_BODIES
    )
    may_be_verb = body not in _COMPANIES and lexicon.is_verb(word.text)
    return not is_plain and held.covers(word) < FOREIGN and not may_be_verb


def _is_foreign(word: Word, held: Held) -> bool:
    if word.is_function or not word.is_han or held.covers(word) >= FOREIGN:
        return False
    lexicon = held.meaning.lexicon
    return word.is_fragment or not (lexicon.is_verb(word.text) or lexicon.is_manner(word.text))


def _han_names(claim: Statement) -> Iterator[str]:
    """Yields what stands where the name of a person does: after a title, or before a word of saying."""
    for pattern in (_TITLED_NAME, _SPEAKING_NAME):
        for match in pattern.finditer(claim.text):
            if match[1][0] in _SURNAMES:
                yield match[1]


def _is_missing(name: str, held: Held) -> bool:
    """Tells whether the evidence lacks a name; its last character may be another word's."""
    lexicon = held.meaning.lexicon
    if name[:2] in held.bigrams or (name[:2] in lexicon and not lexicon.is_name(name[:2])):
        return False
    if name[:3] in lexicon and not lexicon.is_name(name[:3]):
        return False
    return not (held.latin_words and any(held.meaning.across(latin, name) for latin in held.latin_words))


def _is_unquoted(mark: str, quoted: str, held: Held) -> bool:
    """Tells whether words within quotation marks are not the evidence's, in the same script."""
    if not _HAN.search(quoted):
        return False
    if not held.is_han:
        return False
    pairs = [
        quoted[at : at + 2] for at in range(len(quoted) - 1) if _HAN.match(quoted[at]) and _HAN.match(quoted[at + 1])
    ]
    missing = sum(pair not in held.bigrams for pair in pairs)
    return missing > (0 if mark in "《〈" else len(pairs) / 4)
