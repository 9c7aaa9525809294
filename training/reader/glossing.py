"""Chinese questions -> the same questions put word by word into English, for a reader that meets few English ones.

Code switching by dictionary (Qin et al. 2020, arXiv 2006.06402): a share of the words is replaced by a translation,
names that no dictionary has by their sound (智譜 by Zhipu), and the word that asks comes first, as in English.
"""

from __future__ import annotations

import functools
import gzip
import itertools
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from qa.dictionary import HEADWORD_MAX_CHARS, data_file
from qa.text.folding import HAN, to_traditional

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

__all__ = ["gloss", "glosses", "is_proper_noun", "words_of"]

SHARE = (0.4, 1.0)  # of the words, drawn for each question from this range
GLOSSES = 3  # the first are the most usual
GLOSS_MAX_WORDS = 3
ASKING = {
    "什麼": "what", "誰": "who", "何人": "who", "何": "what", "哪": "which", "哪裡": "where", "哪個": "which",
    "哪些": "which", "多少": "how many", "幾": "how many", "何時": "when", "何地": "where", "為何": "why",
    "為什麼": "why", "如何": "how", "怎麼": "how",
}  # fmt: skip
# What the dictionary renders badly because it has so many uses.
FUNCTION = {
    "的": "of", "之": "of", "是": "is", "在": "in", "於": "in", "中": "in", "被": "by", "由": "by",
    "和": "and", "與": "and", "及": "and", "有": "has", "為": "as", "了": "", "個": "", "位": "",
    "年": "year", "月": "month", "人": "person", "前": "before", "後": "after", "上": "on", "下": "under", "對": "to",
    "從": "from", "向": "to", "將": "will", "會": "will", "其": "its", "該": "the", "此": "this", "時": "when",
    "第": "number", "最": "most", "共": "in all", "因": "because of",
}  # fmt: skip

_LINE = re.compile(r"(?P<headword>\S+) \S+ \[(?P<pinyin>[^\]]*)\] /(?P<glosses>.*)/\s*$")
_PARENTHESES = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_NOT_A_TRANSLATION = re.compile(r"^(?:CL:|variant of|old variant|see |abbr\.|used in|surname |also |erhua|classifier)")
_LEAD = re.compile(r"^(?:to |a |an |the )")
_RUNS = re.compile(f"[{HAN}]+|[^{HAN}]+")
_HAN = re.compile(f"[{HAN}]")
_MARK = re.compile(r"[?？。，、《》「」『』]")


def gloss(question: str, draw: random.Random, share_of_words: tuple[float, float] = SHARE) -> str:
    """Puts some or all of a question's Chinese words into English; their share is drawn from a range."""
    share = draw.uniform(*share_of_words)
    said = [_say(word, draw) if draw.random() < share else (word, False) for word in words_of(to_traditional(question))]
    asking = [text for text, asks in said if asks]
    rest = [text for text, asks in said if not asks]
    return " ".join(filter(None, asking + rest)).strip() + "?"


def words_of(question: str) -> Iterator[str]:
    """Cuts into the dictionary's longest words; characters in a row that are none are kept together as a name."""
    for run in _RUNS.findall(_MARK.sub(" ", question)):
        if not _HAN.match(run):
            yield run.strip()
            continue
        for alone, words in itertools.groupby(_longest(run), key=_stands_alone):
            found = list(words)
            yield from ["".join(found)] if alone else found


def _stands_alone(word: str) -> bool:
    return len(word) == 1 and word not in ASKING | FUNCTION


def _longest(run: str) -> Iterator[str]:
    at = 0
    while at < len(run):
        sizes = range(min(HEADWORD_MAX_CHARS, len(run) - at), 1, -1)
        size = next((size for size in sizes if run[at : at + size] in glosses()), 1)
        yield run[at : at + size]
        at += size


def _say(word: str, draw: random.Random) -> tuple[str, bool]:
    if word in ASKING:
        return ASKING[word], True
    if word in FUNCTION or not _HAN.match(word):
        return FUNCTION.get(word, word), False
    found = glosses().get(word)
    if found:
        return draw.choice(found[:GLOSSES]), False
    return "".join(_pinyin().get(character, character) for character in word).capitalize(), False


@functools.cache
def glosses() -> dict[str, list[str]]:
    """Returns the short translations of every word in the dictionary, the most usual first."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for headword, _, glosses in _entries():
        for text in re.split("[/;]", glosses):
            if not _NOT_A_TRANSLATION.match(text):
                short = _LEAD.sub("", _PARENTHESES.sub(" ", text).strip()).split(",")[0].strip(" ?!")
                if 0 < len(short.split()) <= GLOSS_MAX_WORDS:
                    found[headword].append(short)
    return dict(found)


def is_proper_noun(word: str) -> bool:
    """Tells whether the dictionary writes the sound of a Traditional word with a capital letter."""
    return word in _proper_nouns()


@functools.cache
def _proper_nouns() -> frozenset[str]:
    return frozenset(headword for headword, pinyin, _ in _entries() if pinyin[:1].isupper())


@functools.cache
def _pinyin() -> dict[str, str]:
    sounds: dict[str, str] = {}
    for headword, pinyin, _ in _entries():
        if len(headword) == 1:
            sounds.setdefault(headword, pinyin.lower().rstrip("12345").replace("u:", "u"))
    return sounds


@functools.cache
def _entries() -> list[tuple[str, str, str]]:
    lines = gzip.decompress(data_file().read_bytes()).decode("utf-8").splitlines()
    matches = filter(None, map(_LINE.match, lines))
    return [(match["headword"], match["pinyin"], match["glosses"]) for match in matches]
