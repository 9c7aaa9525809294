"""Ranked evidence -> an answer that quotes, declines or greets; no language model has a part in it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.choice import MOST_QUOTES, Quote, choose, each_side, speaks_of_both
from qa.confidence import confidence, sureness
from qa.conversation import typed_language
from qa.differing import disagreeing, newest_first, rivals, told_once, with_notices, without_what_was_wrong
from qa.questions import Kind, Language
from qa.quoting import cite, quoted_span, shown
from qa.reading import rank_by_reading, windows_around
from qa.records import Answer, AnswerStatus, Article, Citation, Sentence
from qa.retrieve import EvidenceSentence, Query, RankedPassage, evidence_sentences
from qa.short import short_answer
from qa.smalltalk import is_thanks
from qa.summary import summarise
from qa.text.folding import plain
from qa.wording import LANGUAGES, wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from qa.expected import Expected
    from qa.index import Generation
    from qa.reading import Reader, Reading
    from qa.settings import Settings

__all__ = ["Asker", "Found", "example_questions", "find", "greet", "marked", "read_evidence"]

SUGGESTIONS = 3
EVIDENCE_PASSAGES = 5  # the answer stands in the five best of 98.5 % of the development questions
BOTH_SIDES_CONFIDENCE = 0.6  # of a comparison whose sides are each spoken of, though nowhere together
EVIDENCE_SENTENCES = 5  # for a language model, quotes included; 300 tokens or so
EVIDENCE_MARGIN = 0.8  # of score; what lies further behind is about something else
MARKED = 0.2  # sureness from which the words that may answer are marked in a quote


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and how: the question as typed, and what was made of it.

    A headline in place of a question asks what its article says.
    """

    question: str
    standalone: str
    language: str | None = None
    article_id: str | None = None
    is_headline: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """An answer in quotes, and what a language model may write from.

    `evidence` holds the answer's citations and the next best sentences after them, numbered on, and nothing where the
    quotes are to stand as they are; `language` is the one to write in.
    """

    answer: Answer
    query: Query
    evidence: tuple[Citation, ...]
    language: Language


def find(
    asker: Asker,
    query: Query,
    passages: Sequence[RankedPassage],
    generation: Generation,
    settings: Settings,
    reader: Reader | None = None,
) -> Found:
    """Answers from the ranked passages, or declines when their confidence is under the threshold."""
    language = _language(asker, query)
    words, sentences = wording(language), list[EvidenceSentence]()
    differing: list[Quote] = []
    if asker.is_headline or query.question.kind is Kind.SUMMARY:
        probability, told, lead = summarise(query, passages, generation, words, asker.article_id)
        chosen = [[sentence] for sentence in told]
    else:
        sentences, readings = read_evidence(query, passages, generation, reader)
        probability, lead = confidence(query, passages, sentences, readings), ""
        equals = rivals(query, sentences)
        differing = [[s] for s in disagreeing(query, equals)[:MOST_QUOTES]] if _asks_one_thing(query) else []
        ranked = newest_first(query, sentences, equals)
        chosen = differing or choose(query, ranked, settings.max_quotes, is_read=bool(readings))
        sides = each_side(query, passages, generation)
        if sides:
            probability = max(probability, BOTH_SIDES_CONFIDENCE)
            chosen = chosen if speaks_of_both(query, chosen) else sides
    if not chosen or probability < settings.confidence_threshold:
        return Found(_declined(asker, passages, generation, words, probability), query, (), language)
    citations = _cite_all(chosen, query.expected, min(MARKED, settings.short_answer_threshold))
    short = short_answer(query, [quote[0] for quote in chosen], citations, settings.short_answer_threshold)
    quoted = tuple(Sentence(shown(citation.quote), (citation.n,)) for citation in citations)
    said = (short, *quoted) if short else quoted
    if differing and chosen is differing:  # which date says what is for the quotes to show
        quoting = _answer(asker, _by_date(said, citations, words), "answered", probability, said, citations)
        return Found(quoting, query, (), language)
    quoting = _answer(asker, _lines(lead, map(marked, said)), "answered", probability, said, citations)
    return Found(quoting, query, (*citations, *_further(citations, sentences, query)), language)


def read_evidence(
    query: Query, passages: Sequence[RankedPassage], generation: Generation, reader: Reader | None
) -> tuple[list[EvidenceSentence], list[Reading]]:
    """Ranks the sentences of the best passages by retrieval and, where there is a reader, by what it says of them."""
    best = with_notices(passages[:EVIDENCE_PASSAGES], passages, generation)
    sentences = told_once(evidence_sentences(query, generation, best), generation)
    if reader is None:
        return sentences, []
    readings = reader.read(query.question.text, windows_around(sentences))
    ranked = rank_by_reading(query, sentences, readings)
    return without_what_was_wrong(ranked, generation), readings


def greet(asker: Asker, query: Query, generation: Generation) -> Found:
    """Introduces the articles and offers example questions; who thanks or takes leave knows them by now."""
    language = _language(asker, query)
    words = wording(language)
    if is_thanks(plain(asker.question)):
        return Found(_answer(asker, words["welcome"], "greeting", 0.0), query, (), language)
    lines = [words["greeting"], _holdings(generation, words)]
    examples = example_questions(generation)
    lines += [words["try"], *(f"- {example}" for example in examples)]
    greeting = _answer(asker, "\n".join(lines), "greeting", 0.0, suggestions=examples)
    return Found(greeting, query, (), language)


