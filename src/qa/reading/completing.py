"""Marked words -> words that can stand alone: numbers with their unit and 約 or 逾, names and brackets whole."""

from __future__ import annotations

import re

__all__ = ["complete"]

_CURRENCY = r"(?:人民幣|人民币|US\$|HK\$|NT\$|[$£€￥¥])"
_QUALIFIER = (
    r"(?:(?:大?約|大?约)[為为]?|逾|超過|超过|超逾|近|將近|将近|接近|不足|不到|至少|至多|最多|最少|高達|高达|多達|多达|僅|仅"
    r"|\b(?:about|around|nearly|almost|over|more than|at least|up to|some)\s)"
)
_BEFORE_NUMBER = re.compile(rf"(?:{_QUALIFIER}+\s*{_CURRENCY}?|{_CURRENCY})\s*$", re.IGNORECASE)
BEFORE_MAX_CHARS = 12  # of a qualifier and a currency
_DIGIT = r"[\d０-９〇○零一二三四五六七八九十百千兩两]"
_STARTS_WITH_NUMBER = re.compile(rf"{_DIGIT}|[,，.．]")
_UNITS = (
    "%|％|個百分點|个百分点|(?:美|港|日|歐|欧|人民幣|人民币)?元|輛|辆|人|名|位|家|間|间|個|个|款|座|年|月|日|歲|岁|倍|成|次"
    "|種|种|項|项|噸|吨|公里|公尺|公斤|米|平方公里|平方米|小時|小时|分鐘|分钟|秒|度|級|级|國|国|頁|页|卷|集|層|层|章"
    "|英里|英尺|GWh"
)
_ENGLISH_UNITS = (
    r"(?:(?:hundred|thousand|million|billion|trillion)\b\s*)?"
    r"(?:per ?cent|points?|people|years?|months?|days?|hours|countries|vehicles|units?|dollars|yuan|times|miles)\b"
    r"|(?:hundred|thousand|million|billion|trillion)\b"
)
_REST_OF_NUMBER = re.compile(
    r"(?:[.,．，](?=[\d０-９])|[\d０-９])*\s*[萬万億亿千百多餘余]*\s*"
    rf"(?:{_UNITS}|{_ENGLISH_UNITS})?(?:人民幣|人民币)?(?:以上|以下|以內|以内|左右|上下)?"
)
_ENDS_WITH_NUMBER = re.compile(rf"(?:{_DIGIT}|[萬万億亿])$")
_WORD = re.compile(r"[A-Za-z0-9]")
_PAIRS = {"「": "」", "『": "』", "《": "》", "〈": "〉", "（": "）", "(": ")", "“": "”", "【": "】"}
_EDGES = " \t\n，,。、；;：:！!？?"
BRACKET_MAX_CHARS = 60  # looked for the other bracket


def complete(text: str, start: int, end: int) -> tuple[int, int]:
    """Widens `text[start:end]` to whole words, numbers and bracketed names, and trims punctuation at its edges."""
    while start < end and text[start] in _EDGES:
        start += 1
    while start < end and text[end - 1] in _EDGES:
        end -= 1
    if start == end:
        return start, end
    start, end = _whole_words(text, start, end)
    start, end = _whole_number(text, start, end)
    return _whole_brackets(text, start, end)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and _WORD.match(text[start]) and _WORD.match(text[start - 1]):
        start -= 1
    while end < len(text) and _WORD.match(text[end - 1]) and _WORD.match(text[end]):
        end += 1
    return start, end


def _whole_number(text: str, start: int, end: int) -> tuple[int, int]:
    if _ENDS_WITH_NUMBER.search(text[start:end]):
        rest = _REST_OF_NUMBER.match(text, end)
        end = start + len(text[start : rest.end()].rstrip()) if rest else end
    if _STARTS_WITH_NUMBER.match(text[start:end]):
        start -= _decimals_before(text[:start])
        before = _BEFORE_NUMBER.search(text[max(0, start - BEFORE_MAX_CHARS) : start])
        start -= len(before[0]) if before else 0
    return start, end


def _decimals_before(text: str) -> int:
    cut = re.search(r"[\d０-９][\d０-９.,]*$", text)
    return len(cut[0]) if cut else 0


def _whole_brackets(text: str, start: int, end: int) -> tuple[int, int]:
    """Takes in the bracket that is missing where the other one was marked, or leaves a lone one out."""
    marked = text[start:end]
    for opening, closing in _PAIRS.items():
        if marked.count(opening) > marked.count(closing):
            at = text.find(closing, end, end + BRACKET_MAX_CHARS)
            end = at + 1 if at >= 0 else end
        elif marked.count(closing) > marked.count(opening):
            at = text.rfind(opening, max(0, start - BRACKET_MAX_CHARS), start)
            start = at if at >= 0 else start
    return start, end
