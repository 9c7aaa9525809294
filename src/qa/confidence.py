"""Evidence -> the probability that it answers the question."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from qa.terms import Term
from qa.text.dates import years

if TYPE_CHECKING:
    from collections.abc import Sequence, Set

    from qa.retrieve import EvidenceSentence, Query, RankedPassage

__all__ = ["confidence", "features"]

BIAS = -1.0
WEIGHTS: dict[str, float] = {}


def confidence(query: Query, passages: Sequence[RankedPassage], sentences: Sequence[EvidenceSentence]) -> float:
    """Returns the probability, 0 to 1, that the best evidence answers the question."""
    if not passages or not sentences:
        return 0.0
    values = features(query, passages, sentences)
    return 1 / (1 + math.exp(-BIAS - sum(WEIGHTS[name] * value for name, value in values.items())))


def features(
    query: Query, passages: Sequence[RankedPassage], sentences: Sequence[EvidenceSentence]
) -> dict[str, float]:
    """Measures what speaks for and against the evidence; all but the dense scores lie between 0 and 1."""
    return {}
