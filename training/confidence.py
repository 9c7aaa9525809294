"""Fits the weights of `confidence.json`: the probability that the evidence answers the question.

    python -m training.confidence FOLDER           measures, which takes an hour, and fits
    python -m training.confidence FOLDER --again   fits anew on what was measured last

FOLDER holds `corpus.jsonl` and `questions_all.jsonl`, and `abstain/` and `abstain_near/`, each with a corpus and
questions of which half have lost their article or their passage. Each corpus is used whole and cut to a few articles,
so that the weights do not lean on its size. What the reader says is measured on questions of sources that it never saw,
and more of them are made: passages are taken away by halves, so that each question comes with and without its own.
Readers word their questions otherwise than the articles do, more than those who wrote the data: some questions come a
second time with words put into English, which the articles lack, or into other Chinese words; some with an answer
come once more about another subject or year, which nothing answers. Those of which `wordings.jsonl` has another wording
come in it too, and with the question that it leaves open; in both what question and text have in common tells little,
so that they weigh little. Questions over made-up essays (`essays/`, three at a time) are worded so from the first.
"""

from __future__ import annotations

import functools
import json
import pickle
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import typer
from rich.progress import track
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from benchmarks.data import open_engine
from qa.answer import read_evidence
from qa.confidence import crosses_scripts, features
from qa.evaluation.measures import f1
from qa.index import Generation, build_in_memory
from qa.retrieve import prepare, rank_passages
from training.asked import all_asked, cut, in_own_words, put_otherwise, sample, sources_of
from training.boosting import Boosted
from training.reader.data import is_held_out
from training.wordings import read_wordings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from qa import Engine
    from qa.confidence import Tree
    from qa.evaluation import GoldQuestion
    from qa.reading import Reader
    from qa.retrieve import EvidenceSentence
    from training.asked import Asked

TABLE = Path(__file__).parents[1] / "src" / "qa" / "confidence.json"
SIZES = (4, 12, 40)  # articles that hold an answer, in the cut corpora; as many of their neighbours are added
CUTS = 4  # of each size
CUT_WEIGHT = 0.5  # the questions of the cuts come again and again
OTHERWISE_WEIGHT = 0.7
OWN_WORDS_WEIGHT = 0.2  # more of it costs ROC AUC on questions as written (docs/experiments.md)
MEASURED = Path(".training") / "confidence" / "rows.pickle"
FOLDS = 10
STRENGTH = {"same": 3.0, "across": 0.5}  # inverse of the regularisation
# What the data cannot tell: they hardly name another year, rewording makes up names, few words marked miss a figure,
# a passage of an encyclopedia speaks of one thing, an article of news of several, few English questions are said word
# for word (of 12 that are, in the gold questions, `abstain` and `abstain_near`, 11 are answered), and the words of most
# stand in the passage, so that what the reader and the cosine say beside them counts for little (docs/experiments.md).
BY_HAND = {
    "same": {
        "other_year": -7.0,
        "names_absent": -1.0,
        "rare_elsewhere": -1.5,
        "other_names": -5.0,
        "of_another": -2.0,
    },
    "across": {"other_year": -7.0, "names_absent": -2.0, "all_translated": 1.0, "says_little": -1.5},
    "same_read": {
        "other_year": -9.0,
        "names_absent": -1.0,
        "words_not_expected": -1.0,
        "rare_elsewhere": -1.25,
        "other_names": -4.2,
        "of_another": -2.0,
        "dense": 1.0,
        "words": 0.3,
        "words_here": 0.0,
    },
    "across_read": {
        "other_year": -9.0,
        "names_absent": -1.0,
        "all_translated": 1.25,
        "says_little": -1.5,
        "words": 0.3,
        "words_here": 0.0,
    },
}
# Log-odds added: most questions have some word that tells for `rare_elsewhere`, and readers are worse served by what
# lies near their question than by nothing.
ADDED = {"same": 0.2, "across": 0.0, "same_read": -0.4, "across_read": -0.5}
# They tell nothing where the question is in another script.
CHINESE_ONLY = {"rare_absent", "rare_elsewhere", "other_names", "of_another", "not_expected"}
ENGLISH_ONLY = {
    "sentence_translation",
    "passage_translation",
    "names_found",
    "words_found",
    "all_translated",
    "says_little",
}
BOOSTED = {"same_read", "across_read"}
# The stronger these are, the less is answered; of all others the more.
AGAINST = {
    "rare_absent",
    "rare_elsewhere",
    "other_names",
    "of_another",
    "figure_absent",
    "names_absent",
    "not_expected",
    "other_year",
    "words_not_expected",
}
READ = {"answers", "answers_here", "words", "words_here", "words_not_expected"}
LEFT_OUT = {
    "same": ENGLISH_ONLY | READ,
    "across": CHINESE_ONLY | READ,
    "same_read": ENGLISH_ONLY,
    "across_read": CHINESE_ONLY,
}
RIGHT_F1 = 0.6  # marked words count as right from this overlap with an accepted answer
SEED = 1


