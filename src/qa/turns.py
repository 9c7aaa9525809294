"""A turn of a conversation -> one answer, whatever ways a follow-up may be meant, and however much is asked at once."""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING

from qa.answer import marked
from qa.conversation import clauses_in, new_thing_in, questions_in, standalone_questions
from qa.records import Turn
from qa.terms import coverage
from qa.text.folding import fold
from qa.text.tokens import latin_words, tokenize
from qa.wording import wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from qa.answer import Found
    from qa.records import Answer, Citation, Sentence

__all__ = ["answer_each", "answer_one", "likeliest"]

SURELY_BETTER = 0.1  # of confidence: what a less likely reading of a follow-up must be ahead
NAMED = 0.5  # of the weight of the words for what a follow-up names


def answer_one(question: str, turns: Sequence[Turn], find: Callable[[str], Found]) -> Found:
    """Answers a question in every way in which it may be meant, and chooses among them.

    The articles decide, the likelier reading where they hardly do. 那廣東呢 is not answered with what was found for the
    question before: but for the likeliest reading, the first quote must speak of what is named.
    """
    first, *others = [find(reading) for reading in standalone_questions(question, turns)]
    thing = new_thing_in(question) if others else None
    return likeliest([first, *(found for found in others if not thing or _speaks_of(thing, found))])


def likeliest(readings: Sequence[Found]) -> Found:
    """Chooses the first reading that none is surely better than."""
    best = max(found.answer.confidence for found in readings)
    return next(found for found in readings if found.answer.confidence >= best - SURELY_BETTER)


def _speaks_of(thing: str, found: Found) -> bool:
    """Tells whether the first quote of an answer has most of the words for a thing, or for what they mean."""
    if not found.answer.citations:
        return True
    quoted = found.answer.citations[0]
    tokens = frozenset(tokenize(f"{quoted.title} {quoted.quote}"))
    words, written = set(tokenize(thing)), set(latin_words(fold(thing)))
    direct = [term for term in found.query.direct if term.source in words]
    meant = [term for term in found.query.translated if written and set(term.source.split()) <= written]
    return not direct or max(coverage(direct, tokens), coverage(meant, tokens)) >= NAMED


def answer_each(question: str, turns: Sequence[Turn], find: Callable[[str, Sequence[Turn]], Found]) -> Found:
    """Answers a turn; where it asks several things, each of them, as far as the articles do.

    What asks in one sentence is taken apart only where the articles answer it nowhere as a whole. The confidence is
    that of the least sure part that is answered.
    """
    parts = questions_in(question)
    if len(parts) > 1 and (found := _joined(parts, turns, find)):
        return found
    whole = find(question, turns)
    parts = clauses_in(question) if whole.answer.status == "declined" else ()
    return (_joined(parts, turns, find) if len(parts) > 1 else None) or whole


def _joined(parts: Sequence[str], turns: Sequence[Turn], find: Callable[[str, Sequence[Turn]], Found]) -> Found | None:
    """Answers the parts one after the other; None where none is answered."""
    asked, found = list(turns), []
    for part in parts:
        found.append(find(part, asked))
        answer = found[-1].answer
        asked.append(Turn(part, answer.text if answer.status == "answered" else ""))
    answered = [one for one in found if one.answer.status == "answered"]
    if not answered:
        return None
    citations = _cited_once([one.answer for one in answered])
    answer = _in_one(parts, [one.answer for one in found], citations, wording(answered[0].language))
    to_write = all(one.evidence for one in answered)  # quotes that are to stand as they are stand in both
    return dataclasses.replace(answered[0], answer=answer, evidence=answer.citations if to_write else ())


def _in_one(
    parts: Sequence[str], answers: Sequence[Answer], citations: Sequence[Citation], words: Mapping[str, str]
) -> Answer:
    numbers = {(citation.article_id, citation.start, citation.end): citation.n for citation in citations}
    blocks: list[str] = []
    sentences: list[Sentence] = []
    for part, answer in zip(parts, answers, strict=True):
        if answer.status == "answered":
            renumbered = {c.n: numbers[c.article_id, c.start, c.end] for c in answer.citations}
            said = [
                dataclasses.replace(s, citations=tuple(renumbered[n] for n in s.citations)) for s in answer.sentences
            ]
            blocks += [part, "".join(_with_marks(answer, said))]
            sentences += said
        else:
            blocks.append(words["part_declined"].format(question=part))
    answered = [answer for answer in answers if answer.status == "answered"]
    understood = [answer.standalone_question for answer in answers]
    return dataclasses.replace(
        answered[0],
        standalone_question=answered[0].question if understood == list(parts) else " ".join(understood),
        text="\n\n".join(blocks),
        sentences=tuple(sentences),
        citations=tuple(citations),
        confidence=min(answer.confidence for answer in answered),
    )


def _cited_once(answers: Sequence[Answer]) -> list[Citation]:
    """Numbers all citations anew; a place that two answers quote has one number."""
    cited: dict[tuple[str, int, int], Citation] = {}
    for citation in itertools.chain.from_iterable(answer.citations for answer in answers):
        cited.setdefault((citation.article_id, citation.start, citation.end), citation)
    return [dataclasses.replace(citation, n=n) for n, citation in enumerate(cited.values(), start=1)]


def _with_marks(answer: Answer, said: Sequence[Sentence]) -> Iterator[str]:
    """Yields an answer's text in pieces, with the marks of its sentences as they are numbered now."""
    at = 0
    for before, now in zip(answer.sentences, said, strict=True):
        start = answer.text.index(marked(before), at)
        yield answer.text[at:start]
        yield marked(now)
        at = start + len(marked(before))
    yield answer.text[at:]
