"""Ranked sentences -> the quotes of an answer: the best sentence, and those nearly as good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.confidence import crosses_scripts, sureness
from qa.questions import Kind
from qa.quoting import joined, quoted_span
from qa.retrieve import EvidenceSentence, Query, RankedPassage, evidence_sentences
from qa.sides import respect_of
from qa.terms import coverage
from qa.text.tokens import latin_words, tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.index import Generation
    from qa.terms import Term

__all__ = ["MOST_QUOTES", "Quote", "choose", "each_side", "speaks_of_both"]

Quote = list[EvidenceSentence]  # one sentence, or two that follow one another, the better one first

MOST_QUOTES = 3  # more would be a list of passages and no answer
QUOTE_SENTENCES = 2
# The margins are of score, measured together (docs/experiments.md): narrower ones lose gold answers, wider ones show
# more without holding more of them.
SECOND_QUOTE_MARGIN = 0.26
SECOND_QUOTE_MARGIN_ACROSS = 0.16  # question and article in different scripts: scores lie closer together
UNSURE = 0.6  # sureness of the words in the best sentence under which a second one may help
UNSURE_MARGIN = 0.45
SEVERAL_MARGIN = 1.5  # times as much for a list or a comparison
NEIGHBOUR_MARGIN = 1.6  # times as much for a sentence beside one that is quoted: it takes no card of its own
NEW_TERMS_WEIGHT = 0.3  # what a further sentence of a list or a comparison gains by naming what the first does not
SIDE_NAMED = 0.5  # of the weight of what a side of a comparison is called by
RESPECT_WEIGHT = 2.0  # nats from which the question's other words say in what respect
RESPECT_NAMED = 0.2  # of their weight, much of which is in pairs of characters across words
SAME_STATEMENT = 0.75  # share of the shorter sentence's tokens in the other at which both say the same


def choose(query: Query, sentences: Sequence[EvidenceSentence], max_quotes: int, is_read: bool) -> list[Quote]:
    """Takes the best sentence and those nearly as good, none that says the same again.

    Where the best lacks the kind of thing asked for, say a reason, those that hold it come first. A sentence beside
    one that is quoted joins its quote.
    """
    if not sentences:
        return []
    best = sentences[0]
    candidates = [s for s in sentences[1:] if best.other_year or not s.other_year]
    if not best.holds_expected:
        candidates.sort(key=lambda sentence: not sentence.holds_expected)
    margin = _margin(query, sentences, is_read)
    if query.question.kind in (Kind.LIST, Kind.COMPARISON):
        near = [s for s in candidates if s.score >= best.score - margin]
        return _choose_several(query, best, near, min(max_quotes + 1, MOST_QUOTES))
    quotes = [[best]]
    for sentence in candidates:
        if sentence.score < best.score - NEIGHBOUR_MARGIN * margin:
            continue
        if any(_says_the_same(sentence, other) for quote in quotes for other in quote):
            continue
        beside = next((quote for quote in quotes if _continues(quote, sentence, query)), None)
        if beside is not None:
            beside.append(sentence)
        elif sentence.score >= best.score - margin and len(quotes) < min(max_quotes, MOST_QUOTES):
            quotes.append([sentence])
    return quotes


def _margin(query: Query, sentences: Sequence[EvidenceSentence], is_read: bool) -> float:
    margin = SECOND_QUOTE_MARGIN_ACROSS if crosses_scripts(query, sentences) else SECOND_QUOTE_MARGIN
    if is_read and sureness(sentences[0]) < UNSURE:
        margin = UNSURE_MARGIN
    return margin * (SEVERAL_MARGIN if query.question.kind in (Kind.LIST, Kind.COMPARISON) else 1)


def _choose_several(query: Query, best: EvidenceSentence, near: Sequence[EvidenceSentence], most: int) -> list[Quote]:
    """Takes those first that name what the ones before do not; each has its own quote, as each has its own answer."""
    chosen = [best]
    while len(chosen) < most:
        named = frozenset().union(*(sentence.tokens for sentence in chosen))
        fresh = [s for s in near if not any(_says_the_same(s, other) for other in chosen)]
        if not fresh:
            break
        chosen.append(max(fresh, key=lambda s: s.score + _gain(query, s, named)))
    return [[sentence] for sentence in chosen]


def _continues(quote: Quote, sentence: EvidenceSentence, query: Query) -> bool:
    """Tells whether a quote of one sentence and another sentence can be quoted as one."""
    article = sentence.passage.stored.article
    if len(quote) >= QUOTE_SENTENCES or quote[0].passage.stored.article.id != article.id:
        return False
    spans = [quoted_span(one, query.expected) for one in (quote[0], sentence)]
    return joined(article, spans[0], spans[1]) is not None


def speaks_of_both(query: Query, quotes: Sequence[Quote]) -> bool:
    """Tells whether each side of a comparison is named in some quote."""
    sentences = [sentence for quote in quotes for sentence in quote]
    return all(any(_names_side(query, side, s) for s in sentences) for side in query.question.sides)


def each_side(query: Query, passages: Sequence[RankedPassage], generation: Generation) -> list[Quote]:
    """Returns the best sentence about each side of a comparison.

    Nothing if one side is not spoken of, or neither in the respect that the question asks about.
    """
    if not query.question.sides:
        return []
    sentences = evidence_sentences(query, generation, passages)
    chosen: list[EvidenceSentence] = []
    for side in query.question.sides:
        about = [s for s in sentences if s not in chosen and _names_side(query, side, s)]
        if not about:
            return []
        chosen.append(max(about, key=lambda s: s.score + _share_of(query, side, s)))
    return [[sentence] for sentence in chosen] if _speaks_of_respect(query, chosen, sentences) else []


def _names_side(query: Query, side: str, sentence: EvidenceSentence) -> bool:
    """Tells whether a sentence has most of what a side is called by, or all of whose it is (智譜 of 智譜的客群)."""
    owner = side.partition("的")[0]
    return _share_of(query, side, sentence) >= SIDE_NAMED or _share_of(query, owner, sentence) == 1.0


def _share_of(query: Query, side: str, sentence: EvidenceSentence) -> float:
    """Returns the share of a side's words that a sentence has, as written or in translation."""
    direct, translated = _terms_of(query, side)
    return max(coverage(direct, sentence.tokens), coverage(translated, sentence.tokens))


