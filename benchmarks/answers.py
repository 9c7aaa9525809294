"""How often the gold answer stands in the quotes, and how many quotes that takes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rich.progress import track

from benchmarks.intervals import percent
from qa.text.folding import fold
from qa.text.numerals import digits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.data import Gold
    from qa import Answer, Engine

__all__ = ["measure_answers"]


def measure_answers(engine: Engine, questions: Sequence[Gold]) -> list[list[str]]:
    """Returns rows of data set, share with the gold answer quoted, quotes an answer, and share of verbatim quotes."""
    found: dict[str, list[bool]] = defaultdict(list)
    counts: dict[str, list[int]] = defaultdict(list)
    verbatim: dict[str, list[bool]] = defaultdict(list)
    for gold in track(questions, "Answers", transient=True):
        answer = engine.ask(gold.question)
        for group in ("all", f"{gold.dataset} {gold.language}", gold.dataset):
            found[group].append(_holds_gold(answer, gold))
            counts[group].append(len(answer.citations))
            verbatim[group].extend(_verbatim(engine, answer))
    return [
        [group, percent(found[group]), f"{sum(counts[group]) / len(counts[group]):.2f}", percent(verbatim[group])]
        for group in sorted(found)
    ]


def _holds_gold(answer: Answer, gold: Gold) -> bool:
    quotes = [_comparable(citation.quote) for citation in answer.citations]
    return any(_comparable(text) in quote for text in gold.answers for quote in quotes)


def _verbatim(engine: Engine, answer: Answer) -> list[bool]:
    article = engine.generation().catalogue.article
    return [c.quote == article(c.article_id).text[c.start : c.end] for c in answer.citations]


def _comparable(text: str) -> str:
    return digits(fold(text))
