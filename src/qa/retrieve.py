"""Question -> ranked passages and evidence sentences."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qa.candidates import propose
from qa.expected import Expected, expected_of
from qa.index import StoredPassage
from qa.naming import named_terms, tell_of_others
from qa.questions import Question, understand
from qa.records import Hit
from qa.terms import Term, coverage, keyword_scores, question_terms
from qa.text.dates import about_years, with_dates, years
from qa.text.folding import fold
from qa.text.numerals import digits
from qa.text.periods import (
    Period,
    asked_periods,
    asks_for_latest,
    asks_for_whole_year,
    named_periods,
    tells_of_former,
)
from qa.text.tokens import tokenize
from qa.timing import OTHER_TIME, time_gains, timeliness

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from qa.embedding import Embedder
    from qa.index import Generation

__all__ = [
    "EvidenceSentence",
    "Query",
    "RankedPassage",
    "article_sentences",
    "evidence_sentences",
    "fuse",
    "prepare",
    "rank_passages",
    "to_hit",
]

# Weights of absolute scores, chosen on the development questions; `make bench` prints what each leg gives alone.
SENTENCE_WEIGHT = 1.0  # the best sentence's cosine, beside the passage's own
DIRECT_WEIGHT = 0.8  # times the squared share of the question's own words: much counts for more, little for nothing
TRANSLATED_WEIGHT = 0.1  # times the share of its words in translation, many of which are wrong readings

# Weights of a sentence's signals beside its cosine, by listwise logistic regression on the development questions.
COVERAGE_WEIGHT = 0.26  # share of the question's own words in the sentence
CONTEXT_WEIGHT = 0.26  # the same with the sentence before it, which often names the subject
TRANSLATION_WEIGHT = 0.25  # share of the question's words in translation
PASSAGE_WEIGHT = 1.2  # the passage's fused score
EXPECTED_WEIGHT = 0.17  # holds the kind of thing asked for
OTHER_YEAR_WEIGHT = -0.14  # speaks of years, but not of the one asked for
NAMELESS_WEIGHT = -0.3  # nothing that an English question names is named there, and is elsewhere
TIME_WEIGHT = 0.08  # fits the time asked for
READING_WEIGHT = 0.04  # log-odds that the answer stands in the sentence; 0.08 costs English questions four points


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """A question ready to be looked up.

    `direct` are its own words, `translated` its words in the other script; `vector` has unit length, `years` and
    `asked` are the years and the periods that it names, relative ones counted from today; `latest` says that it asks
    how things stand now, `whole_year` that it asks for a year as a whole.
    """

    question: Question
    direct: tuple[Term, ...]
    translated: tuple[Term, ...]
    vector: NDArray[np.float32]
    years: frozenset[str]
    expected: Expected
    asked: tuple[Period, ...] = ()
    latest: bool = False
    whole_year: bool = False

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms, the question's own words first."""
        return self.direct + self.translated


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage and what each leg says of it."""

    number: int
    stored: StoredPassage
    score: float
    legs: dict[str, float]


@dataclass(frozen=True, slots=True)
class EvidenceSentence:
    """A sentence that may answer, with what speaks for it; offsets count code points into its article.

    `coverage` is the share of the question's own words in it, `context` the same with the sentence before,
    `translation` that of its words in translation, `similarity` the cosine. `holds_expected` says whether it holds
    the kind of thing asked for, `asked_year` whether it speaks of a year that the question names, `other_year`
    whether only of others, `timeliness` how well it fits the time asked for, -1 to 1, `lacks_name` whether it speaks
    of something else than an English question names. `reading` is what the reader says of it, as log-odds that the
    answer stands in it (0 without a reader); `words` are those that it marked, as offsets into the article.
    """

    passage: RankedPassage
    start: int
    end: int
    tokens: frozenset[str]
    coverage: float
    context: float
    translation: float
    similarity: float
    holds_expected: bool
    asked_year: bool
    other_year: bool
    timeliness: float = 0.0
    lacks_name: bool = False
    reading: float = 0.0
    words: tuple[int, int] | None = None

    @property
    def score(self) -> float:
        """Returns how well the sentence answers, comparable within one question."""
        return (
            self.similarity
            + COVERAGE_WEIGHT * self.coverage
            + CONTEXT_WEIGHT * self.context
            + TRANSLATION_WEIGHT * self.translation
            + PASSAGE_WEIGHT * self.passage.score
            + EXPECTED_WEIGHT * self.holds_expected
            + OTHER_YEAR_WEIGHT * self.other_year
            + NAMELESS_WEIGHT * self.lacks_name
            + TIME_WEIGHT * self.timeliness
            + READING_WEIGHT * self.reading
        )

    @property
    def text(self) -> str:
        """Returns the sentence, verbatim."""
        return self.passage.stored.article.text[self.start : self.end]


def prepare(text: str, generation: Generation, embedder: Embedder, today: dt.date) -> Query:
    """Understands a question, resolves its dates against `today`, and embeds it: the only text embedded."""
    dated = with_dates(text, today)
    question = understand(dated, text)
    terms = question_terms(question.content, generation)
    vector = embedder.encode_query([question.text])[0]
    folded = digits(fold(question.text))
    return Query(
        question=question,
        direct=tuple(term for term in terms if not term.translated),
        translated=tuple(term for term in terms if term.translated),
        vector=vector,
        years=frozenset(years(folded) | about_years(text, today)),
        expected=expected_of(folded),
        asked=asked_periods(text, today),
        latest=asks_for_latest(text),
        whole_year=asks_for_whole_year(text),
    )


def rank_passages(
    query: Query, generation: Generation, candidates: int, article_id: str | None = None
) -> list[RankedPassage]:
    """Ranks what the legs propose, best first; with `article_id` only that article's passages."""
    direct, translated = keyword_scores(query.terms, generation)
    if article_id is None:
        numbers = propose(generation, candidates, query.vector, (direct, translated), query.asked)
    else:
        numbers = np.array(generation.catalogue.passages_of(article_id), np.int64)
    if not len(numbers):
        return []
    passage_scores = generation.passage_vectors[numbers].astype(np.float32) @ query.vector
    sentence_scores = np.array([_best_sentence(query, generation, number) for number in numbers])
    scores = fuse(passage_scores, sentence_scores, direct[numbers], translated[numbers], query)
    times = time_gains(
        query.asked, query.latest, lambda at: generation.passage(int(numbers[at])), generation.days[numbers], scores
    )
    scores = scores + times
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
                "time": float(times[at]),
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
    fused: NDArray[np.float32] = (
        passage_scores
        + SENTENCE_WEIGHT * sentence_scores
        + DIRECT_WEIGHT * np.square(direct / direct_total)
        + TRANSLATED_WEIGHT * translated / translated_total
    )
    return fused