def _terms_of(query: Query, side: str) -> tuple[list[Term], list[Term]]:
    tokens, words = frozenset(tokenize(side)), frozenset(latin_words(side))
    translated = [term for term in query.translated if frozenset(term.source.split()) <= words]
    return [term for term in query.direct if term.found_in(tokens)], translated


def _speaks_of_respect(query: Query, chosen: Sequence[EvidenceSentence], sentences: Sequence[EvidenceSentence]) -> bool:
    """Tells whether the passages of the chosen sentences have some of the words besides the sides' names."""
    respect = respect_of(query.question.content, query.question.sides)
    direct, translated = _terms_of(query, respect)
    around = [s.tokens for s in sentences if any(s.passage is one.passage for one in chosen)]
    tokens = frozenset().union(*around)
    terms = translated if crosses_scripts(query, chosen) else direct
    rest = [term for term in terms if term.weight >= RESPECT_WEIGHT]
    return not rest or coverage(rest, tokens) >= RESPECT_NAMED


def _gain(query: Query, sentence: EvidenceSentence, named: frozenset[str]) -> float:
    return NEW_TERMS_WEIGHT * (coverage(query.direct, named | sentence.tokens) - coverage(query.direct, named))


def _says_the_same(one: EvidenceSentence, other: EvidenceSentence) -> bool:
    common = len(one.tokens & other.tokens)
    return common >= SAME_STATEMENT * max(1, min(len(one.tokens), len(other.tokens)))
