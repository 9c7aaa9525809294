"""Question -> weighted terms, and how well a text covers them; the keyword leg and the choice of sentences share it."""

from __future__ import annotations

import functools
import importlib.resources
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qa.text.tokens import ENGLISH_STOP_WORDS, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Set

    from numpy.typing import NDArray

    from qa.dictionary import TermGroup
    from qa.index import Generation

__all__ = ["RARE", "Term", "coverage", "keyword_scores", "question_terms"]

RARE = 4.0  # nats of weight from which a term is a name or a figure rather than a common word
IDF_CAP = 7.0  # one rare word must not outweigh the rest of a question
BACKGROUND_PASSAGES = 300  # passages' worth of trust in the background frequencies beside the corpus's own
UNKNOWN_SHARE = 1 / 3000  # of passages with a token that the background table does not list
STOP_WORD_SHARE = 0.5
MIN_TRANSLATION_WEIGHT = 0.3  # a translation that stands in most passages tells nothing


@dataclass(frozen=True, slots=True)
class Term:
    """Something a question names. Any alternative will do; each is tokens that must all occur.

    `weight` is an inverse document frequency in nats, `translated` says that the question put it otherwise.
    """

    source: str
    alternatives: tuple[tuple[str, ...], ...]
    weight: float
    translated: bool = False

    @property
    def is_number(self) -> bool:
        """Tells whether the term is a figure or a year."""
        return not self.translated and self.source[:1].isdigit()

    def found_in(self, tokens: Set[str]) -> bool:
        """Tells whether one of the alternatives occurs."""
        return any(all(token in tokens for token in alternative) for alternative in self.alternatives)


def question_terms(content: str, generation: Generation) -> list[Term]:
    """Cuts a question's content into terms, with their translations where the dictionary has any."""
    tokens = [token for token in dict.fromkeys(tokenize(content)) if not _is_stop_word(token)]
    direct = [Term(token, ((token,),), _weight(token, generation)) for token in tokens]
    groups = {group.alternatives: group for group in generation.dictionary.translate(content)}
    translated = [_translated(group, generation) for group in groups.values()]
    return [*direct, *(term for term in translated if term.weight >= MIN_TRANSLATION_WEIGHT)]


def keyword_scores(terms: Iterable[Term], generation: Generation) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Scores every passage by the question's own words and by their translations: BM25 sums, shape (passages,)."""
    direct = np.zeros(generation.passage_count, np.float32)
    translated = np.zeros(generation.passage_count, np.float32)
    for term in terms:
        if term.translated:
            translated += term.weight * _saturation(term.alternatives, generation)
        else:
            rows, saturations = generation.keywords.postings(term.source)
            direct[rows] += term.weight * saturations
    return direct, translated


def coverage(terms: Iterable[Term], tokens: Set[str]) -> float:
    """Returns the share of the terms' weight that occurs among the tokens, 0 to 1."""
    total = covered = 0.0
    for term in terms:
        total += term.weight
        covered += term.weight if term.found_in(tokens) else 0.0
    return covered / total if total else 0.0


def _weight(token: str, generation: Generation) -> float:
    count = generation.keywords.frequency(token)
    share = _background().get(token, UNKNOWN_SHARE)
    return _idf(count + BACKGROUND_PASSAGES * share, generation.passage_count + BACKGROUND_PASSAGES)


def _translated(group: TermGroup, generation: Generation) -> Term:
    occurring = np.count_nonzero(_saturation(group.alternatives, generation))
    shares = [min(_background().get(token, UNKNOWN_SHARE) for token in tokens) for tokens in group.alternatives]
    expected = BACKGROUND_PASSAGES * min(1.0, sum(shares))
    weight = _idf(occurring + expected, generation.passage_count + BACKGROUND_PASSAGES)
    return Term(group.source, group.alternatives, weight, translated=True)


def _idf(count: float, total: float) -> float:
    return min(-math.log(min(count / total, 1.0)), IDF_CAP)


def _saturation(alternatives: Iterable[tuple[str, ...]], generation: Generation) -> NDArray[np.float32]:
    """Returns the best alternative's saturation by passage; that of several tokens is the least of theirs."""
    best = np.zeros(generation.passage_count, np.float32)
    for tokens in alternatives:
        rows, least = generation.keywords.postings(tokens[0])
        for token in tokens[1:]:
            more_rows, more = generation.keywords.postings(token)
            rows, here, there = np.intersect1d(rows, more_rows, assume_unique=True, return_indices=True)
            least = np.minimum(least[here], more[there])
        best[rows] = np.maximum(best[rows], least)
    return best


def _is_stop_word(token: str) -> bool:
    return token in ENGLISH_STOP_WORDS or token in _STOP_CHARACTERS


_STOP_CHARACTERS = frozenset("的了是在之")


@functools.cache
def _background() -> Mapping[str, float]:
    """Reads shares of passages by token, counted by training/background.py."""
    table = importlib.resources.files("qa").joinpath("background.tsv").read_text(encoding="utf-8")
    shares = dict.fromkeys(ENGLISH_STOP_WORDS, STOP_WORD_SHARE)
    for line in table.splitlines():
        token, share = line.split("\t")
        shares[token] = float(share)
    return shares
