"""How often the right article is among the first: each leg, rank fusion, and what we ship."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.progress import track

from benchmarks.intervals import percent
from qa.retrieve import Query, prepare, rank_passages
from qa.terms import keyword_scores

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.data import Gold
    from qa import Engine
    from qa.index import Generation

__all__ = ["measure_retrieval"]

DEPTH = 5
RANK_CONSTANT = 60  # of reciprocal rank fusion (Cormack et al. 2009)
LANGUAGES = ("all", "zh-Hant", "zh-Hans", "en")


def measure_retrieval(engine: Engine, questions: Sequence[Gold]) -> list[list[str]]:
    """Returns rows of recipe, language, hit@1 and hit@5, in percent with intervals."""
    generation = engine.generation()
    ranks: dict[str, list[int]] = {}
    for gold in track(questions, "Retrieval", transient=True):
        query = prepare(gold.question, generation, engine.embedder, engine.settings.current_day())
        for recipe, numbers in _recipes(query, engine, generation).items():
            articles = list(dict.fromkeys(generation.passage(int(n)).article.id for n in numbers))
            found = [at for at, article in enumerate(articles) if article in gold.article_ids]
            ranks.setdefault(recipe, []).append(found[0] if found else DEPTH + 1)
    return [
        [recipe, language, percent([r < 1 for r in some]), percent([r < DEPTH for r in some])]
        for recipe, all_ranks in ranks.items()
        for language in LANGUAGES
        if (some := [r for r, g in zip(all_ranks, questions, strict=True) if language in ("all", g.language)])
    ]


def _recipes(query: Query, engine: Engine, generation: Generation) -> dict[str, Iterable[int]]:
    direct, translated = keyword_scores(query.terms, generation)
    dense = generation.passage_vectors.astype(np.float32) @ query.vector
    ranked = rank_passages(query, generation, engine.settings.candidates)
    return {
        "dense": np.argsort(-dense, kind="stable")[:50],
        "keyword": np.argsort(-direct, kind="stable")[:50],
        "dictionary": np.argsort(-translated, kind="stable")[:50],
        "rank fusion": _fuse_ranks([dense, direct])[:50],
        "ours": [passage.number for passage in ranked],
    }


def _fuse_ranks(legs: Sequence[np.ndarray]) -> np.ndarray:
    total = np.zeros(len(legs[0]))
    for scores in legs:
        places = np.empty(len(scores))
        places[np.argsort(-scores, kind="stable")] = np.arange(len(scores))
        total += 1 / (RANK_CONSTANT + 1 + places)
    return np.argsort(-total, kind="stable")