def evidence_sentences(
    query: Query, generation: Generation, passages: Sequence[RankedPassage]
) -> list[EvidenceSentence]:
    """Ranks the sentences of the best passages as answers, best first."""
    found = [(passage, _sentences(query, generation, passage)) for passage in passages]
    if query.question.language == "en":
        told = [(passage.stored.article.title, [(one.text, one.tokens) for one in some]) for passage, some in found]
        others = iter(tell_of_others(named_terms(query.question.text, query.terms), told))
        found = [(passage, [replace(one, lacks_name=next(others)) for one in some]) for passage, some in found]
    return sorted((one for _, some in found for one in some), key=lambda sentence: -sentence.score)


def article_sentences(query: Query, generation: Generation, article_id: str) -> list[EvidenceSentence]:
    """Lists all sentences of an article, in its order."""
    numbers = generation.catalogue.passages_of(article_id)
    passages = [RankedPassage(number, generation.passage(number), 0.0, {}) for number in numbers]
    return [sentence for passage in passages for sentence in _sentences(query, generation, passage)]


def to_hit(passage: RankedPassage) -> Hit:
    """Shows a ranked passage to the outside."""
    stored = passage.stored
    article_id, start, end, text = stored.article.id, stored.passage.start, stored.passage.end, stored.passage.text
    return Hit(article_id, stored.article.title, start, end, text, passage.score, passage.legs, stored.copies)


def _best_sentence(query: Query, generation: Generation, number: int) -> float:
    rows = generation.sentence_rows(number)
    return float((generation.sentence_vectors[rows].astype(np.float32) @ query.vector).max())


def _sentences(query: Query, generation: Generation, passage: RankedPassage) -> list[EvidenceSentence]:
    stored = passage.stored
    vectors = generation.sentence_vectors[generation.sentence_rows(passage.number)].astype(np.float32)
    found: list[EvidenceSentence] = []
    day = stored.article.published
    named: set[str] = set()  # a sentence without a year of its own goes on about the last one named
    periods: list[Period] = []
    for (start, end), similarity in zip(stored.passage.sentences, vectors @ query.vector, strict=True):
        folded, tokens = _read(stored.dated(start, end))
        before = found[-1].tokens if found else frozenset()
        own = named_periods(folded, day, int(max(named)) if named else None) if query.asked else []
        periods = own or periods
        named = years(folded) or named
        found.append(
            EvidenceSentence(
                passage=passage,
                start=start,
                end=end,
                tokens=tokens,
                coverage=coverage(query.direct, tokens),
                context=coverage(query.direct, tokens | before),
                translation=coverage(query.translated, tokens),
                similarity=float(similarity),
                holds_expected=query.expected.kind is not None and query.expected.held_by(folded),
                asked_year=bool(named & query.years),
                other_year=bool(named and query.years) and not named & query.years,
                timeliness=OTHER_TIME
                if query.latest and tells_of_former(folded)
                else timeliness(query.asked, periods, day, bool(own), query.whole_year),
            )
        )
    return found


@functools.lru_cache(maxsize=8192)
def _read(text: str) -> tuple[str, frozenset[str]]:
    """Returns a sentence folded, its numerals in digits, and its tokens."""
    return digits(fold(text)), frozenset(tokenize(text))
