"""How often the gold answer stands in the quotes, how many quotes that takes, and how near the short answer comes.

Measured with declining off; what declining would leave is told from the confidence, which does not change the quotes.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from rich.progress import track

from benchmarks.intervals import mean_percent, percent
from qa import Settings
from qa.evaluation.measures import exact_match, f1
from qa.text.folding import fold
from qa.text.numerals import digits
from training.reader.data import is_held_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa import Answer, Engine
    from qa.evaluation import GoldQuestion

__all__ = ["measure_answers"]


class Measured(NamedTuple):
    """One answer: whether the gold answer is quoted, and would be with declining on, in how many quotes, which of them
    are verbatim, and how near the short answer comes.
    """

    quoted: bool
    given: bool
    quotes: int
    verbatim: list[bool]
    exact: float
    f1: float


def measure_answers(engine: Engine, questions: Sequence[GoldQuestion]) -> list[list[str]]:
    """Returns rows of data set, gold answer quoted, the same with declining on, quotes an answer, verbatim
    quotes, EM and F1 of the short answer.

    The groups `new ...` hold the questions of sources that the reader never saw.
    """
    found: dict[str, list[Measured]] = defaultdict(list)
    threshold = Settings().confidence_threshold
    for gold in track(questions, "Answers", transient=True):
        measured = _measure(engine, gold, threshold)
        for group in _groups(engine, gold):
            found[group].append(measured)
    return [
        [
            f"{group} ({len(some)})",
            percent([m.quoted for m in some]),
            percent([m.given for m in some]),
            f"{sum(m.quotes for m in some) / len(some):.2f}",
            percent([verbatim for m in some for verbatim in m.verbatim]),
            mean_percent([m.exact for m in some]),
            mean_percent([m.f1 for m in some]),
        ]
        for group, some in sorted(found.items())
    ]


def _groups(engine: Engine, gold: GoldQuestion) -> Iterator[str]:
    dataset = gold.id.split("-")[0]
    yield from ("all", f"{dataset} {gold.language}", dataset)
    source = engine.generation().catalogue.article(min(gold.article_ids)).source
    if is_held_out(source or ""):
        yield from ("new", "new English" if gold.language == "en" else "new Chinese")


def _measure(engine: Engine, gold: GoldQuestion, threshold: float) -> Measured:
    answer = engine.ask(gold.question)
    quotes = [_comparable(citation.quote) for citation in answer.citations]
    quoted = any(_comparable(text) in quote for text in gold.answers for quote in quotes)
    given = quoted and answer.confidence >= threshold
    short = answer.sentences[0].text if answer.sentences else ""
    exact, near = float(exact_match(short, gold.answers)), f1(short, gold.answers)
    return Measured(quoted, given, len(quotes), _verbatim(engine, answer), exact, near)


def _verbatim(engine: Engine, answer: Answer) -> list[bool]:
    article = engine.generation().catalogue.article
    return [c.quote == article(c.article_id).text[c.start : c.end] for c in answer.citations]


def _comparable(text: str) -> str:
    return digits(fold(text))
