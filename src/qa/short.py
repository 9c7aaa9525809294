"""Chosen evidence -> the short answer before it: the words of the articles that the reader is sure of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.confidence import sureness, words_miss_expected
from qa.questions import Kind
from qa.quoting import shown
from qa.records import Sentence
from qa.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.questions import Question
    from qa.records import Citation
    from qa.retrieve import EvidenceSentence, Query

__all__ = ["short_answer"]

_SEVERAL = re.compile(r"[、，,和及與与]|\band\b")
SEVERAL_SHARE = 0.6  # of the threshold: what the further items of a list must reach


def short_answer(
    query: Query, chosen: Sequence[EvidenceSentence], citations: Sequence[Citation], threshold: float
) -> Sentence | None:
    """Returns the words that answer with the citations they stand in, or nothing where no words are sure enough.

    A yes-or-no question has no such words, and the first sentence quoted must hold them: the rest may only add to
    a list, though not figures of other things. One figure is no answer to a question that asks for that of each of
    several things, nor are words without one where a figure or a date is asked for. Which of two things is more is
    answered by naming one.
    """
    if query.expected.yes_or_no or not chosen or sureness(chosen[0]) < threshold:
        return None
    if words_miss_expected(query, chosen[0]):
        return None
    if query.question.sides and not _names_a_side(query, chosen[0]):
        return None
    is_list = query.question.kind is Kind.LIST and not (query.question.asks_each and query.expected.is_figure)
    sure = [s for s in chosen if sureness(s) >= threshold * SEVERAL_SHARE] if is_list else chosen[:1]
    cited = [citation for sentence in sure if (citation := _holding(sentence, citations))]
    texts = list(dict.fromkeys(shown(_words(citation)) for citation in cited))
    if not texts or texts[0] == shown(citations[0].quote):
        return None
    if query.question.asks_each and len(texts) == 1 and not _SEVERAL.search(texts[0]):
        return None
    return Sentence(_comma(query.question).join(texts), tuple(dict.fromkeys(citation.n for citation in cited)))


def _names_a_side(query: Query, sentence: EvidenceSentence) -> bool:
    words = fold(sentence.passage.stored.article.text[slice(*(sentence.words or (0, 0)))])
    return any(words in side or side.partition("的")[0] in words for side in query.question.sides)


def _holding(sentence: EvidenceSentence, citations: Sequence[Citation]) -> Citation | None:
    """Finds the citation whose marked words are this sentence's."""
    article_id = sentence.passage.stored.article.id
    return next(
        (c for c in citations if c.article_id == article_id and (c.answer_start, c.answer_end) == sentence.words), None
    )


def _words(citation: Citation) -> str:
    start, end = citation.answer_start or 0, citation.answer_end or 0
    return citation.quote[start - citation.start : end - citation.start]


def _comma(question: Question) -> str:
    return ", " if question.language == "en" else "、"