def _language(asker: Asker, query: Query) -> Language:
    """Returns the language to answer in: the one wished for, or that in which the question was typed."""
    typed = typed_language(plain(asker.question), query.question.language)
    return next((language for language in LANGUAGES if language == asker.language), typed)


def _holdings(generation: Generation, words: Mapping[str, str]) -> str:
    """Says how many articles there are, and from when to when."""
    count, period = generation.manifest["articles"], generation.catalogue.period()
    if period is None:
        return words["holdings"].format(articles=count)
    days = [words["date"].format(year=day.year, month=day.month, day=day.day) for day in dict.fromkeys(period)]
    name = "holdings_from_to" if len(days) > 1 else "holdings_dated"
    return words[name].format(articles=count, oldest=days[0], newest=days[-1])


def example_questions(generation: Generation) -> tuple[str, ...]:
    """Takes example questions from the newest articles in turn, or else their headlines."""
    articles = [generation.catalogue.article(row[0]) for row in generation.catalogue.headlines(10, told_once=True)]
    in_turn = [
        article.questions[at] for at in range(SUGGESTIONS) for article in articles if at < len(article.questions)
    ]
    return tuple((in_turn or [_headline(article) for article in articles])[:SUGGESTIONS])


def _cite_all(quotes: Iterable[Quote], expected: Expected, marked: float) -> tuple[Citation, ...]:
    """Numbers the quotes; those that overlap become one. Words are marked where they are as sure as `marked`."""
    spans: list[tuple[Article, int, int, EvidenceSentence]] = []
    for quote in quotes:
        article, (start, end) = quote[0].passage.stored.article, _span(quote, expected)
        touched = next(
            (at for at, (other, a, b, _) in enumerate(spans) if other.id == article.id and a < end and start < b), None
        )
        if touched is None:
            spans.append((article, start, end, quote[0]))
        else:
            _, a, b, first = spans[touched]
            spans[touched] = (article, min(a, start), max(b, end), first)
    return tuple(
        cite(
            article,
            a,
            b,
            n,
            sentence.score,
            sentence.words if sureness(sentence) >= marked else None,
            sentence.passage.stored.copies,
        )
        for n, (article, a, b, sentence) in enumerate(spans, start=1)
    )


def _span(quote: Quote, expected: Expected) -> tuple[int, int]:
    spans = [quoted_span(sentence, expected) for sentence in quote]
    return min(start for start, _ in spans), max(end for _, end in spans)


def _asks_one_thing(query: Query) -> bool:
    """Tells whether several dates are worth showing: not of a list, nor where only how things stand now is asked."""
    return query.question.kind is Kind.FACT and not query.latest


def _by_date(said: Sequence[Sentence], citations: Sequence[Citation], words: Mapping[str, str]) -> str:
    """Writes what articles say differently, the date before each, after the words that answer in the newest."""
    days = {citation.n: citation.published for citation in citations}
    lines = [words["dated"].format(date=days[s.citations[0]], text=marked(s)) for s in said]
    short = len(said) - len(citations)
    return _lines("", [*lines[:short], words["differing"], *lines[short:]])


def _lines(lead: str, lines: Iterable[str]) -> str:
    return "\n\n".join(filter(None, [lead, *lines]))


def _further(citations: Sequence[Citation], sentences: Sequence[EvidenceSentence], query: Query) -> Iterator[Citation]:
    """Cites what comes next after the quotes, as far as it is about the same and says something else."""
    spans = [(c.article_id, c.start, c.end) for c in citations]
    near = (s for s in sentences if s.score >= sentences[0].score - EVIDENCE_MARGIN)
    for sentence in near:
        article, (start, end) = sentence.passage.stored.article, quoted_span(sentence, query.expected)
        if len(spans) >= EVIDENCE_SENTENCES:
            return
        if not any(article.id == other and start < b and a < end for other, a, b in spans):
            spans.append((article.id, start, end))
            yield cite(article, start, end, len(spans), sentence.score)


def marked(sentence: Sentence) -> str:
    """Writes a sentence with the numbers of its citations."""
    return sentence.text + "".join(f"[{n}]" for n in sentence.citations)


def _declined(
    asker: Asker,
    passages: Sequence[RankedPassage],
    generation: Generation,
    words: Mapping[str, str],
    probability: float,
) -> Answer:
    nearest = dict.fromkeys(_headline(passage.stored.article) for passage in passages)
    headlines = tuple(nearest)[:SUGGESTIONS] or example_questions(generation)
    lines = [words["declined"], words["nearest"], *(f"- {headline}" for headline in headlines)]
    return _answer(asker, "\n".join(lines), "declined", probability, suggestions=headlines)


def _headline(article: Article) -> str:
    return article.title or shown(article.text.strip())[:30]


def _answer(
    asker: Asker,
    text: str,
    status: AnswerStatus,
    probability: float,
    sentences: tuple[Sentence, ...] = (),
    citations: tuple[Citation, ...] = (),
    suggestions: tuple[str, ...] = (),
) -> Answer:
    return Answer(
        question=asker.question,
        standalone_question=asker.standalone,
        text=text,
        sentences=sentences,
        citations=citations,
        status=status,
        confidence=round(probability, 4),
        suggestions=suggestions,
        trace_id=uuid.uuid4().hex[:16],
    )
