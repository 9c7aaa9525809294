"""Questions with their passages -> windows with the answer marked, and windows that do not answer."""

from __future__ import annotations

import dataclasses
import functools
import json
import random
import re
import zlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import bm25s

from qa.text.folding import fold, has_han, to_simplified, to_traditional
from qa.text.sentences import split_paragraphs
from qa.text.tokens import tokenize
from training.reader.glossing import gloss
from training.reader.rewording import reword
from training.reader.subjects import about_another

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = ["Data", "Example", "Gold", "draw_examples", "gold_examples", "in_batches", "is_held_out", "read_data"]

HELD_OUT = 0.15  # of the sources
WINDOW_CHARS = (80, 260)  # a window's length is drawn from this range: the reader is to bear any
NEGATIVES = 0.55  # windows that do not answer, for each that does
OTHER_SUBJECT = 0.2  # share of these that answer, were it not for another name or figure in the question
SIMPLIFIED_PAIRS = 0.15  # share of pairs turned into Simplified Chinese as a whole
OTHER_SCRIPT = 0.25  # share of questions put in the other script than they were asked in
GLOSSED = 0.2  # share of Chinese questions put word by word into English
REWORDED = 0.4  # share of Chinese questions put into other Chinese words
ENGLISH_TIMES = 3  # English questions are few: each comes this often in an epoch
SIMILAR = 12  # passages that BM25 finds nearest, other than the question's own
# How windows that do not answer are made, and how often.
MAKERS = {"similar": 0.4, "neighbour": 0.25, "without": 0.25, "random": 0.1}


@dataclass(frozen=True, slots=True)
class Gold:
    """A question and the passage that answers it."""

    id: str
    question: str
    answers: tuple[str, ...]
    article_id: str
    source: str

    @property
    def in_english(self) -> bool:
        """Tells whether question and passage are in different languages."""
        return not has_han(self.question)


@dataclass(frozen=True, slots=True)
class Example:
    """A question, a window, and the answer's place in it, or None where it does not answer."""

    question: str
    window: str
    answer: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Data:
    """All passages by id, their sources, the questions to learn from, those held out, the first by source."""

    texts: dict[str, str]
    by_source: dict[str, list[str]]
    similar: dict[str, list[str]]
    learn: list[Gold]
    held_out: list[Gold]
    asked: dict[str, list[str]]


def read_data(folder: Path) -> Data:
    """Reads `corpus.jsonl` and `questions_all.jsonl`, and splits the questions by source."""
    articles = [json.loads(line) for line in (folder / "corpus.jsonl").open(encoding="utf-8")]
    texts = {article["id"]: article["text"] for article in articles}
    sources = {article["id"]: article["source"] for article in articles}
    by_source: defaultdict[str, list[str]] = defaultdict(list)
    for name, source in sources.items():
        by_source[source].append(name)
    rows = [json.loads(line) for line in (folder / "questions_all.jsonl").open(encoding="utf-8")]
    golds = [
        Gold(row["id"], row["question"], tuple(row["answers"]), row["article_ids"][0], sources[row["article_ids"][0]])
        for row in rows
    ]
    golds = [gold for gold in golds if any(answer in texts[gold.article_id] for answer in gold.answers)]
    learn = [gold for gold in golds if not is_held_out(gold.source)]
    held_out = [gold for gold in golds if is_held_out(gold.source)]
    asked: defaultdict[str, list[str]] = defaultdict(list)
    for gold in learn:
        asked[gold.source].append(gold.question)
    return Data(texts, dict(by_source), _similar(texts, golds), learn, held_out, dict(asked))


def is_held_out(source: str) -> bool:
    """Splits by source, each time alike and whatever else is in the data."""
    return zlib.crc32(source.encode()) % 1000 < 1000 * HELD_OUT


def draw_examples(data: Data, epoch: int, seed: int) -> list[Example]:
    """Draws one epoch: every question with a window that answers it, and some with one that does not."""
    draw = random.Random(f"{seed}-{epoch}")
    examples = []
    for gold in data.learn:
        for _ in range(ENGLISH_TIMES if gold.in_english else 1):
            examples.append(_put_otherwise(_answering(gold, data.texts[gold.article_id], draw), draw))
            if draw.random() < NEGATIVES:
                missing = _of_another(gold, data, draw) or _not_answering(gold, data, draw)
                examples += [_put_otherwise(missing, draw)] if missing else []
    draw.shuffle(examples)
    return examples


def gold_examples(data: Data, count: int, seed: int) -> list[tuple[Gold, Example, Example | None]]:
    """Draws held-out questions with a window that answers and, where one can be made, one that does not."""
    draw = random.Random(seed)
    golds = draw.sample(data.held_out, min(count, len(data.held_out)))
    return [
        (gold, _answering(gold, data.texts[gold.article_id], draw), _not_answering(gold, data, draw)) for gold in golds
    ]


