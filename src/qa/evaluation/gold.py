"""A file of questions -> gold questions; what is wrong in it is named with file and line."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.errors import EvaluationError
from qa.records import Turn

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

__all__ = ["FAR_MISS", "NEAR_MISS", "GoldQuestion", "check_articles", "read_questions"]

NEAR_MISS = "near_miss"  # the kinds of questions that the articles do not answer
FAR_MISS = "far_miss"
_FIELDS: dict[str, type] = {
    "id": str,
    "question": str,
    "lang": str,
    "kind": str,
    "answers": list,
    "article_ids": list,
    "answerable": bool,
    "history": list,
    "today": str,
}
_NEEDED = ("id", "question")


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question, the answers of which any one counts, and the articles that hold them.

    `history` holds the turns before it, `today` is the day it is asked on; `kind` is any word to group by.
    """

    id: str
    question: str
    language: str = ""
    kind: str = ""
    answers: tuple[str, ...] = ()
    article_ids: frozenset[str] = frozenset()
    answerable: bool = True
    history: tuple[Turn, ...] = ()
    today: dt.date | None = None


def read_questions(path: Path) -> list[GoldQuestion]:
    """Reads one JSON object a line: `id`, `question` and, where they are known, the other fields.

    Raises:
        EvaluationError: the file cannot be read, is empty or not UTF-8, or a line is no question; file and line are
            named.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise EvaluationError(f"Cannot read {str(path)!r}: {error.strerror}. Name a file of questions.") from error
    except UnicodeDecodeError as error:
        at = path.read_bytes()[: error.start].count(b"\n") + 1
        raise EvaluationError(f"{path}:{at}: not UTF-8. Save the file as UTF-8.") from error
    golds: dict[str, GoldQuestion] = {}
    for number, line in enumerate(lines, start=1):
        if line.strip():
            gold = _gold(line, f"{path}:{number}")
            if gold.id in golds:
                raise EvaluationError(f"{path}:{number}: the id {gold.id!r} stands twice. Give each question its own.")
            golds[gold.id] = gold
    if not golds:
        raise EvaluationError(f"{path}: no questions. Write one JSON object a line.")
    return list(golds.values())


def check_articles(golds: Iterable[GoldQuestion], known: Collection[str], path: Path) -> None:
    """Checks that the articles that hold the answers are there.

    Raises:
        EvaluationError: a question names an article that the corpus lacks.
    """
    for gold in golds:
        for name in sorted(gold.article_ids):
            if name not in known:
                raise EvaluationError(
                    f"{path}: question {gold.id!r} names the article {name!r}, which the corpus lacks. Correct it, or"
                    " mark the question as not answerable."
                )


def _gold(line: str, place: str) -> GoldQuestion:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise EvaluationError(f"{place}: not JSON: {error.msg} at character {error.colno}.") from error
    if not isinstance(row, dict):
        raise EvaluationError(f"{place}: not a JSON object.")
    _check_fields(row, place)
    try:
        return GoldQuestion(
            id=row["id"],
            question=row["question"],
            language=row.get("lang", ""),
            kind=row.get("kind", ""),
            answers=tuple(row.get("answers", ())),
            article_ids=frozenset(row.get("article_ids", ())),
            answerable=row.get("answerable", True),
            history=tuple(Turn(turn["question"], turn.get("answer", "")) for turn in row.get("history", ())),
            today=dt.date.fromisoformat(row["today"]) if "today" in row else None,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise EvaluationError(f'{place}: history holds turns such as {{"question": "…", "answer": "…"}}.') from error
    except ValueError as error:
        raise EvaluationError(f"{place}: today is {row['today']!r}; write a day as 2025-07-30.") from error


def _check_fields(row: dict[str, Any], place: str) -> None:
    for name, value in row.items():
        if name not in _FIELDS:
            raise EvaluationError(f"{place}: unknown field {name!r}. Known are: {', '.join(_FIELDS)}.")
        if not isinstance(value, _FIELDS[name]):
            raise EvaluationError(f"{place}: {name} is {value!r}, not {_FIELDS[name].__name__}.")
    for name in _NEEDED:
        if not str(row.get(name, "")).strip():
            raise EvaluationError(f"{place}: {name} is missing or blank.")
    for name in ("answers", "article_ids"):
        if not all(isinstance(item, str) and item.strip() for item in row.get(name, ())):
            raise EvaluationError(f"{place}: {name} holds something that is not text: {row[name]!r}.")
