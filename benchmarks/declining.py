"""How well the confidence tells questions that the articles answer from those they do not."""

from __future__ import annotations

import functools
import random
from typing import TYPE_CHECKING, NamedTuple

from rich.progress import track

from benchmarks.data import open_engine, sources_of
from benchmarks.intervals import percent, roc_auc
from qa import Engine
from qa.articles import read_corpus
from qa.evaluation import read_questions
from qa.evaluation.summary import calibration_error
from qa.index import build_in_memory
from training.reader.data import is_held_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from qa import Article
    from qa.evaluation import GoldQuestion

__all__ = ["SETS", "Judged", "judge", "judge_cuts", "measure_declining", "measure_thresholds"]

SETS = ("abstain", "abstain_near")
CUTS = 10
CUT_ARTICLES = 50
CUT_QUESTIONS = 12  # of each kind: those with their article, and those without
THRESHOLDS = (0.2, 0.3, 0.42, 0.6, 0.75)
SEED = 1


class Judged(NamedTuple):
    """A question with the confidence that it is answered; `new` if its source is one the reader never saw."""

    gold: GoldQuestion
    confidence: float
    new: bool


def judge(data: Path, name: str) -> list[Judged]:
    """Asks the questions of one set over its whole corpus."""
    sources = sources_of(data)
    with open_engine(data / name / "corpus.jsonl", name) as engine:
        asked = track(read_questions(data / name / "questions.jsonl"), name, transient=True)
        return [_judged(engine, gold, sources[gold.id]) for gold in asked]


def judge_cuts(data: Path, name: str) -> list[Judged]:
    """Asks some questions over each of many random cuts of the set's corpus, all cuts together."""
    sources, draw = sources_of(data), random.Random(SEED)
    questions = read_questions(data / name / "questions.jsonl")
    judged = []
    with open_engine(data / name / "corpus.jsonl", name) as engine:
        articles = {article.id: article for article in read_corpus(engine.settings.corpus_dir).articles}
        vectors = engine.settings.index_dir / "vectors.sqlite"
        build = functools.partial(build_in_memory, settings=engine.settings, embedder=engine.embedder, vectors=vectors)
        for _ in track(range(CUTS), f"{name}, cuts", transient=True):
            some = [gold for kind in (True, False) for gold in _drawn(questions, kind, draw)]
            cut = build(_cut(some, articles, sources, draw))
            with Engine(engine.settings, cut, engine.embedder, in_memory=True) as small:
                judged += [_judged(small, gold, sources[gold.id]) for gold in some]
    return judged


def measure_declining(name: str, judged: Sequence[Judged], threshold: float) -> list[list[str]]:
    """Returns rows of set, language, ROC AUC, share of answerable questions answered, of the others declined, and
    expected calibration error.

    The rows `new` keep to the questions of sources that the reader never saw.
    """
    rows = []
    for language in ("all", "zh", "en", "new", "new zh", "new en"):
        wanted = language.removeprefix("new").strip()
        some = [
            one
            for one in judged
            if (wanted in ("", "all") or one.gold.language.startswith(wanted))
            and (one.new or not language.startswith("new"))
        ]
        right, wrong = _by_kind(some)
        answered, declined = [c >= threshold for c in right], [c < threshold for c in wrong]
        error = calibration_error([(one.confidence, one.gold.answerable) for one in some]) if some else 0.0
        rows.append(
            [
                name,
                f"{language} ({len(some)})",
                roc_auc(right, wrong),
                percent(answered),
                percent(declined),
                f"{error:.3f}",
            ]
        )
    return rows


def measure_thresholds(judged: Sequence[Judged]) -> list[list[str]]:
    """Returns what each threshold buys: of declining, precision and recall; of the answerable, the share answered."""
    right, wrong = _by_kind(judged)
    rows = []
    for threshold in THRESHOLDS:
        declined = [False for c in right if c < threshold] + [True for c in wrong if c < threshold]
        rows.append(
            [
                f"{threshold:g}",
                percent(declined),
                percent([c < threshold for c in wrong]),
                percent([c >= threshold for c in right]),
            ]
        )
    return rows


def _judged(engine: Engine, gold: GoldQuestion, source: str) -> Judged:
    return Judged(gold, engine.ask(gold.question).confidence, is_held_out(source))


def _by_kind(judged: Sequence[Judged]) -> tuple[list[float], list[float]]:
    """Returns the confidences of the questions that can be answered, and of the others."""
    right = [one.confidence for one in judged if one.gold.answerable]
    return right, [one.confidence for one in judged if not one.gold.answerable]


def _drawn(questions: Sequence[GoldQuestion], answerable: bool, draw: random.Random) -> Iterator[GoldQuestion]:
    yield from draw.sample([gold for gold in questions if gold.answerable is answerable], CUT_QUESTIONS)


def _cut(
    questions: Sequence[GoldQuestion], articles: dict[str, Article], sources: dict[str, str], draw: random.Random
) -> list[Article]:
    """Keeps the articles that answer, then neighbours of all questions' passages, then others, up to the size."""
    needed = {name for gold in questions for name in gold.article_ids if name in articles}
    about = {sources[gold.id] for gold in questions}
    rest = sorted(articles.keys() - needed)
    draw.shuffle(rest)
    rest.sort(key=lambda name: articles[name].source not in about)
    return [articles[name] for name in [*sorted(needed), *rest[: CUT_ARTICLES - len(needed)]]]
