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
        "keyword": _best(direct),
        "dictionary": _best(translated),
        "rank fusion": _best(_reciprocal_ranks([dense, direct])),
        SHIPPED: [passage.number for passage in ranked],
    }


def _best(scores: np.ndarray) -> list[int]:
    return [int(number) for number in np.argsort(-scores, kind="stable")[:DEPTH]]


def _reciprocal_ranks(legs: Sequence[np.ndarray]) -> np.ndarray:
    total = np.zeros(len(legs[0]))
    for scores in legs:
        places = np.empty(len(scores))
        places[np.argsort(-scores, kind="stable")] = np.arange(len(scores))
        total += 1 / (RANK_CONSTANT + 1 + places)
    return total
