"""A model's sentence -> the text that may be shown and the numbers of the evidence that it points at."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING

from qa.quoting import shown
from qa.text.folding import HAN, in_script, plain

if TYPE_CHECKING:
    from collections.abc import Container

__all__ = ["clean"]

ROUNDS = 4  # tags within tags and entities of entities; whatever is left after these is taken out whole
MOST_IN_RANGE = 20  # [1-3] is three marks, [1-2024] is none

_HIDDEN_BLOCKS = re.compile(
    r"<(script|style|iframe|svg|template|object)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|</?[a-z!?][^<>]*(?:>|\Z)", re.IGNORECASE | re.DOTALL)
_SUPERSCRIPT_TAG = re.compile(r"<sup>\s*\[?(\d{1,3})\]?\s*</sup>", re.IGNORECASE)
_SCHEME = r"(?:[a-z][a-z0-9+.-]{1,30}://|(?:javascript|vbscript|data|mailto|tel|file|blob|about)\s*:(?=\S)|www\.|//(?=[\w-]+\.))"
_URL_CHARACTERS = rf"[^\s<>\"'「」『』（）()，。；、！？\[\]【】{HAN}]"
_URL = re.compile(rf"(?<![a-z0-9]){_SCHEME}(?:{_URL_CHARACTERS}|\([^\s()]*\))*", re.IGNORECASE)
_AUTOLINK = re.compile(rf"<\s*(?:{_SCHEME}[^<>]*|[^\s<>@]+@[^\s<>@]+)>", re.IGNORECASE)
_DOMAIN_PATH = re.compile(r"(?<![\w@.-])(?:[\w-]+\.)+[a-z]{2,12}/[!-~]*", re.IGNORECASE | re.ASCII)
_ADDRESS = re.compile(r"(?<![\w.])[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_DEFINITION = re.compile(r"(?m)^[ \t]{0,3}\[[^\]\n]{1,99}\]:[ \t]*\S.*$")
_IMAGE = re.compile(r"!\[[^\]]*\](?:\([^)]*\)?|\[[^\]]*\])?")
_LINK = re.compile(r"\[([^\[\]]*)\]\((?:[^()]|\([^()]*\))*\)?")
_REFERENCE = re.compile(r"\[([^\[\]]*[^\[\]\d\s][^\[\]]*)\]\s?\[([^\[\]]*)\]")

_HAN_DIGITS = {character: number for number, character in enumerate("一二三四五六七八九", start=1)}
_SUPERSCRIPTS = {character: number for number, character in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
_LABEL = (
    r"(?:編號|编号|編号|來源|来源|證據|证据|資料|资料|引用|引文|出處|出处|註|注|句|文獻|文献|參考|参考|第"
    r"|citations?|sources?|evidence|refs?\.?|references?|nos?\.?|note|item|quote|id|cite|#|\^|†)"
)
_ONE = rf"(?:{_LABEL}[\s:：#._-]*)*(?:\d{{1,4}}|[一二三四五六七八九])(?:\^|號|号|條|条|句|†[^\[\]【】]*)?"
_BETWEEN = r"\s*(?:[,，、;；&/|至到~～–—-]|and|和|及|與|与|to)?\s*"
_NUMBERS = rf"\s*{_ONE}(?:{_BETWEEN}{_ONE})*\s*"
_MARK = re.compile(
    rf"\[+{_NUMBERS}\]+|【+{_NUMBERS}】+|〔{_NUMBERS}〕|［{_NUMBERS}］|\{{+{_NUMBERS}\}}+", re.IGNORECASE
)
_LABELLED = re.compile(
    rf"[(（]\s*(?:(?:見|见|根據|根据|據|据|see|from)\s*)?{_LABEL}[\s:：#._-]*{_NUMBERS}[)）]", re.IGNORECASE
)
_ROUND = re.compile(r"[(（]\s*(\d{1,2}(?:\s*[,，、]\s*\d{1,2})*)\s*[)）]")
_PART = re.compile(r"(\d{1,4}|[一二三四五六七八九])(?:\D{0,12}?[至到~～–—-]\s*\D{0,12}?(\d{1,4}))?")
_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_OPEN_MARK = re.compile(rf"(?:\[|【|［)\s*(?:{_LABEL}[\s:：]*)?\d*\s*\Z", re.IGNORECASE)
_EMPTY = re.compile(r"\[\s*[,，、;]?\s*\]|【\s*】|［\s*］|\(\s*\)|（\s*）|「\s*」|<\s*>")
_LIST_MARK = re.compile(r"^\s*(?:#{1,6}\s+|[-*+•·>]\s+|\d{1,2}[.)、]\s*(?=\D))+")
_SPACE_BEFORE = re.compile(rf"(?:(?<=[{HAN}])\s+(?=[，。；：、！？])|\s+(?=[,.;:!?]))(?![.]\d)")
_DOUBLED = re.compile(r"([，、；：,;])[，、；：,;]+|(?<=[。！？])[。，]+")
_LOOSE_START = re.compile(r"^[\s，。、；：,.;:!?！？)）\]】]+")


def clean(sentence: str, known: Container[int], language: str) -> tuple[str, tuple[int, ...]]:
    """Takes links, images, tags, hidden characters and citation marks out of a sentence.

    Returns the text in the asker's script, and the numbers of `known` evidence in the order in which it is cited.
    """
    text, numbers = _take_marks(_without_markup(sentence), known)
    text = _EMPTY.sub("", shown(_LIST_MARK.sub("", text)))
    text = _DOUBLED.sub(lambda match: match[1] or "", _SPACE_BEFORE.sub("", text))
    return in_script(_LOOSE_START.sub("", text).strip(), language), numbers


def _without_markup(sentence: str) -> str:
    text = sentence
    for _ in range(ROUNDS):
        before = text
        text = _SUPERSCRIPT_TAG.sub(r"[\1]", _visible(html.unescape(text)))
        text = _TAG.sub("", _AUTOLINK.sub("", _HIDDEN_BLOCKS.sub("", text)))
        text = _REFERENCE.sub(_referred, _LINK.sub(_linked, _IMAGE.sub("", _DEFINITION.sub("", text))))
        text = _ADDRESS.sub("", _DOMAIN_PATH.sub("", _URL.sub("", text)))
        if text == before:
            return text
    return _TAG.sub("", _visible(text)).replace("<", "")


def _visible(text: str) -> str:
    """Takes out every character that has no glyph: a reader could not see what it does."""
    return "".join(
        one for one in plain(text) if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )


def _linked(match: re.Match[str]) -> str:
    return f"[{match[1]}]" if _MARK.fullmatch(f"[{match[1]}]") else match[1]


def _referred(match: re.Match[str]) -> str:
    return f"{match[1]}[{match[2]}]" if _MARK.fullmatch(f"[{match[2]}]") else match[1]


def _take_marks(text: str, known: Container[int]) -> tuple[str, tuple[int, ...]]:
    found: list[tuple[int, int]] = []

    def take(match: re.Match[str]) -> str:
        found.extend((match.start(), number) for number in _numbers_of(match[0]))
        return "\0" * len(match[0])  # keeps the places of the others

    def take_round(match: re.Match[str]) -> str:
        numbers = _numbers_of(match[1])
        is_mark = all(number in known for number in numbers) and (found or _stands_as_mark(text, match))
        return take(match) if is_mark else match[0]

    def take_raised(match: re.Match[str]) -> str:
        number = int("".join(str(_SUPERSCRIPTS[one]) for one in match[0]))
        if number not in known:
            return match[0]
        found.append((match.start(), number))
        return "\0" * len(match[0])

    for pattern, taking in ((_LABELLED, take), (_MARK, take), (_ROUND, take_round), (_RAISED, take_raised)):
        text = pattern.sub(taking, text)
    text = _OPEN_MARK.sub("", text.replace("\0", ""))
    return text, tuple(dict.fromkeys(number for _, number in sorted(found) if number in known))


def _stands_as_mark(text: str, match: re.Match[str]) -> bool:
    """Tells whether a number in round brackets closes a clause, or stands before the sentence."""
    after = text[match.end() :].lstrip()
    return not after or after[0] in "，。；、！？,.;!?([（【" or not text[: match.start()].strip()


def _numbers_of(mark: str) -> list[int]:
    numbers: list[int] = []
    for match in _PART.finditer(unicodedata.normalize("NFKC", mark).split("†", 1)[0]):
        first = _HAN_DIGITS.get(match[1]) or int(match[1])
        last = int(match[2]) if match[2] else first
        numbers += range(first, last + 1) if first <= last < first + MOST_IN_RANGE else [first, last]
    return numbers
