"""The language that a follow-up is typed in, as far as it tells; a year or a name alone tells nothing."""

from __future__ import annotations

import re
from typing import Literal

from qa.text.folding import has_han, is_simplified, to_simplified

__all__ = ["typed_language"]

_Language = Literal["zh-Hant", "zh-Hans", "en"]

# Words that no name is made of alone; not IT, the trade.
_ENGLISH = re.compile(
    r"\b(?!IT\b)(?:and|or|but|so|what|who|whom|whose|when|where|why|how|which|is|are|was|were|did|does|do|has|have|had|can"
    r"|will|would|should|the|of|in|for|from|with|about|than|then|it|its|he|she|they|his|her|their|this|that|these|those"
    r"|not|no|yes|please|thanks|thank|hi|hello|ok|okay|last|next|other|another|more|really|i|you|me)\b",
    re.IGNORECASE,
)


def typed_language(typed: str, completed: _Language) -> _Language:
    """Returns the language of what was typed, or that of the completed question where it does not tell."""
    if not has_han(typed):
        return "en" if _ENGLISH.search(typed) else completed
    if is_simplified(typed):
        return "zh-Hans"
    # 2023年呢 is written alike in both scripts.
    return completed if to_simplified(typed) == typed and completed != "en" else "zh-Hant"
