"""The questions on which the confidence is measured, each over corpora that answer it or do not."""

from __future__ import annotations

import dataclasses
import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from qa import Article
from qa.evaluation import GoldQuestion, read_questions
from qa.text.folding import fold, has_han
from training.reader.data import is_held_out
from training.reader.glossing import gloss
from training.reader.rewording import reword
from training.reader.subjects import about_another

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Mapping, Sequence

    from training.wordings import Wording

__all__ = ["Asked", "all_asked", "cut", "in_own_words", "put_otherwise", "sample", "sources_of"]

ESSAYS = Path(__file__).with_name("essays")
REWORDED = 0.5  # share of the Chinese questions that come a second time, reworded
GLOSSED = 0.5  # share of those put into English, in part; the others are put into other Chinese words
REWORDED_WORDS = (0.2, 0.6)  # share of the words put into English
OTHER_SUBJECT = 0.3  # share of the answerable questions that come once more, about another subject or year
ESSAYS_WEIGHT = 0.35  # of one about made-up essays


class Asked(NamedTuple):
    """Questions over one corpus; `weight` is that of each.

    With `with_reader` they are measured with the reader only. As `written` they keep near the articles' words, so that
    they come once more in others, and over cuts of the corpus. With `unseen` the reader has learnt of no source.
    """

    name: str
    articles: list[Article]
    questions: list[GoldQuestion]
    with_reader: bool = False
    written: bool = True
    unseen: bool = False
    weight: float = 1.0


def all_asked(folder: Path, articles: Mapping[str, Article]) -> Iterator[Asked]:
    """Yields the questions of the folder and over made-up essays, each with its corpus."""
    for name in ("abstain", "abstain_near"):
        left = [json.loads(line)["id"] for line in (folder / name / "corpus.jsonl").open(encoding="utf-8")]
        questions = read_questions(folder / name / "questions.jsonl")
        yield Asked(name, [articles[article_id] for article_id in left], questions)
    held = sorted(article.id for article in articles.values() if is_held_out(article.source or ""))
    questions = [g for g in read_questions(folder / "questions_all.jsonl") if g.article_ids <= set(held)]
    for half in (0, 1):
        gone = set(held[half::2])
        kept = [article for article in articles.values() if article.id not in gone]
        yield Asked(f"half {half}", kept, _without(questions, gone, articles), with_reader=True)
    yield from _essays()


def _essays() -> Iterator[Asked]:
    """Yields questions over three long articles at a time, none of which the reader learns from."""
    rows = [json.loads(line) for line in (ESSAYS / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
    questions = read_questions(ESSAYS / "questions.jsonl")
    for name in dict.fromkeys(row["source"] for row in rows):
        articles = [Article(**row) for row in rows if row["source"] == name]
        asked = [gold for gold in questions if gold.id.startswith(f"{name}-")]
        yield Asked(name, articles, asked, with_reader=True, written=False, unseen=True, weight=ESSAYS_WEIGHT)


def _without(questions: Sequence[GoldQuestion], gone: set[str], articles: Mapping[str, Article]) -> list[GoldQuestion]:
    """Marks what can no longer be answered, and leaves out what a neighbour may still answer."""
    left = defaultdict(list)
    for article in articles.values():
        if article.id not in gone:
            left[article.source].append(fold(article.text))
    asked = []
    for gold in questions:
        near = left[articles[min(gold.article_ids)].source]
        if not gold.article_ids & gone:
            asked.append(gold)
        elif not any(fold(answer) in text for answer in gold.answers for text in near):
            asked.append(dataclasses.replace(gold, answerable=False, article_ids=frozenset()))
    return asked


def put_otherwise(
    gold: GoldQuestion, texts: Mapping[str, str], others: Sequence[str], draw: random.Random
) -> Iterator[GoldQuestion]:
    """Yields a question once more, reworded, and about another subject or year, which nothing answers."""
    if has_han(gold.question) and draw.random() < REWORDED:
        yield dataclasses.replace(gold, question=_reworded(gold.question, draw))
    if gold.answerable and draw.random() < OTHER_SUBJECT:
        asked = about_another(gold.question, texts[min(gold.article_ids)], others, draw)
        if asked:
            yield dataclasses.replace(gold, question=asked, answerable=False)


def in_own_words(gold: GoldQuestion, wordings: Mapping[str, Wording]) -> Iterator[GoldQuestion]:
    """Yields a question in a reader's own words, and the one that it leaves open."""
    if gold.id in wordings:
        wording = wordings[gold.id]
        yield dataclasses.replace(gold, question=wording.question)
        yield dataclasses.replace(gold, question=wording.near, answerable=False)


def _reworded(question: str, draw: random.Random) -> str:
    return gloss(question, draw, REWORDED_WORDS) if draw.random() < GLOSSED else reword(question, draw)


def sources_of(folder: Path, articles: Mapping[str, Article]) -> dict[str, str]:
    """Returns the source of each of the folder's questions; what is made up names it at the beginning of its id."""
    questions = read_questions(folder / "questions_all.jsonl")
    return {gold.id: articles[min(gold.article_ids)].source or "" for gold in questions}


def sample(questions: Sequence[GoldQuestion], size: int, draw: random.Random) -> list[GoldQuestion]:
    """Draws as many questions with an answer as without."""
    answerable = draw.sample([gold for gold in questions if gold.answerable], size)
    return answerable + draw.sample([gold for gold in questions if not gold.answerable], size)


def cut(
    questions: Sequence[GoldQuestion], articles: Sequence[Article], size: int, draw: random.Random
) -> list[Article]:
    """Returns the articles that hold the answers, and as many of their neighbours."""
    needed = {name for gold in questions for name in gold.article_ids}
    near = {article.source for article in articles if article.id in needed}
    neighbours = [article for article in articles if article.source in near and article.id not in needed]
    chosen = draw.sample(neighbours, min(size, len(neighbours)))
    return [article for article in articles if article.id in needed] + chosen
