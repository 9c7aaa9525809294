"""A follow-up without what is said before it: thanks, and "No, I meant"."""

from __future__ import annotations

import re

from qa.smalltalk import without_greeting
from qa.text.folding import has_han

__all__ = ["ASKS_SOMETHING", "without_talk"]

ASKS_SOMETHING = re.compile(
    "誰|谁|什麼|什么|甚麼|多少|幾|几|哪|嗎|吗|怎|如何|何|點|点|邊|边|咩|乜|呢|有|是|係|了|的"
    r"|\b(?:what|who|when|where|why|how|which|is|are|was|were|did|does|do|yes|no|ok|really)\b",
    re.IGNORECASE,
)
_NO = re.compile(
    "^(?:不(?:是|對|对)?|唔(?:係|系|啱)|(?:你)?(?:搞|弄)?[錯错]了?|no|nope|sorry)\\s*[,，!！。;；]\\s*(?=.)",
    re.IGNORECASE,
)
_I_MEANT = re.compile(
    "^(?:我(?:的意思)?[是係系]?想?(?:說|说|指|講|讲|話|话|問|问)(?![了過过])的?[是係系]?"
    r"|i(?:'m| am| was)? ?(?:meant|mean|asking about|asked about|talking about)\b)[:：,，]?\s*(?=[「『《“]?\w)",
    re.IGNORECASE,
)


def without_talk(question: str) -> str:
    """Takes thanks and 不，我是說 from before a follow-up; what is meant instead is asked about like anything else."""
    said = _NO.sub("", without_greeting(question))
    meant = _I_MEANT.sub("", said)
    if meant == said or meant[-1] in "?？" or ASKS_SOMETHING.search(meant):
        return meant
    meant = meant.rstrip(" .。!！")
    return f"{meant}呢？" if has_han(meant) else f"What about {meant}?"
