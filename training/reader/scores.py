"""How near a span comes to the accepted answers."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from qa.text.folding import fold
from qa.text.numerals import digits

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["exact_match", "f1"]

_UNREAD = re.compile(r"[\W_]+")


def exact_match(span: str, answers: Iterable[str]) -> bool:
    """Tells whether the span is one of the answers, but for script, width, numerals and punctuation."""
    return any(_comparable(span) == _comparable(answer) for answer in answers)


def f1(span: str, answers: Iterable[str]) -> float:
    """Returns the best harmonic mean of precision and recall over characters (Rajpurkar et al. 2016, by character)."""
    return max(_f1(_comparable(span), _comparable(answer)) for answer in answers)


def _f1(span: str, answer: str) -> float:
    common = sum((Counter(span) & Counter(answer)).values())
    return 2 * common / (len(span) + len(answer)) if common else float(span == answer)


def _comparable(text: str) -> str:
    return _UNREAD.sub("", digits(fold(text)))
