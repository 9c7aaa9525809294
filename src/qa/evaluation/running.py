"""Asks every gold question and measures what comes back; one record a question, of plain data."""

from __future__ import annotations

import copy
import dataclasses
import time
from typing import TYPE_CHECKING, Any

from qa.evaluation.legs import SHIPPED, rankings
from qa.evaluation.measures import (
    citation_precision,
    citation_recall,
    contains,
    exact_match,
    f1,
    ndcg,
    own_words,
    reciprocal_rank,
)
from qa.llm import Judges
from qa.retrieve import prepare
from qa.text.folding import has_wrong_script

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from qa.engine import Engine
    from qa.evaluation.gold import GoldQuestion
    from qa.records import Answer
    from qa.writing import Written

__all__ = ["evaluate"]

SHOWN_PASSAGES = 3  # in the report, of what was retrieved

Record = dict[str, Any]


def evaluate(engine: Engine, golds: Iterable[GoldQuestion]) -> Iterator[Record]:
    """Yields what was measured of each question; a metric that a question cannot measure is None.

    Where a language model is attached it is the judge too.
    """
    judges = Judges(engine.model) if engine.model else None
    for gold in golds:
        yield _measure(_on_day(engine, gold), gold, judges)


def _on_day(engine: Engine, gold: GoldQuestion) -> Engine:
    if gold.today is None:
        return engine
    dated = copy.copy(engine)
    dated.settings = engine.settings.model_copy(update={"today": gold.today})
    return dated


def _measure(engine: Engine, gold: GoldQuestion, judges: Judges | None = None) -> Record:
    written: list[Written] = []
    listening = copy.copy(engine)
    listening.on_written = written.append
    started = time.perf_counter()
    answer = listening.ask(gold.question, gold.history)
    seconds = time.perf_counter() - started
    return {
        "id": gold.id,
        "question": gold.question,
        "standalone": answer.standalone_question,
        "lang": gold.language,
        "kind": gold.kind,
        "answerable": gold.answerable,
        "expected": list(gold.answers),
        "article_ids": sorted(gold.article_ids),
        "status": answer.status,
        "text": answer.text,
        "confidence": answer.confidence,
        "seconds": round(seconds, 4),
        "mode": answer.mode,
        "cited": [citation.article_id for citation in answer.citations],
        **_retrieval(engine, gold, answer),
        **_answer(gold, answer),
        **_citations(engine, gold, answer),
        "wrong_script": _wrong_script(gold, answer),
        **_judged(gold, answer, judges),
        "written": dataclasses.asdict(written[0]) if written else None,
    }


def _retrieval(engine: Engine, gold: GoldQuestion, answer: Answer) -> Record:
    """Measures the ranking of articles by each recipe, and at what place a passage holds an accepted answer."""
    generation, settings = engine.generation(), engine.settings
    query = prepare(answer.standalone_question, generation, engine.embedder, settings.current_day())
    legs: Record = {}
    retrieved: list[str] = []
    for name, numbers in rankings(query, generation, settings.candidates).items():
        passages = [generation.passage(number) for number in numbers]
        articles = list(
            dict.fromkeys(_told_by(passage.article.id, passage.copies, gold.article_ids) for passage in passages)
        )
        holding = [str(contains(passage.passage.text, gold.answers)) for passage in passages]
        legs[name] = {
            "rank": _rank(articles, gold.article_ids),
            "passage_rank": _rank(holding, {"True"}) if gold.answers else None,
            "rr": reciprocal_rank(articles, gold.article_ids),
            "ndcg": ndcg(articles, gold.article_ids),
        }
        if name == SHIPPED:
            retrieved = [passage.passage.text for passage in passages[:SHOWN_PASSAGES]]
    return {"legs": legs if gold.answerable and gold.article_ids else None, "retrieved": retrieved}


def _told_by(article_id: str, copies: Iterable[str], wanted: Collection[str]) -> str:
    """Returns the article, or the one wanted that tells the same story."""
    return article_id if article_id in wanted else next((copy for copy in copies if copy in wanted), article_id)


def _rank(ranked: Sequence[str], relevant: Iterable[str]) -> int | None:
    wanted = set(relevant)
    return next((rank for rank, item in enumerate(ranked, start=1) if item in wanted), None)


def _answer(gold: GoldQuestion, answer: Answer) -> Record:
    if not gold.answerable or not gold.answers:
        return {"contains": None, "exact": None, "f1": None}
    answered = answer.status == "answered"
    short = answer.sentences[0].text if answer.sentences else ""
    said = " ".join([answer.text, *(citation.quote for citation in answer.citations)])
    return {
        "contains": answered and contains(said, gold.answers),
        "exact": answered and exact_match(short, gold.answers),
        "f1": f1(short, gold.answers) if answered else 0.0,
    }


def _citations(engine: Engine, gold: GoldQuestion, answer: Answer) -> Record:
    quotes = {citation.n: citation.quote for citation in answer.citations}
    said = [(s.text, [quotes[n] for n in s.citations if n in quotes]) for s in answer.sentences]
    article = engine.generation().catalogue.article
    verbatim = [c.quote == article(c.article_id).text[c.start : c.end] for c in answer.citations]
    cites_right = any(_told_by(c.article_id, c.copies, gold.article_ids) in gold.article_ids for c in answer.citations)
    return {
        "verbatim": all(verbatim) if verbatim else None,
        "citation_recall": citation_recall(said),
        "citation_precision": citation_precision(said),
        "right_source": cites_right if answer.citations and gold.answerable and gold.article_ids else None,
        "cited_though_declined": bool(answer.citations) if answer.status != "answered" else None,
    }


def _judged(gold: GoldQuestion, answer: Answer, judges: Judges | None) -> Record:
    """Has the model judge an answer that was given, against its quotes and against an accepted answer."""
    if judges is None or answer.status != "answered":
        return {"faithful": None, "correct": None}
    quotes = [citation.quote for citation in answer.citations]
    reference = gold.answers[0] if gold.answers else None
    return {
        "faithful": judges.faithful(answer.text, quotes),
        "correct": judges.correct(answer.standalone_question, answer.text, reference) if reference else None,
    }


def _wrong_script(gold: GoldQuestion, answer: Answer) -> bool | None:
    """Looks at the answer's own words: quotes and headlines keep the script that they were written in."""
    return has_wrong_script(own_words(answer), gold.language) if gold.language in ("zh-Hant", "zh-Hans") else None
