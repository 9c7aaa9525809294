"""The names in a sentence: each must stand in the evidence, or be a known translation of one that does."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qa.checking.statement import Word
from qa.checking.words import word_list
from qa.text.folding import HAN, fold
from qa.text.tokens import ENGLISH_STOP_WORDS, stem

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from qa.checking.held import Held
    from qa.checking.statement import Clause, Statement

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
_CAPITAL = re.compile(r"(?<![\w@])([A-Z][\w’'.&-]*\w|[A-Z])")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+|[\"“‘(\[]\s*)$")
_LOWER_FIRST = re.compile(r"\b[a-z]+[A-Z]\w*")
_AGENT_MARKS = frozenset(("由", "被"))
UNHEARD_MIN = 3  # characters; so many are a name wherever they stand
KNOWN = 0.8  # a name is known by nearly the whole of it
FOREIGN = 0.55  # a word covered less is not the evidence's
_SAYING_WORDS = word_list("saying") | word_list("announcing")
_BODIES = word_list("bodies")
_COMPANIES = word_list("companies")  # 招商集團: what gives these their name may be a verb
_KINDS_OF_BODIES = word_list("kinds_of_bodies")
_HAN = re.compile(f"[{HAN}]")
_COMMON_CAPITALS = word_list("common_capitals")
_LENIENT = word_list("everyday_names")


def name_fault(claim: Statement, written: str, held: Held, translated: Container[str]) -> str | None:
    """Returns `name` where the evidence does not know a name of the sentence.

    `written` is the sentence as it stands, `translated` the stems that the corpus's dictionary finds in the evidence.
    """
    for word in claim.words:
        if word.is_han and not word.is_function and _is_strange(word, held) and not _is_part(word, claim, held):
            return "name"
    if any(_is_missing(name, held) for name in _han_names(claim)):
        return "name"
    tests = (_is_strange_speaker, _is_strange_body, _has_strange_agent)
    if held.is_han and any(
        _has_unheard_of(clause, claim, held) or any(test(clause, held) for test in tests) for clause in claim.clauses
    ):
        return "name"
    if any(_is_unquoted(mark, quoted, held) for mark, quoted in _QUOTED.findall(fold(written))):
        return "name"
    if any(not _NOT_NAMES.match(name) and name not in held.compact.lower() for name in _MIXED.findall(fold(written))):
        return "name"
    return "name" if _has_strange_latin(written, held, translated) else None


def _is_strange(word: Word, held: Held) -> bool:
    lexicon = held.meaning.lexicon
    if not lexicon.is_name(word.text) or len(word.text) == 1 or word.text in _LENIENT or word.text.endswith("的"):
        return False
    if held.covers(word) >= (KNOWN if held.is_han else FOREIGN):
        return False
    return held.is_han or not held.covers(replace(word, text=word.text[-1]))  # 大橋 is a name, and a bridge


def _is_part(word: Word, claim: Statement, held: Held) -> bool:
    """Tells whether a name is part of a longer transliteration: 里根 of 科里根."""
    if held.is_han:
        return False
    around = [claim.text[max(0, word.start - before) : word.end + after] for before in range(3) for after in range(3)]
    return any(held.meaning.across(latin, text) for latin in held.latin_words for text in around)


def _is_strange_speaker(clause: Clause, held: Held) -> bool:
    """Tells whether something that the evidence does not know stands before a word of saying."""
    at = next((at for at, word in enumerate(clause.words) if word.text in _SAYING_WORDS), 0)
    return any(_is_foreign(word, held) for word in clause.words[:at])


def _is_strange_body(clause: Clause, held: Held) -> bool:
    """Tells whether what gives a place or an institution its name is not in the evidence: 西嶺 in 西嶺大學."""
    if any(word.is_fragment and word.text[-1] in _BODIES and held.covers(word) < FOREIGN for word in clause.words[:1]):
        return True
    return any(
        other.start == word.end and other.text in _BODIES and _is_unknown(word, other.text, held)
        for word, other in itertools.pairwise(clause.words)
    )


def _has_unheard_of(clause: Clause, claim: Statement, held: Held) -> bool:
    """Tells whether a clause opens with, or a particle introduces, characters that make no word and are not held."""
    for at, word in enumerate(clause.words):
        if not word.is_fragment or word.is_function or _unheard(word, claim, held) < 2:
            continue
        following = clause.words[at + 1 : at + 2]
        is_described = bool(following) and not following[0].is_function and following[0].start == word.end
        if at == 0 or _unheard(word, claim, held) >= UNHEARD_MIN or (clause.words[at - 1].is_function and is_described):
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
        if agent and not is_deed and all(_is_foreign(one, held) for one in agent):
            return True
    return False


def _is_unknown(word: Word, body: str, held: Held) -> bool:
    lexicon = held.meaning.lexicon
    if word.is_fragment and all(lexicon.is_verb(one) for one in word.text):
        return False  # 送往醫院
    is_plain = word.is_function or not word.is_han or len(word.text) == 1 or word.text in _KINDS_OF_BODIES
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


def _has_strange_latin(written: str, held: Held, translated: Container[str]) -> bool:
    """Tells whether a name in Latin letters is not the evidence's; across languages, a name of several words as a whole."""
    for phrase in _latin_names(written):
        unknown = [name for name in phrase if not _is_known(name, held, translated)]
        if not unknown:
            continue
        ordinary = [held.meaning.lexicon.explains_with(_american(_plain(name.text))) for name in unknown]
        if not held.is_han or len(unknown) == len(phrase) or not all(ordinary):
            opens_only = len(phrase) == 1 and phrase[0].opens and all(ordinary)
            if not opens_only:
                return True
    return False


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


def _american(word: str) -> str:
    """Spells a British word as CC-CEDICT does: programme, labour, centre."""
    return re.sub("re$", "er", re.sub("our(?=s?$)", "or", re.sub("amme", "am", word))) if len(word) > 4 else word


def _is_known(name: _LatinName, held: Held, translated: Container[str]) -> bool:
    plain = _plain(name.text)
    if not plain or plain in _COMMON_CAPITALS or plain in ENGLISH_STOP_WORDS:
        return True
    if plain.replace("-", "").replace(".", "") in held.compact.lower():
        return True
    return all(_part_known(part, held, translated) for part in re.split(r"[-'.&]", plain) if part)


def _part_known(part: str, held: Held, translated: Container[str]) -> bool:
    stemmed = stem(part)
    if len(part) > 1 and (held.spells(part) or held.abbreviates(part) or held.has_relative_of(part)):
        return True
    return stemmed in translated or part in translated or held.covers(Word(0, len(part), stemmed, False)) > 0
