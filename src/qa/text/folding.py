"""Text -> the form in which it is compared: one width, one case, one script. Never shown to a reader."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Any

__all__ = [
    "HAN",
    "fold",
    "has_han",
    "has_wrong_script",
    "in_script",
    "is_simplified",
    "plain",
    "to_simplified",
    "to_traditional",
]

HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_CHARACTER = re.compile(f"[{HAN}]")
# Zero-width and bidirectional controls; they carry no meaning in a question or for matching.
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
# Simplified forms that Traditional text uses too, for another word (皇后, 公里, 台北).
_BOTH_SCRIPTS = frozenset(
    "台里后干面了才只系于云余志表丑斗谷划回几借克困卜升咸姜征愿扎挂曲板采松术朱杯杰极梁沈注涂淀游症皂秋种筑累胡致"
    "范蒙虫辟郁鉴准凶群峰床线着说为众污熏灶秘绣糕羡腌麻吃喂嘆岩裡啟户温没强污凉別呆毀峯"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@functools.lru_cache(maxsize=4)
def _converter(config: str) -> Any:
    import opencc

    return opencc.OpenCC(config)


def to_simplified(text: str) -> str:
    """Converts Traditional characters to Simplified ones."""
    return str(_converter("t2s").convert(text))


def to_traditional(text: str) -> str:
    """Converts Simplified characters to Traditional ones."""
    return str(_converter("s2hk").convert(text))


@functools.lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """Folds width, case and script, so that 臺灣２０２５, 台湾2025 and 台灣2025 compare equal."""
    return to_simplified(unicodedata.normalize("NFKC", plain(text)).lower())


def plain(text: str) -> str:
    """Takes out what cannot be read: controls, lone surrogates, zero-width and bidirectional marks."""
    return _INVISIBLE.sub("", _CONTROLS.sub(" ", text))


def has_han(text: str) -> bool:
    """Tells whether any Chinese character stands in the text."""
    return _HAN_CHARACTER.search(text) is not None


def is_simplified(text: str) -> bool:
    """Tells whether the text holds more Simplified-only characters than Traditional-only ones."""
    traditional = sum(a != b for a, b in zip(text, to_simplified(text), strict=False))
    certain = "".join(character for character in text if character not in _BOTH_SCRIPTS)
    simplified = sum(to_traditional(character) != character for character in certain)
    return simplified > traditional


def has_wrong_script(text: str, language: str) -> bool:
    """Tells whether a text meant to be Traditional holds Simplified-only characters, or the reverse.

    A character counts when the other script writes it otherwise and the standard set of the script does not have it:
    里 and 台 are at home in both.
    """
    if language == "zh-Hant":
        return any(to_traditional(c) != c and not _is_in(c, "big5") for c in text)
    if language == "zh-Hans":
        return any(to_simplified(c) != c and not _is_in(c, "gb2312") for c in text)
    return False


def in_script(text: str, language: str) -> str:
    """Converts a text to the script of a language where it holds characters of the other one."""
    if not has_wrong_script(text, language):
        return text
    return to_traditional(text) if language == "zh-Hant" else to_simplified(text)


def _is_in(character: str, charset: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
