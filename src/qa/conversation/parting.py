"""Several questions in one turn, taken apart: 估值多少？是誰創立的？"""

from __future__ import annotations

import re

from qa.smalltalk import is_small_talk
from qa.text.folding import has_han

__all__ = ["clauses_in", "questions_in"]

MOST_PARTS = 3
LEAST_CHARS = 4  # of a part, and 3 in Chinese: 為什麼
_ENDS = re.compile(r"(?<=[?？])\s*(?=[^\s?？])")
_ASKS = (
    "[誰谁哪怎邊边乜咩幾几]|[什甚][麼么]|多[少久長长遠远大高]|如何|[為为]何|[何點点](?:時|时|地|處|处|解|樣|样)"
    r"|\b(?:who|whom|whose|what|when|where|why|how|which)\b"
)
_ASKS_WHICH = re.compile(_ASKS, re.IGNORECASE)
_ASKS_AT_ALL = re.compile(
    rf"{_ASKS}|[嗎吗呢]|未[?？]|[有是能會会係系]([沒没不唔冇])|[有是能會会]否"
    r"|^\W*(?:and |but |so )?(?:is|are|was|were|did|does|do|has|have|had|can|could|will|what about|how about)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"[,，;；。]\s*(?:而且|並且|并且|以及|同埋|還有|还有|and\s+|then\s+)?|\s+and\s+(?=(?:(?:in|at|for|by|to) )?(?:who|what|when|where|why|how|which)\b)",
    re.IGNORECASE,
)
_AND = "(?:和|與|与|及|以及|同|跟|、)"
_EACH = "(?:分別|分别|各自|各)"
_SHORT, _IS = "[^,，。?？的和與与及、]{1,16}", "(?:是|為|为|有)?"
# 甲和乙的創始人分別是誰 and 甲的銷量和市值是多少.
_OF_EACH = re.compile(
    rf"^(?P<one>{_SHORT}?){_AND}(?P<other>{_SHORT}?)的(?P<rest>[^,，]{{1,30}}?){_EACH}(?P<asked>{_IS}.+)$"
)
_EACH_OF = re.compile(
    rf"^(?P<of>[^,，。?？]{{1,20}}?的)(?P<one>{_SHORT}?){_AND}(?P<other>{_SHORT}?){_EACH}?(?P<asked>(?:是|為|为|有)?(?:{_ASKS})[^,，]*)$"
)


def questions_in(text: str) -> tuple[str, ...]:
    """Parts a turn after its question marks; one that does not ask something each time stays whole.

    Small talk between the questions is left out.
    """
    parts = tuple(part.strip() for part in _ENDS.split(text) if part.strip() and not is_small_talk(part))
    return parts if _are_questions(parts, _ASKS_AT_ALL) else (text,)


def clauses_in(text: str) -> tuple[str, ...]:
    """Parts one sentence that asks two or three things; a turn that asks one stays whole.

    誰創立了甲，什麼時候創立的; 甲和乙的創始人分別是誰; `Who founded it and when?`
    """
    if match := _OF_EACH.match(text):
        return tuple(f"{match[side]}的{match['rest']}{match['asked']}" for side in ("one", "other"))
    if match := _EACH_OF.match(text):
        return tuple(f"{match['of']}{match[thing]}{match['asked']}" for thing in ("one", "other"))
    parts = _clauses(text)
    return parts if _are_questions(parts, _ASKS_WHICH) else (text,)


def _clauses(text: str) -> tuple[str, ...]:
    """Cuts after each clause that asks; what comes before one, or after the last, goes with it."""
    parts: list[str] = []
    start = 0
    for between in _BETWEEN.finditer(text):
        if _ASKS_WHICH.search(text, start, between.start()) and _ASKS_WHICH.search(text, between.end()):
            parts.append(text[start : between.start()].strip())
            start = between.end()
    return (*parts, text[start:].strip())


def _are_questions(parts: tuple[str, ...], asks: re.Pattern[str]) -> bool:
    long_enough = all(len(part.strip(" ?？")) >= LEAST_CHARS - has_han(part) for part in parts)
    return 1 < len(parts) <= MOST_PARTS and long_enough and all(asks.search(part) for part in parts)
