"""Fits the weights of `confidence.json`: the probability that the evidence answers the question.

    python training/confidence.py FOLDER

FOLDER holds `abstain/` and `abstain_near/`, each with a corpus and questions of which half have lost their article
or their passage. Each corpus is used whole and cut to a few articles, so that the weights do not lean on its size.
"""

from __future__ import annotations

import functools
import json
import random
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.progress import track
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from benchmarks.data import Gold, open_engine, read_questions
from qa.answer import EVIDENCE_PASSAGES
from qa.confidence import crosses_scripts, features
from qa.index import Generation, build_in_memory
from qa.retrieve import Query, evidence_sentences, prepare, rank_passages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa import Article, Engine

TABLE = Path(__file__).parents[1] / "src" / "qa" / "confidence.json"
SIZES = (4, 12, 40)  # articles that hold an answer, in the cut corpora; as many of their neighbours are added
CUTS = 8  # of each size
CUT_WEIGHT = 0.5  # the questions of the cuts come again and again
FOLDS = 10
STRENGTH = {"same": 3.0, "across": 0.5}  # inverse of the regularisation
BY_HAND = {"same": {"other_year": -5.0}, "across": {"other_year": -3.0, "names_absent": -2.0}}
LEFT_OUT = {
    "same": {"sentence_translation", "passage_translation", "names_found", "words_found"},
    "across": {"rare_absent", "not_expected"},
}
SEED = 1
_QUESTION_NUMBER = re.compile(r"(_QUERY)?[-_]\w+$")  # at the end of an id; what is left names the passage

Row = tuple[dict[str, float], bool, bool, str, float]  # features, crosses scripts, answerable, source, weight


def main() -> None:
    """Measures, fits, prints the cross-validated ROC AUC, and writes the table."""
    rows = [row for name in ("abstain", "abstain_near") for row in measure(Path(sys.argv[1]) / name)]
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    for kind in ("same", "across"):
        some = [row for row in rows if row[1] == (kind == "across")]
        table["weights"][kind] = {**fit(some, kind), **BY_HAND[kind]}
    TABLE.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


def measure(folder: Path) -> Iterator[Row]:
    """Yields the features of every question over the whole corpus and over cuts of it."""
    engine = open_engine(folder / "corpus.jsonl", folder.name)
    questions = read_questions(folder / "questions.jsonl")
    whole = engine.generation()
    articles = [whole.catalogue.article(row[0]) for row in whole.catalogue.headlines(1_000_000)]
    sources = {article.id: article.source or article.id for article in articles}
    queries = {gold.id: _prepare(gold.question, whole, engine) for gold in track(questions, folder.name)}
    for gold in questions:
        yield _row(gold, queries[gold.id], whole, sources, 1.0)
    draw = random.Random(SEED)
    vectors = engine.settings.index_dir / "vectors.sqlite"
    for size in track([size for size in SIZES for _ in range(CUTS)], "cuts"):
        some = _sample(questions, size, draw)
        cut = build_in_memory(_cut(some, articles, sources, size, draw), engine.settings, engine.embedder, vectors)
        for gold in some:
            yield _row(gold, _prepare(gold.question, cut, engine), cut, sources, CUT_WEIGHT)
        cut.close()


def fit(rows: Sequence[Row], kind: str) -> dict[str, float]:
    """Fits one regression; the ROC AUC that it prints is cross-validated by source."""
    names = [name for name in rows[0][0] if name not in LEFT_OUT[kind] and name not in BY_HAND[kind]]
    values = np.array([[row[0][name] for name in names] for row in rows])
    answerable = np.array([row[2] for row in rows])
    weights = np.array([row[4] for row in rows])
    folds = np.array([sum(row[3].encode()) % FOLDS for row in rows])
    model = functools.partial(LogisticRegression, C=STRENGTH[kind], max_iter=3000, fit_intercept=False)
    predicted = np.zeros(len(rows))
    for fold in range(FOLDS):
        train, test = folds != fold, folds == fold
        fitted = model().fit(values[train], answerable[train], sample_weight=weights[train])
        predicted[test] = fitted.predict_proba(values[test])[:, 1]
    print(f"{kind}: ROC AUC {roc_auc_score(answerable, predicted):.3f} over {len(rows)} rows")
    fitted = model().fit(values, answerable, sample_weight=weights)
    return {name: round(float(weight), 3) for name, weight in zip(names, fitted.coef_[0], strict=True)}


def _prepare(question: str, generation: Generation, engine: Engine) -> Query:
    return prepare(question, generation, engine.embedder, engine.settings.current_day())


def _row(gold: Gold, query: Query, generation: Generation, sources: dict[str, str], weight: float) -> Row:
    passages = rank_passages(query, generation, 100)
    sentences = evidence_sentences(query, generation, passages[:EVIDENCE_PASSAGES])
    source = next((sources[name] for name in gold.article_ids), _QUESTION_NUMBER.sub("", gold.id))
    return (
        features(query, passages, sentences), crosses_scripts(query, sentences), gold.answerable, source, weight
    )  # fmt: skip


def _sample(questions: Sequence[Gold], size: int, draw: random.Random) -> list[Gold]:
    answerable = draw.sample([gold for gold in questions if gold.answerable], size)
    return answerable + draw.sample([gold for gold in questions if not gold.answerable], size)


def _cut(
    questions: Sequence[Gold], articles: Sequence[Article], sources: dict[str, str], size: int, draw: random.Random
) -> list[Article]:
    needed = {name for gold in questions for name in gold.article_ids}
    near = {sources[name] for name in needed}
    neighbours = [article for article in articles if article.source in near and article.id not in needed]
    chosen = draw.sample(neighbours, min(size, len(neighbours)))
    return [article for article in articles if article.id in needed] + chosen


if __name__ == "__main__":
    main()
