"""Questions with their passages -> windows with the answer marked, and windows that do not answer."""

from __future__ import annotations

import dataclasses
import random
from typing import TYPE_CHECKING

from qa.text.folding import has_han, to_simplified, to_traditional
from training.reader.data import Example
from training.reader.glossing import gloss
from training.reader.rewording import reword
from training.reader.subjects import about_another
from training.reader.windows import answering, not_answering

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from training.reader.data import Data, Gold

__all__ = ["draw_examples", "gold_examples", "in_batches", "news_examples", "worded_examples"]

NEGATIVES = 0.55  # windows that do not answer, for each that does
OTHER_SUBJECT = 0.2  # share of these that answer, were it not for another name or figure in the question
NEAR = 0.4  # share of the questions in a reader's words that come with one which their window leaves open
SIMPLIFIED_PAIRS = 0.15  # share of pairs turned into Simplified Chinese as a whole
OTHER_SCRIPT = 0.25  # share of questions put in the other script than they were asked in
GLOSSED = 0.2  # share of Chinese questions put word by word into English
REWORDED = 0.4  # share of Chinese questions put into other Chinese words
OF_NEWS = 0.8  # share of the questions about news that come with one which their article leaves open
NEWS_NEGATIVES = 0.4  # windows that do not answer, for each question about news
REPLAYED = 0.5  # share of the other questions in a round that learns from news
ENGLISH_TIMES = 3  # English questions are few: each comes this often in an epoch


def draw_examples(data: Data, epoch: int, seed: int, news: Data | None = None) -> list[Example]:
    """Draws one epoch: every question with a window that answers it, and some with one that does not.

    With news its questions come, and a share of the others.
    """
    draw = random.Random(f"{seed}-{epoch}")
    examples = []
    if news:
        examples = [_other_script(example, draw) for gold in news.learn for example in _of_news(gold, news, draw)]
    for gold in draw.sample(data.learn, round(REPLAYED * len(data.learn))) if news else data.learn:
        if gold.id in data.wordings:
            examples += [_other_script(example, draw) for example in _in_own_words(gold, data, draw)]
        for _ in range(ENGLISH_TIMES if gold.in_english else 1):
            examples.append(_put_otherwise(answering(gold, data.texts[gold.article_id], draw), draw))
            if draw.random() < NEGATIVES:
                missing = _of_another(gold, data, draw) or not_answering(gold, data, draw)
                examples += [_put_otherwise(missing, draw)] if missing else []
    draw.shuffle(examples)
    return examples


def _in_own_words(gold: Gold, data: Data, draw: random.Random) -> Iterator[Example]:
    """Yields a question in a reader's own words, with a window that does not answer it, and what it leaves open."""
    wording = data.wordings[gold.id]
    right = answering(gold, data.texts[gold.article_id], draw)
    yield dataclasses.replace(right, question=wording.question)
    if draw.random() < NEGATIVES:
        missing = not_answering(gold, data, draw)
        if missing:
            yield dataclasses.replace(missing, question=wording.question)
    if draw.random() < NEAR:
        yield Example(wording.near, right.window, None)


def _of_news(gold: Gold, news: Data, draw: random.Random) -> Iterator[Example]:
    """Yields a question about news, with a window that does not answer it, and one that its article leaves open."""
    right = answering(gold, news.texts[gold.article_id], draw)
    yield right
    missing = not_answering(gold, news, draw) if draw.random() < NEWS_NEGATIVES else None
    if missing:
        yield missing
    if draw.random() < OF_NEWS:
        yield Example(draw.choice(news.left_open[gold.article_id]), right.window, None)


def gold_examples(data: Data, count: int, seed: int) -> list[tuple[Gold, Example, Example | None]]:
    """Draws held-out questions with a window that answers and, where one can be made, one that does not."""
    draw = random.Random(seed)
    golds = draw.sample(data.held_out, min(count, len(data.held_out)))
    return [
        (gold, answering(gold, data.texts[gold.article_id], draw), not_answering(gold, data, draw)) for gold in golds
    ]


def worded_examples(data: Data, seed: int) -> list[tuple[Gold, Example, Example | None, Example]]:
    """Draws held-out questions in readers' own words, each also with a question that its window leaves open."""
    draw = random.Random(seed)
    found = []
    for gold in (gold for gold in data.held_out if gold.id in data.wordings):
        wording = data.wordings[gold.id]
        right, wrong = answering(gold, data.texts[gold.article_id], draw), not_answering(gold, data, draw)
        worded = dataclasses.replace(gold, question=wording.question)
        found.append((worded, right, wrong, Example(wording.near, right.window, None)))
    return found


def news_examples(news: Data, seed: int) -> list[tuple[Gold, Example, Example | None, Example]]:
    """Draws held-out questions about news likewise."""
    draw = random.Random(seed)
    found = []
    for gold in news.held_out:
        right, wrong = answering(gold, news.texts[gold.article_id], draw), not_answering(gold, news, draw)
        found.append((gold, right, wrong, Example(draw.choice(news.left_open[gold.article_id]), right.window, None)))
    return found


def _of_another(gold: Gold, data: Data, draw: random.Random) -> Example | None:
    """Now and then takes a window that answers and asks it for something else of the same kind."""
    if draw.random() >= OTHER_SUBJECT:
        return None
    window = answering(gold, data.texts[gold.article_id], draw).window
    source = gold.source if draw.random() < 0.5 else draw.choice(list(data.asked))
    asked = about_another(gold.question, window, data.asked[source], draw)
    return Example(asked, window, None) if asked else None


def _put_otherwise(example: Example, draw: random.Random) -> Example:
    """Lets readers ask in other words, languages and scripts than the questions' authors did."""
    lot = draw.random() if has_han(example.question) else 1.0
    if lot < GLOSSED:
        return dataclasses.replace(example, question=gloss(example.question, draw))
    if lot < GLOSSED + REWORDED:
        example = dataclasses.replace(example, question=reword(example.question, draw))
    return _other_script(example, draw)


def _other_script(example: Example, draw: random.Random) -> Example:
    """Puts the question, or question and window, into the other script where that moves no offset."""
    question, window = example.question, example.window
    if draw.random() < OTHER_SCRIPT:
        question = to_traditional(question) if to_simplified(question) == question else to_simplified(question)
    if draw.random() < SIMPLIFIED_PAIRS:
        question, simplified = to_simplified(question), to_simplified(window)
        window = simplified if len(simplified) == len(window) else window
    return Example(question, window, example.answer)


def in_batches(examples: Sequence[Example], size: int, seed: int) -> Iterator[list[Example]]:
    """Yields batches of like length, in random order: padding is work for nothing."""
    draw = random.Random(seed)
    pool = size * 32
    batches = []
    for at in range(0, len(examples), pool):
        some = sorted(examples[at : at + pool], key=lambda example: len(example.window) + len(example.question))
        batches += [some[start : start + size] for start in range(0, len(some), size)]
    draw.shuffle(batches)
    yield from batches
