"""How often the right article is among the first: each leg, rank fusion, and what we ship."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.progress import track

from benchmarks.intervals import percent
from qa.evaluation.legs import rankings
from qa.retrieve import prepare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa import Engine
    from qa.evaluation import GoldQuestion

__all__ = ["measure_retrieval"]

DEPTH = 5
LANGUAGES = ("all", "zh-Hant", "zh-Hans", "en")


def measure_retrieval(engine: Engine, questions: Sequence[GoldQuestion]) -> list[list[str]]:
    """Returns rows of recipe, language, hit@1 and hit@5, in percent with intervals."""
    generation = engine.generation()
    ranks: dict[str, list[int]] = {}
    for gold in track(questions, "Retrieval", transient=True):
        query = prepare(gold.question, generation, engine.embedder, engine.settings.current_day())
        for recipe, numbers in rankings(query, generation, engine.settings.candidates).items():
            articles = list(dict.fromkeys(generation.passage(n).article.id for n in numbers))
            found = [at for at, article in enumerate(articles) if article in gold.article_ids]
            ranks.setdefault(recipe, []).append(found[0] if found else DEPTH + 1)
    return [
        [recipe, language, percent([r < 1 for r in some]), percent([r < DEPTH for r in some])]
        for recipe, all_ranks in ranks.items()
        for language in LANGUAGES
        if (some := [r for r, g in zip(all_ranks, questions, strict=True) if language in ("all", g.language)])
    ]
