"""What a question asks of somebody (百川智能的創始人), and whether a sentence tells that of somebody else."""

from __future__ import annotations

import re

from qa.lexicon import names_in
from qa.text.folding import fold, to_simplified

__all__ = ["tells_of_another"]

MIN_CHARS = 2
_BACK = re.compile("[其他她它该这那此本各两]|公司|自己")  # whoever it is, it was named before
_OWNER_BEFORE = re.compile(r"(?:^|[，,；;。：:、！!？?])(?P<owner>[^，,；;。：:、！!？?]{2,12}?)(?P<of>的?)$")


def tells_of_another(question: str, sentence: str, before: str) -> bool:
    """Tells whether a sentence ascribes to another what the question asks of one whom neither it nor `before` names.

    MiniMax創始人閆俊傑 says nothing of 百川智能的創始人, 智譜的估值 nothing of 月之暗面目前的估值.
    """
    asked, _, attribute = to_simplified(question).partition("的")
    said_here = to_simplified(sentence)
    if len(asked) < MIN_CHARS or _shares_pair(fold(asked), fold(f"{before}\n{sentence}")):
        return False
    said = _longest_common(attribute, said_here)
    places = [match.start() for match in re.finditer(re.escape(said), said_here)] if said else []
    return any(_has_owner(said_here[:place]) for place in places)


def _has_owner(text: str) -> bool:
    """Tells whether a text ends with somebody's name, or with somebody and 的."""
    match = _OWNER_BEFORE.search(text)
    if match is None or _BACK.search(match["owner"]):
        return False
    owner = match["owner"]
    return bool(match["of"]) or any(owner.lower().endswith(name) for name in names_in(owner))


def _shares_pair(asked: str, text: str) -> bool:
    return any(asked[at : at + 2] in text for at in range(len(asked) - 1))


def _longest_common(attribute: str, text: str) -> str:
    """Returns the longest part of the attribute that a text has, from its first character on."""
    for end in range(len(attribute), MIN_CHARS - 1, -1):
        if attribute[:end] in text:
            return attribute[:end]
    return ""
