"""Question -> ranked passages and evidence sentences."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qa.questions import Question, understand
from qa.records import Hit
from qa.terms import Term, coverage, keyword_scores, question_terms
from qa.text.dates import with_dates, years
from qa.text.tokens import tokenize

if TYPE_CHECKING:
    import datetime as dt

    from qa.embedding import Embedder
    from qa.index import Generation, StoredPassage

__all__ = ["EvidenceSentence", "Query", "RankedPassage", "article_sentences", "evidence_sentences", "fuse", "prepare", "rank_passages", "to_hit"]

# Weights of absolute scores, chosen on the development questions; `make bench` prints what each leg gives alone.
SENTENCE_WEIGHT = 1.0  # the best sentence's cosine, beside the passage's own
DIRECT_WEIGHT = 0.8  # times the squared share of the question's own words: much counts for more, little for nothing
TRANSLATED_WEIGHT = 0.1  # times the share of its words in translation, many of which are wrong readings

# Weights within a passage.
SENTENCE_DIRECT_WEIGHT = 0.3
SENTENCE_TRANSLATED_WEIGHT = 0.1
SENTENCE_PASSAGE_WEIGHT = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """A question ready to be looked up; `vector` has unit length, `years` are those it names."""

    question: Question
    dated: str
    terms: tuple[Term, ...]
    vector: NDArray[np.float32]
    years: frozenset[str]

    @property
    def direct(self) -> tuple[Term, ...]:
        """The question's own words."""
        return tuple(term for term in self.terms if not term.translated)

    @property
    def translated(self) -> tuple[Term, ...]:
        """Its words in the other script."""
        return tuple(term for term in self.terms if term.translated)


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage and what each leg says of it."""

    number: int
    stored: StoredPassage
    score: float
    legs: dict[str, float]


@dataclass(frozen=True, slots=True)
class EvidenceSentence:
    """A sentence that may answer, with what speaks for it; offsets count code points into its article."""

    passage: RankedPassage
    start: int
    end: int
    score: float
    coverage: float
    similarity: float
    tokens: frozenset[str]

    @property
    def text(self) -> str:
        """Returns the sentence, verbatim."""
        return self.passage.stored.article.text[self.start : self.end]


def prepare(text: str, generation: Generation, embedder: Embedder, today: dt.date) -> Query:
    """Understands a question, resolves its dates against `today`, and embeds it: the only text embedded."""
    dated = with_dates(text, today)
    question = understand(dated)
    vector = embedder.encode_query([question.text])[0]
    terms = tuple(question_terms(question.content, generation))
    return Query(question, dated, terms, vector, frozenset(years(dated)))


def rank_passages(
    query: Query, generation: Generation, candidates: int, article_id: str | None = None
) -> list[RankedPassage]:
    """Ranks what the legs propose, best first; with `article_id` only that article's passages."""
    direct, translated = keyword_scores(query.terms, generation)
    numbers = _propose(query, generation, candidates, article_id, direct, translated)
    if not len(numbers):
        return []
    passage_scores = generation.passage_vectors[numbers].astype(np.float32) @ query.vector
    sentence_scores = np.array([_best_sentence(query, generation, number) for number in numbers])
    scores = fuse(passage_scores, sentence_scores, direct[numbers], translated[numbers], query)
    order = np.argsort(-scores, kind="stable")
    return [
        RankedPassage(
            int(numbers[at]),
            generation.passage(int(numbers[at])),
            float(scores[at]),
            {
                "dense": float(passage_scores[at]),
                "sentence": float(sentence_scores[at]),
                "keyword": float(direct[numbers[at]]),
                "dictionary": float(translated[numbers[at]]),
            },
        )
        for at in order[:candidates]
    ]


def fuse(
    passage_scores: NDArray[np.float32],
    sentence_scores: NDArray[np.float32],
    direct: NDArray[np.float32],
    translated: NDArray[np.float32],
    query: Query,
) -> NDArray[np.float32]:
    """Adds what the legs say; a leg that matches little of the question adds little.

    All arrays have shape (passages,); the result has too.
    """
    direct_total = sum(term.weight for term in query.direct) or 1.0
    translated_total = sum(term.weight for term in query.translated) or 1.0
    return (
        passage_scores
        + SENTENCE_WEIGHT * sentence_scores
        + DIRECT_WEIGHT * np.square(direct / direct_total)
        + TRANSLATED_WEIGHT * translated / translated_total
    )


def evidence_sentences(query: Query, generation: Generation, passages: list[RankedPassage]) -> list[EvidenceSentence]:
    """Ranks the sentences of the best passages as answers, best first."""
    found = [sentence for passage in passages for sentence in _sentences(query, generation, passage)]
    return sorted(found, key=lambda sentence: -sentence.score)


def article_sentences(query: Query, generation: Generation, article_id: str) -> list[EvidenceSentence]:
    """Lists all sentences of an article, in its order."""
    numbers = generation.catalogue.passages_of(article_id)
    passages = [RankedPassage(number, generation.passage(number), 0.0, {}) for number in numbers]
    return [sentence for passage in passages for sentence in _sentences(query, generation, passage)]


def to_hit(passage: RankedPassage) -> Hit:
    """Shows a ranked passage to the outside."""
    stored = passage.stored
    place = stored.passage
    return Hit(place.article_id, stored.article.title, place.start, place.end, place.text, passage.score, passage.legs)


def _propose(
    query: Query,
    generation: Generation,
    candidates: int,
    article_id: str | None,
    direct: NDArray[np.float32],
    translated: NDArray[np.float32],
) -> NDArray[np.int64]:
    """Unites the best of each leg: fusion needs candidates from all of them."""
    if article_id is not None:
        return np.array(generation.catalogue.passages_of(article_id), np.int64)
    count = min(candidates, generation.passage_count)
    nearest = generation.nearest.search(query.vector, count)
    return np.unique(np.concatenate([nearest, _best(direct, count), _best(translated, count)]))


def _best(scores: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Returns the rows of the highest scores above nothing."""
    rows = np.argpartition(-scores, count - 1)[:count]
    return rows[scores[rows] > 0]


def _best_sentence(query: Query, generation: Generation, number: int) -> float:
    rows = generation.sentence_rows(number)
    return float((generation.sentence_vectors[rows].astype(np.float32) @ query.vector).max())


def _sentences(query: Query, generation: Generation, passage: RankedPassage) -> list[EvidenceSentence]:
    stored = passage.stored
    vectors = generation.sentence_vectors[generation.sentence_rows(passage.number)].astype(np.float32)
    similarities = vectors @ query.vector
    found = []
    for (start, end), similarity in zip(stored.passage.sentences, similarities, strict=True):
        tokens = _tokens(stored.dated(start, end))
        direct = coverage(query.direct, tokens)
        score = (
            float(similarity)
            + SENTENCE_DIRECT_WEIGHT * direct
            + SENTENCE_TRANSLATED_WEIGHT * coverage(query.translated, tokens)
            + SENTENCE_PASSAGE_WEIGHT * passage.score
        )
        found.append(EvidenceSentence(passage, start, end, score, direct, float(similarity), tokens))
    return found


@functools.lru_cache(maxsize=8192)
def _tokens(text: str) -> frozenset[str]:
    return frozenset(tokenize(text))
