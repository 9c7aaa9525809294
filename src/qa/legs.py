"""Looks whether each leg of retrieval is alive: a sentence of the newest article must lead back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.engine import Engine

__all__ = ["LEGS", "legs_that_find"]

LEGS = {"dense": "vectors", "keyword": "keywords"}
FOUND_WITHIN = 3  # ranks: the same sentence may stand in more than one article


def legs_that_find(engine: Engine) -> dict[str, bool]:
    """Returns for `vectors` and `keywords` whether the newest article's longest opening sentence leads back to it.

    Raises:
        QAError: nothing can be searched.
    """
    generation = engine.generation()
    article_id, _, _ = generation.catalogue.headlines(1)[0]
    passage = generation.passage(generation.catalogue.passages_of(article_id)[0]).passage
    start, end = max(passage.sentences, key=lambda span: span[1] - span[0])
    sentence = passage.text[start - passage.start : end - passage.start]
    hits = engine.search(sentence[: engine.settings.max_question_chars])
    found = {}
    for leg, name in LEGS.items():
        best = sorted(hits, key=lambda hit: -hit.legs[leg])[:FOUND_WITHIN]
        found[name] = any(hit.article_id == article_id and hit.legs[leg] > 0 for hit in best)
    return found
