"""The words that stand for what was named before: 它, 其, it; told from the words that only contain them."""

from __future__ import annotations

import re

__all__ = ["POSSESSIVE", "PRONOUN"]

# Not in 其它, 其他, 吉他, 維他奶, 排他, 他人; nor in 尤其, 極其, 土耳其, 其次, 其後 and 與其……不如.
_IT = "(?<!其)它|牠"
_HE = "(?<![其吉維维馬马排利])他(?![人國国方鄉乡])"
_ITS = "(?<![尤極极耳])(?<![與与](?=其.*不如))其(?![中他它實实餘余次後后間间妙])"
_COMPANY = "這家公司|这家公司|該公司|该公司|這間公司|呢間公司"
# Not IT, the trade, nor the names He Xiaopeng and She Ji.
_ENGLISH = r"\b(?-i:(?!IT\b|(?:He|She) [A-Z]))(?:it|its|they|their|them|he|his|him|she|her|the company)\b"
PRONOUN = re.compile(
    rf"(?:(?:{_IT}|{_HE}|她)[們们]|佢哋|{_IT}|{_HE}|她|佢|{_COMPANY}|{_ITS})|{_ENGLISH}", re.IGNORECASE
)
# What opens with one is of the subject before: its exports, 佢嘅出口, 其出口.
POSSESSIVE = re.compile(
    rf"^(?:(?:(?:{_IT}|{_HE}|她)[們们]?|佢(?:哋)?|{_COMPANY})[的嘅]|{_ITS}|(?:its|their|his|her)\s+)(?=.)",
    re.IGNORECASE,
)
