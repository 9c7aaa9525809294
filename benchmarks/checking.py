"""How many wrong sentences of a language model are caught, how many right ones dropped, and how long checking takes."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.intervals import percent
from qa.checking import Checker
from qa.dictionary import compile_dictionary
from qa.questions import understand
from qa.records import Citation
from qa.text.folding import has_han
from qa.text.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.dictionary import Dictionary

__all__ = [
    "PARTS_OF_TABLE",
    "Row",
    "checker_of",
    "dictionary_of",
    "measure_checking",
    "measure_checking_time",
    "read_table",
]

TABLE = Path(__file__).parents[1] / "tests" / "checking"
# The first rules were written from `seen`, later and more general ones from `new subjects`; `held out` was looked at
# once, and no rule was written from `other subjects`, whose subjects none of the others has.
PARTS_OF_TABLE = ("seen", "new subjects", "held out", "other subjects")
READ_LATER = dt.timedelta(days=20)  # from the newest article to the day on which the question is asked
SENTENCES_AN_ANSWER = 4
SLOWEST = 95  # percentile that is printed


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence as a model might write it; `part` says what its failures were used for, as in `PARTS_OF_TABLE`."""

    evidence: tuple[Citation, ...]
    question: str
    sentence: str
    kind: str
    right: bool
    part: str

    @property
    def crosses_languages(self) -> bool:
        """Tells whether the sentence is in another language than the evidence."""
        return has_han(self.sentence) != has_han(self.evidence[0].quote)


def read_table() -> list[Row]:
    """Reads the sentences and the evidence that each was given."""
    quotes = {item["id"]: item for item in _lines("evidence.jsonl")}
    return [
        Row(
            tuple(_citation(n, quotes[name]) for n, name in enumerate(line["evidence"], start=1)),
            line["question"],
            line["sentence"],
            line["kind"],
            line["right"],
            line["part"],
        )
        for line in _lines("sentences.jsonl")
    ]


def dictionary_of(rows: Sequence[Row]) -> Dictionary:
    """Compiles the dictionary of the articles that the evidence stands for."""
    texts = {text for row in rows for citation in row.evidence for text in (citation.title, citation.quote)}
    return compile_dictionary(set(tokenize(" ".join(sorted(texts)))))


def checker_of(row: Row, dictionary: Dictionary) -> Checker:
    """Makes the checker of the answer that a sentence is part of."""
    today = max(citation.published or dt.date.min for citation in row.evidence) + READ_LATER
    return Checker(row.evidence, understand(row.question), dictionary, None, today)


def measure_checking() -> list[list[str]]:
    """Returns rows of kind, number and share kept or caught, for each part of the table."""
    rows = read_table()
    dictionary = dictionary_of(rows)
    passed: defaultdict[tuple[bool, str, str], list[bool]] = defaultdict(list)
    for row in rows:
        is_as_wished = checker_of(row, dictionary).check(row.sentence).supported is row.right
        for kind in ("all", row.kind):
            passed[row.right, kind, row.part].append(is_as_wished)
    kinds = sorted({(right, kind) for right, kind, _ in passed}, key=lambda key: (not key[0], key[1] != "all", key[1]))
    return [
        [
            f"{'right, kept' if right else 'wrong, caught'}: {kind}",
            *(cell for part in PARTS_OF_TABLE for cell in _cells(passed[right, kind, part])),
        ]
        for right, kind in kinds
    ]


def measure_checking_time() -> list[list[str]]:
    """Returns rows of measure and value: milliseconds of processor time an answer, the evidence's preparation in it."""
    rows = read_table()
    dictionary = dictionary_of(rows)
    for row in (rows[0], next(row for row in rows if row.crosses_languages)):
        checker_of(row, dictionary).check(row.sentence)  # reads CC-CEDICT
    table = []
    for crosses, name in ((False, "in the articles' language"), (True, "in another language")):
        spent = [_seconds(answer, dictionary) * 1000 for answer in _answers(rows, crosses)]
        mean, slowest = f"{np.mean(spent):.1f}", f"{np.percentile(spent, SLOWEST):.1f}"
        table.append([f"an answer {name} ({len(spent)}), mean / 95th percentile, ms", f"{mean} / {slowest}"])
    return [*table, ["query embeddings an answer", "0"]]


def _answers(rows: Sequence[Row], crosses: bool) -> Iterator[list[Row]]:
    wanted = [row for row in rows if row.crosses_languages is crosses]
    for _, group in itertools.groupby(wanted, key=lambda row: (row.question, row.evidence)):
        sentences = list(group)
        for start in range(0, len(sentences), SENTENCES_AN_ANSWER):
            yield sentences[start : start + SENTENCES_AN_ANSWER]


def _seconds(answer: Sequence[Row], dictionary: Dictionary) -> float:
    began = time.process_time()
    checker = checker_of(answer[0], dictionary)
    for row in answer:
        checker.check(row.sentence)
    return time.process_time() - began


def _cells(passed: Sequence[bool]) -> list[str]:
    return [str(len(passed)), percent(passed)]


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (TABLE / name).open(encoding="utf-8")]


def _citation(n: int, item: dict[str, Any]) -> Citation:
    quote = item["quote"]
    return Citation(
        n=n,
        article_id=item["id"],
        title=item["title"],
        url=None,
        author=None,
        source=None,
        published=dt.date.fromisoformat(item["published"]),
        start=0,
        end=len(quote),
        quote=quote,
        paragraph_start=0,
        paragraph_end=len(quote),
    )
