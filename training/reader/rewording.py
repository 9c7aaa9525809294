"""Chinese questions -> the same questions in other words, as readers put them: synonyms, everyday words, Cantonese.

Those who wrote the data had the passage before them and took its words; readers have not. Two words count as synonyms
when the dictionary explains them by two of the same glosses, or first by the same one.
"""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from qa.text.folding import to_simplified, to_traditional
from training.reader.glossing import FUNCTION, glosses, words_of

if TYPE_CHECKING:
    import random

__all__ = ["reword", "synonyms"]

SYNONYMS = (0.2, 0.9)  # share of the words that have one, drawn for each question from this range
CANTONESE = 0.35  # share of the questions
EVERYDAY_WORDS = 0.6  # share of a question's words, where it is not put into Cantonese
SYNONYM_CHARS = (2, 4)
LOOKED_AT = 3  # glosses of a word; the first are the most usual
ALIKE = 2  # common glosses, one more where both words have it first
EVERYDAY = {
    "什麼": ("啥", "甚麼", "什麼樣"), "何": ("什麼", "哪"), "誰": ("哪位", "什麼人"), "何人": ("誰", "哪個人"),
    "哪裡": ("哪兒", "什麼地方"), "何處": ("哪裡", "什麼地方"), "何地": ("哪裡", "什麼地方"),
    "何時": ("什麼時候", "哪個時候", "幾時"), "多少": ("幾多", "多大"), "為何": ("為什麼", "怎麼會", "憑什麼"),
    "為什麼": ("怎麼會", "何以", "憑什麼"), "如何": ("怎麼", "怎樣"), "怎麼": ("怎樣", "如何"), "位於": ("在",),
    "哪些": ("什麼", "哪幾個"), "哪個": ("哪一個", "什麼"), "是": ("算是", "就是"), "曾": ("以前", "有沒有"),
    "稱為": ("叫", "叫做"), "名為": ("叫", "叫做"), "因": ("因為", "由於"), "與": ("跟", "和"), "於": ("在",),
    "認為": ("覺得", "說"), "擔任": ("當", "做"), "獲得": ("拿到", "得到"), "開始": ("從什麼時候起", "起"),
}  # fmt: skip
IN_CANTONESE = {
    "什麼": ("咩", "乜嘢", "乜"), "何": ("乜嘢", "邊"), "誰": ("邊個", "邊位"), "何人": ("邊個",), "哪裡": ("邊度",),
    "何處": ("邊度",), "何地": ("邊度",), "何時": ("幾時",), "多少": ("幾多",), "為何": ("點解",), "為什麼": ("點解",),
    "如何": ("點樣",), "怎麼": ("點",), "哪些": ("邊啲",), "哪個": ("邊個",), "哪": ("邊",), "是": ("係",),
    "的": ("嘅",), "之": ("嘅",), "在": ("喺",), "於": ("喺",), "位於": ("喺",), "了": ("咗",), "他": ("佢",),
    "她": ("佢",), "它": ("佢",), "他們": ("佢哋",), "這": ("呢",), "那": ("嗰",), "和": ("同",), "與": ("同",),
    "沒有": ("冇",), "不": ("唔",), "給": ("畀",), "被": ("畀",), "說": ("話",), "現在": ("而家",), "也": ("都",),
    "稱為": ("叫做",), "認為": ("覺得", "話"), "一些": ("啲",), "去年": ("舊年",), "因": ("因為",),
}  # fmt: skip
PARTICLES = ("呀", "㗎", "呢", "")


def reword(question: str, draw: random.Random) -> str:
    """Puts a Chinese question into other words, in the script that it came in."""
    traditional = to_traditional(question)
    share = draw.uniform(*SYNONYMS)
    cantonese = draw.random() < CANTONESE
    common, common_share = (IN_CANTONESE, 1.0) if cantonese else (EVERYDAY, EVERYDAY_WORDS)
    said: list[str] = []
    name = False  # 俊傑 after 閆 is no word of its own
    for word in words_of(traditional):
        others, often = (common[word], common_share) if word in common else (synonyms(word), share)
        said.append(draw.choice(others) if others and not name and draw.random() < often else word)
        name = len(word) == 1 and word not in FUNCTION
    text = _joined(said) + (draw.choice(PARTICLES) if cantonese else "") + "？"
    return to_simplified(text) if to_simplified(question) == question != traditional else text


@functools.lru_cache(maxsize=65536)
def synonyms(word: str) -> tuple[str, ...]:
    """Returns the words that the dictionary explains as it does this one; none for one of a single character."""
    if len(word) < SYNONYM_CHARS[0]:
        return ()
    common: Counter[str] = Counter()
    for at, gloss in enumerate(glosses().get(word, [])[:LOOKED_AT]):
        for other in _explained_by()[gloss]:
            common[other] += 1 + (at == 0 and glosses()[other][0] == gloss)
    return tuple(sorted(other for other, count in common.items() if count >= ALIKE and other != word))


@functools.cache
def _explained_by() -> defaultdict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for word, texts in glosses().items():
        if SYNONYM_CHARS[0] <= len(word) <= SYNONYM_CHARS[1]:
            for text in dict.fromkeys(texts[:LOOKED_AT]):
                found[text].append(word)
    return found


def _joined(words: list[str]) -> str:
    """Joins words, with a space between two in Latin letters."""
    text = ""
    for word in words:
        gap = text[-1:].isascii() and word[:1].isascii() and text[-1:].isalnum() and word[:1].isalnum()
        text += f" {word}" if gap else word
    return text
