"""Looks whether each leg of retrieval is alive: what stands in the newest articles must lead back to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.terms import keyword_scores, question_terms
from qa.text.folding import fold

if TYPE_CHECKING:
    from qa.engine import Engine
    from qa.index import Generation

__all__ = ["DICTIONARY", "LEGS", "legs_that_find"]

LEGS = {"dense": "vectors", "keyword": "keywords"}
DICTIONARY = "dictionary"
FOUND_WITHIN = 3  # ranks: the same sentence may stand in more than one article
ARTICLES_TRIED = 10  # the newest ones, until a word leads back to one
WORDS_TRIED = 20  # some are too frequent to weigh anything


def legs_that_find(engine: Engine) -> dict[str, bool]:
    """Returns for `vectors` and `keywords` whether the newest article's longest opening sentence leads back to it.

    For `dictionary` it is whether an English word leads to an article that has its translation; it is left out where
    none of the newest articles has a translated word.

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
    translates = _dictionary_finds(generation)
    return found if translates is None else {**found, DICTIONARY: translates}


def _dictionary_finds(generation: Generation) -> bool | None:
    """Tells whether a word's translation leads back to where it stands; None where no word is translated."""
    tried = False
    for article_id, _, _ in generation.catalogue.headlines(ARTICLES_TRIED):
        number = generation.catalogue.passages_of(article_id)[0]
        words = generation.catalogue.words_for(fold(generation.passage(number).passage.text), WORDS_TRIED)
        if any(_translated_score(word, number, generation) > 0 for word in words):
            return True
        tried = tried or bool(words)
    return False if tried else None


def _translated_score(word: str, number: int, generation: Generation) -> float:
    _, translated = keyword_scores(question_terms(word, generation), generation)
    return float(translated[number])
