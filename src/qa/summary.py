"""Article -> its own key sentences, in its order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from qa.quoting import leans_on_previous, paragraph_around
from qa.retrieve import EvidenceSentence, Query, RankedPassage, article_sentences
from qa.terms import coverage
from qa.text.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from qa.index import Generation

__all__ = ["summarise"]

SUMMARY_QUOTES = 4
OVERVIEW_ARTICLES = 3
MIN_SUMMARY_COVERAGE = 0.5  # of what a request for a summary names, in the article it is about
TOPIC_MIN_CHARS = 15  # a shorter opening is a caption or an exclamation
LEAD_BONUS = 0.08  # of cosine, falling to nothing at the end: news articles say first what they are about
_GOES_ON = re.compile(
    "再|與此|与此|另|此外|除此|不過|不过|但|而|然而|相比|轉折|转折|結果|结果|當年|当年|至於|至于|後來|后来|接著|接着|同"
)
# Words with which a writer sums up (the cue method of Edmundson 1969, doi 10.1145/321510.321519).
_SUMS_UP = re.compile(
    "總括而言|总括而言|總的來說|总的来说|總而言之|总而言之|總之|总之|綜上|综上|歸根|归根|說到底|说到底|換言之|换言之|由此可見|由此可见"
    "|可以說|可以说|整體而言|整体而言|整體來說|整体来说|歸納|归纳"
    "|in (?:short|sum|conclusion|brief)|overall|to sum up|all in all",
    re.IGNORECASE,
)
SUMS_UP_BONUS = 0.06  # of cosine
TOPIC_WEIGHT = 0.12  # of cosine: what a sentence gains that holds all that the request names
PART_NAMED = 0.3  # of what the request names: what one sentence must hold for it to be about a part of the article
PART_SHARE = 0.6  # of what the best sentence holds: that others must hold too, and the headline not
PART_SENTENCES = 0.3  # of the article at most: what more speak of is its subject
DIVERSITY = 0.5  # how much likeness to a sentence already chosen counts against a key sentence


def summarise(
    query: Query,
    passages: Sequence[RankedPassage],
    generation: Generation,
    words: Mapping[str, str],
    article_id: str | None = None,
) -> tuple[float, list[EvidenceSentence], str]:
    """Returns confidence, key sentences in the article's order, and a line to put before them.

    Without an article and without a topic in the question, each of the newest articles gives one sentence.
    """
    certain = 1.0
    if article_id is None and not query.terms:
        newest = [row[0] for row in generation.catalogue.headlines(OVERVIEW_ARTICLES, told_once=True)]
        if len(newest) > 1:
            return 1.0, [_one_sentence(query, generation, name) for name in newest], words["summary"]
        article_id = newest[0]
    elif article_id is None:
        article_id = passages[0].stored.article.id
        certain = _about(query, generation, article_id)
    title = generation.catalogue.article(article_id).title
    if query.question.ending:
        sentences, lead = _ending(query, generation, article_id), "summary_end"
    else:
        sentences, of_a_part = _key_sentences(query, generation, article_id, SUMMARY_QUOTES)
        lead = "summary_part" if of_a_part else "summary_of"
    return certain, sentences, words[lead].format(title=title) if title else words["summary"]


def _one_sentence(query: Query, generation: Generation, article_id: str) -> EvidenceSentence:
    if query.question.ending:
        return _ending(query, generation, article_id)[-1]
    return _key_sentences(query, generation, article_id, 1)[0][0]


def _ending(query: Query, generation: Generation, article_id: str) -> list[EvidenceSentence]:
    """Returns the sentences of the last paragraph that is long enough to say something, the last ones if many."""
    sentences = article_sentences(query, generation, article_id)
    article = generation.catalogue.article(article_id)
    ends = [paragraph_around(article, sentence.start, sentence.end)[1] for sentence in sentences]
    full = [end for end, sentence in zip(ends, sentences, strict=True) if len(sentence.text) >= TOPIC_MIN_CHARS]
    last = max(full, default=ends[-1])
    return [sentence for sentence, end in zip(sentences, ends, strict=True) if end == last][-SUMMARY_QUOTES:]


def _about(query: Query, generation: Generation, article_id: str) -> float:
    sentences = article_sentences(query, generation, article_id)
    tokens = frozenset().union(*(sentence.tokens for sentence in sentences))
    share = max(coverage(query.direct, tokens), coverage(query.translated, tokens))
    return share if share >= MIN_SUMMARY_COVERAGE else share / 2


def _key_sentences(
    query: Query, generation: Generation, article_id: str, count: int
) -> tuple[list[EvidenceSentence], bool]:
    """Picks the sentences nearest to the article's centre and unlike each other, by maximal marginal relevance.

    Carbonell and Goldstein 1998. The sentences that open paragraphs come first: they say what follows. Those that hold
    what the request names come before others; where that is but a part of the article, the rest is left out, and the
    second value is true.
    """
    rows = np.concatenate(
        [
            np.arange(generation.sentence_rows(number).start, generation.sentence_rows(number).stop)
            for number in generation.catalogue.passages_of(article_id)
        ]
    )
    sentences = article_sentences(query, generation, article_id)
    vectors = generation.sentence_vectors[rows].astype(np.float32)
    central = vectors @ vectors.mean(axis=0)
    central += LEAD_BONUS * np.linspace(1, 0, len(central))
    central += SUMS_UP_BONUS * np.array([_SUMS_UP.match(sentence.text) is not None for sentence in sentences])
    named = np.array([max(s.coverage, s.translation) for s in sentences])
    central += TOPIC_WEIGHT * named
    candidates = _topic_sentences(sentences)
    of_a_part = _is_of_a_part(query, generation.catalogue.article(article_id).title, named)
    if of_a_part:
        candidates = [at for at, share in enumerate(named) if share >= PART_SHARE * named.max()]
    elif len(candidates) < count:
        candidates = list(range(len(sentences)))
    chosen: list[int] = []
    while candidates and len(chosen) < count:
        likeness = (vectors[candidates] @ vectors[chosen].T).max(axis=1) if chosen else np.zeros(len(candidates))
        best = candidates[int(np.argmax(central[candidates] - DIVERSITY * likeness))]
        chosen.append(best)
        candidates = [at for at in candidates if at != best]
    return [sentences[at] for at in sorted(chosen)], of_a_part


def _is_of_a_part(query: Query, title: str, named: NDArray[np.float64]) -> bool:
    """Tells whether the request names something that only some sentences speak of, and the headline does not."""
    tokens = frozenset(tokenize(title))
    by_title = max(coverage(query.direct, tokens), coverage(query.translated, tokens))
    some = float(np.mean(named >= PART_SHARE * named.max()))
    return named.max() >= PART_NAMED and by_title < PART_SHARE * named.max() and some <= PART_SENTENCES


def _topic_sentences(sentences: Sequence[EvidenceSentence]) -> list[int]:
    """Returns the places of the sentences that open a paragraph and can stand alone."""
    places = []
    for at, sentence in enumerate(sentences):
        if leans_on_previous(sentence.text):
            continue
        start, _ = paragraph_around(sentence.passage.stored.article, sentence.start, sentence.end)
        opens = sentence.start == start or _SUMS_UP.match(sentence.text)
        if opens and len(sentence.text) >= TOPIC_MIN_CHARS and not _GOES_ON.match(sentence.text):
            places.append(at)
    return places
