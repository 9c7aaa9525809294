"""What each retrieval leg ranks alone, what rank fusion makes of them, and what is shipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qa.retrieve import rank_passages
from qa.terms import keyword_scores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.index import Generation
    from qa.retrieve import Query

__all__ = ["SHIPPED", "rankings"]

SHIPPED = "fused"
DEPTH = 50  # passages
RANK_CONSTANT = 60  # of reciprocal rank fusion (Cormack et al. 2009)


def rankings(query: Query, generation: Generation, candidates: int) -> dict[str, list[int]]:
    """Returns the numbers of the best passages by the name of the recipe, best first."""
    direct, translated = keyword_scores(query.terms, generation)
    dense = generation.passage_vectors.astype(np.float32) @ query.vector
    ranked = rank_passages(query, generation, candidates)
    return {
        "dense": _best(dense),
        "keyword": _matching(direct),
        "dictionary": _matching(translated),
        "rank fusion": _best(_reciprocal_ranks(len(dense), [_in_order(dense), _matching(direct)])),
        SHIPPED: [passage.number for passage in ranked],
    }


def _best(scores: np.ndarray) -> list[int]:
    return [int(number) for number in _in_order(scores)[:DEPTH]]


def _in_order(scores: np.ndarray) -> np.ndarray:
    return np.argsort(-scores, kind="stable")


def _matching(scores: np.ndarray) -> list[int]:
    """Returns the best of those that match at all: among the others there is no order."""
    return [int(number) for number in _in_order(scores)[:DEPTH] if scores[number] > 0]


def _reciprocal_ranks(count: int, ranked: Sequence[Sequence[int] | np.ndarray]) -> np.ndarray:
    total = np.zeros(count)
    for numbers in ranked:
        total[numbers] += 1 / (RANK_CONSTANT + 1 + np.arange(len(numbers)))
    return total