class Row(NamedTuple):
    """One question over one corpus; `marked` is the reader's log-odds for its words, and whether they are right."""

    kind: str
    features: dict[str, float]
    answerable: bool
    source: str
    weight: float
    marked: tuple[float, bool] | None


def main(folder: Path, again: bool = False) -> None:
    """Measures, fits, prints the cross-validated ROC AUC, and writes the table."""
    rows = pickle.loads(MEASURED.read_bytes()) if again else _measured(folder)
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    for kind in LEFT_OUT:
        of_kind = [row for row in rows if row.kind == kind]
        if kind in BOOSTED:
            bias, table["trees"][kind] = boost(of_kind, kind)
            table["weights"][kind] = {"bias": bias, **BY_HAND[kind]}
        else:
            table["weights"][kind] = {**fit(of_kind, kind), **BY_HAND[kind]}
        table["weights"][kind]["bias"] = round(table["weights"][kind]["bias"] + ADDED[kind], 3)
    table["weights"]["short"] = fit_sureness([row.marked for row in rows if row.marked and row.weight == 1.0])
    TABLE.write_text(_written(table), encoding="utf-8")


def _written(table: dict[str, Any]) -> str:
    """Writes weights one a line, and trees too."""
    trees = {kind: [json.dumps(tree) for tree in grown] for kind, grown in table["trees"].items()}
    return (
        re.sub(r'"(\[.*\])"(?=,?\n)', lambda m: json.loads(m[0]), json.dumps({**table, "trees": trees}, indent=1))
        + "\n"
    )


def _measured(folder: Path) -> list[Row]:
    with open_engine(folder / "corpus.jsonl", "dev") as engine:
        articles = {
            row[0]: engine.generation().catalogue.article(row[0]) for row in engine.generation().catalogue.headlines()
        }
        sources = sources_of(folder, articles)
        rows = [row for asked in all_asked(folder, articles) for row in measure(asked, sources, engine)]
    MEASURED.parent.mkdir(parents=True, exist_ok=True)
    MEASURED.write_bytes(pickle.dumps(rows))
    return rows


def measure(asked: Asked, sources: Mapping[str, str], engine: Engine) -> Iterator[Row]:
    """Yields the features of every question over the whole corpus and over cuts of it."""
    vectors = engine.settings.index_dir / "vectors.sqlite"
    build = functools.partial(build_in_memory, settings=engine.settings, embedder=engine.embedder, vectors=vectors)
    whole = build(asked.articles)
    draw, wordings = random.Random(SEED), read_wordings()
    texts, others = {article.id: article.text for article in asked.articles}, [g.question for g in asked.questions]
    for gold in track(asked.questions, asked.name):
        source = sources.get(gold.id) or gold.id.partition("-")[0]
        yield from _rows(gold, whole, engine, source, asked.weight, asked)
        for other in put_otherwise(gold, texts, others, draw) if asked.written else ():
            yield from _rows(other, whole, engine, source, OTHERWISE_WEIGHT, asked)
        for other in in_own_words(gold, wordings):
            yield from _rows(other, whole, engine, source, OWN_WORDS_WEIGHT, asked)
    whole.close()
    for size in track([size for size in SIZES for _ in range(CUTS)] if asked.written else [], "cuts"):
        some = sample(asked.questions, size, draw)
        few = build(cut(some, asked.articles, size, draw))
        for gold in some:
            yield from _rows(gold, few, engine, sources[gold.id], CUT_WEIGHT, asked)
        few.close()