def _answering(gold: Gold, text: str, draw: random.Random) -> Example:
    start, end = _place(gold, text)
    sentences = _sentences(text)
    inside = [at for at, (a, b) in enumerate(sentences) if a < end and start < b]
    if not inside:  # the answer stands in a heading
        return Example(gold.question, text[start:end], (0, end - start))
    a, b = _grow(sentences, inside[0], inside[-1], draw.randint(*WINDOW_CHARS), draw)
    a, b = min(a, start), max(b, end)
    return Example(gold.question, text[a:b], (start - a, end - a))


def _place(gold: Gold, text: str) -> tuple[int, int]:
    """Finds the answer where the sentence around it has most in common with the question."""
    asked = frozenset(tokenize(gold.question))
    places = [
        match.span() for answer in gold.answers for match in re.finditer(re.escape(answer), text) if answer.strip()
    ]

    def common(place: tuple[int, int]) -> int:
        around = [span for span in _sentences(text) if span[0] < place[1] and place[0] < span[1]]
        return sum(len(asked & frozenset(tokenize(text[a:b]))) for a, b in around)

    return max(places, key=lambda place: (common(place), -place[0]))


def _grow(
    sentences: Sequence[tuple[int, int]], first: int, last: int, chars: int, draw: random.Random
) -> tuple[int, int]:
    """Adds whole sentences on both sides, in a random order, while they fit."""
    while True:
        before = first > 0 and sentences[last][1] - sentences[first - 1][0] <= chars
        after = last + 1 < len(sentences) and sentences[last + 1][1] - sentences[first][0] <= chars
        if before and (not after or draw.random() < 0.5):
            first -= 1
        elif after:
            last += 1
        else:
            return sentences[first][0], sentences[last][1]


def _not_answering(gold: Gold, data: Data, draw: random.Random) -> Example | None:
    """Makes a window of the kind that retrieval brings and that holds none of the accepted answers."""
    for _ in range(4):
        maker = draw.choices(list(MAKERS), list(MAKERS.values()))[0]
        window = _without_answer(gold, data, draw) if maker == "without" else _elsewhere(gold, data, maker, draw)
        if window and not _holds(gold, window):
            return Example(gold.question, window, None)
    return None


def _of_another(gold: Gold, data: Data, draw: random.Random) -> Example | None:
    """Now and then takes a window that answers and asks it for something else of the same kind."""
    if draw.random() >= OTHER_SUBJECT:
        return None
    window = _answering(gold, data.texts[gold.article_id], draw).window
    source = gold.source if draw.random() < 0.5 else draw.choice(list(data.asked))
    asked = about_another(gold.question, window, data.asked[source], draw)
    return Example(asked, window, None) if asked else None


def _elsewhere(gold: Gold, data: Data, maker: str, draw: random.Random) -> str:
    nearby = data.by_source[gold.source]
    pools = {"similar": data.similar[gold.id], "neighbour": nearby, "random": list(data.texts)}
    text = data.texts[draw.choice(pools[maker] or nearby)]
    sentences = _sentences(text)
    if not sentences:
        return ""
    asked = frozenset(tokenize(gold.question))
    chances = [1 + len(asked & frozenset(tokenize(text[a:b]))) ** 2 for a, b in sentences]  # what retrieval would bring
    at = draw.choices(range(len(sentences)), chances)[0]
    start, end = _grow(sentences, at, at, draw.randint(*WINDOW_CHARS), draw)
    return text[start:end]


def _without_answer(gold: Gold, data: Data, draw: random.Random) -> str:
    """Takes the sentence that answers out of a window: everything fits but the one thing asked for."""
    text = data.texts[gold.article_id]
    sentences = [span for span in _sentences(text) if not _holds(gold, text[slice(*span)])]
    if not sentences:
        return ""
    start, _ = _place(gold, text)
    at = min(range(len(sentences)), key=lambda at: abs(sentences[at][0] - start))
    chars, kept = draw.randint(*WINDOW_CHARS), [sentences[at]]
    for span in sorted(sentences, key=lambda span: abs(span[0] - start)):
        if span not in kept and sum(b - a for a, b in [*kept, span]) <= chars:
            kept.append(span)
    return "".join(text[a:b] for a, b in sorted(kept))


def _holds(gold: Gold, window: str) -> bool:
    folded = fold(window)
    return any(fold(answer) in folded for answer in gold.answers)


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


def _similar(texts: dict[str, str], golds: Sequence[Gold]) -> dict[str, list[str]]:
    """Finds the passages that BM25 takes for each question's own; for an English one those like its passage."""
    names = list(texts)
    index = bm25s.BM25()
    index.index([tokenize(texts[name]) for name in names], show_progress=False)
    asked = [tokenize(texts[gold.article_id][:200] if gold.in_english else gold.question) for gold in golds]
    found, _ = index.retrieve(asked, k=SIMILAR, show_progress=False)
    return {
        gold.id: [names[row] for row in rows if names[row] != gold.article_id]
        for gold, rows in zip(golds, found.tolist(), strict=True)
    }


@functools.lru_cache(maxsize=4096)
def _sentences(text: str) -> list[tuple[int, int]]:
    return [span for paragraph in split_paragraphs(text) for span in paragraph.sentences]


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