def _rows(
    gold: GoldQuestion, generation: Generation, engine: Engine, source: str, weight: float, asked: Asked
) -> Iterator[Row]:
    """Measures a question without the reader, with it, or both; never with it on what it has learnt from."""
    query = prepare(gold.question, generation, engine.embedder, engine.settings.current_day())
    passages = rank_passages(query, generation, engine.settings.candidates)
    readers: list[Reader | None] = [] if asked.with_reader else [None]
    readers += [engine.reader] if asked.unseen or is_held_out(source) else []
    for reader in readers:
        sentences, readings = read_evidence(query, passages, generation, reader)
        kind = ("across" if crosses_scripts(query, sentences) else "same") + ("_read" if reader else "")
        values = features(query, passages, sentences, readings)
        yield Row(kind, values, gold.answerable, source, weight, _marked(gold, sentences[0]) if reader else None)


def _marked(gold: GoldQuestion, sentence: EvidenceSentence) -> tuple[float, bool] | None:
    """Looks at questions that are answered: the confidence tells whether they are."""
    if sentence.words is None or not gold.answerable:
        return None
    words = sentence.passage.stored.article.text[slice(*sentence.words)]
    return sentence.reading, f1(words, gold.answers) >= RIGHT_F1


def fit(rows: Sequence[Row], kind: str) -> dict[str, float]:
    """Fits one regression."""
    names = [name for name in rows[0].features if name not in LEFT_OUT[kind] and name not in BY_HAND[kind]]
    model = functools.partial(LogisticRegression, C=STRENGTH[kind], max_iter=3000, fit_intercept=False)
    values, answerable, weights = _arrays(rows, names)
    _validate(rows, kind, names, lambda *train: model().fit(*train).decision_function)
    fitted = model().fit(values, answerable, weights)
    return {name: round(float(weight), 3) for name, weight in zip(names, fitted.coef_[0], strict=True)}


def boost(rows: Sequence[Row], kind: str) -> tuple[float, list[Tree]]:
    """Fits trees: the log-odds of a question of which nothing is known, and what each tree adds."""
    names = [name for name in rows[0].features if name not in {"bias", *LEFT_OUT[kind], *BY_HAND[kind]}]
    signs = [-1 if name in AGAINST else 1 for name in names]
    _validate(rows, kind, names, lambda *train: Boosted(signs).fit(*train).predict)
    boosted = Boosted(signs).fit(*_arrays(rows, names))
    return boosted.log_odds, boosted.written(names)


def _validate(rows: Sequence[Row], kind: str, names: Sequence[str], fit_to: Callable[..., Callable[..., Any]]) -> None:
    """Prints the ROC AUC of what is fitted to the other sources, with the weights set by hand."""
    values, answerable, weights = _arrays(rows, names)
    folds = np.array([sum(row.source.encode()) % FOLDS for row in rows])
    predicted = np.array([sum(weight * row.features[name] for name, weight in BY_HAND[kind].items()) for row in rows])
    for fold_number in set(folds):
        train, test = folds != fold_number, folds == fold_number
        predicted[test] += fit_to(values[train], answerable[train], weights[train])(values[test])
    groups = {"written": weights == 1.0, "essays": np.array([row.source.startswith("essays") for row in rows])}
    said = [
        f"{name} {roc_auc_score(answerable[some], predicted[some]):.3f}" for name, some in groups.items() if any(some)
    ]
    print(f"{kind}: {len(rows)} rows, ROC AUC {', '.join(said)}")


def _arrays(rows: Sequence[Row], names: Sequence[str]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Returns the features (rows, names), which rows are answerable, and the rows' weights."""
    values = np.array([[row.features[name] for name in names] for row in rows])
    return values, np.array([row.answerable for row in rows]), np.array([row.weight for row in rows])


def fit_sureness(marked: Sequence[tuple[float, bool]]) -> dict[str, float]:
    """Fits the probability that marked words are right (Platt 1999)."""
    values = np.array([[reading] for reading, _ in marked])
    fitted = LogisticRegression(C=10.0).fit(values, [right for _, right in marked])
    print(f"short: {len(marked)} spans, {np.mean([right for _, right in marked]):.2f} right")
    return {"bias": round(float(fitted.intercept_[0]), 3), "reading": round(float(fitted.coef_[0][0]), 3)}


if __name__ == "__main__":
    typer.run(main)
