"""A file of questions -> gold questions; what is wrong in it is named with file and line."""

from __future__ import annotations

import datetime as dt
import json
import reprlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.errors import EvaluationError, QuestionError
from qa.questions import check_question
from qa.records import Turn
from qa.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

__all__ = ["FAR_MISS", "GREETING", "NEAR_MISS", "GoldQuestion", "check_articles", "read_questions"]

NEAR_MISS = "near_miss"  # the kinds of questions that the articles do not answer
FAR_MISS = "far_miss"
GREETING = "greeting"  # the kind of what asks nothing: it is to be greeted, not answered or declined
MAX_CHARS: int = Settings.model_fields["max_question_chars"].default
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
_TURN_FIELDS = ("question", "answer")


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question, the answers of which any one counts, and the articles that hold them.

    `history` holds the turns before it, `today` is the day it is asked on; `kind` is any word to group by; `line` is
    where it stands in its file, 0 where it comes from none.
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
    line: int = 0


def read_questions(path: Path, max_chars: int = MAX_CHARS) -> list[GoldQuestion]:
    """Reads one JSON object a line: `id`, `question` and, where they are known, the other fields.

    A question may have at most `max_chars` characters, as many as the engine takes.

    Raises:
        EvaluationError: the file cannot be read, is empty or not UTF-8, or a line is no question; file and line are
            named.
    """
    golds: dict[str, GoldQuestion] = {}
    for number, line in enumerate(_lines(path), start=1):
        if line.strip():
            gold = _gold(line, path, number, max_chars)
            if gold.id in golds:
                raise EvaluationError(f"{path}:{number}: the id {gold.id!r} stands twice. Give each question its own.")
            golds[gold.id] = gold
    if not golds:
        raise EvaluationError(f"{path}: no questions. Write one JSON object a line.")
    return list(golds.values())


def check_articles(golds: Iterable[GoldQuestion], known: Collection[str], path: Path) -> None:
    """Checks that the articles that questions name are there, those of unanswerable questions too.

    Raises:
        EvaluationError: a question names an article that the corpus lacks.
    """
    for gold in golds:
        for name in sorted(gold.article_ids):
            if name not in known:
                place = f"{path}:{gold.line}" if gold.line else str(path)
                raise EvaluationError(
                    f"{place}: question {gold.id!r} names the article {name!r}, which the corpus lacks. Correct the"
                    " id, add the article, or take it out of article_ids."
                )


def _lines(path: Path) -> list[str]:
    """Splits at line feeds alone: JSON strings may hold what else ends a line of text, such as U+2028."""
    try:
        return path.read_bytes().decode("utf-8-sig").split("\n")
    except OSError as error:
        raise EvaluationError(f"Cannot read {str(path)!r}: {error.strerror}. Name a file of questions.") from error
    except UnicodeDecodeError as error:
        at = error.object[: error.start].count(b"\n") + 1
        raise EvaluationError(f"{path}:{at}: not UTF-8. Save the file as UTF-8.") from error


def _gold(line: str, path: Path, number: int, max_chars: int) -> GoldQuestion:
    place = f"{path}:{number}"
    row = _row(line, place)
    _check_fields(row, place)
    try:
        check_question(row["question"], max_chars)
    except QuestionError as error:
        raise EvaluationError(f"{place}: {error}") from error
    return GoldQuestion(
        id=row["id"],
        question=row["question"],
        language=row.get("lang", ""),
        kind=row.get("kind", ""),
        answers=tuple(row.get("answers", ())),
        article_ids=frozenset(row.get("article_ids", ())),
        answerable=row.get("answerable", True),
        history=tuple(_turn(turn, place) for turn in row.get("history", ())),
        today=_day(row["today"], place) if "today" in row else None,
        line=number,
    )


def _row(line: str, place: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise EvaluationError(f"{place}: not JSON: {error.msg} at character {error.colno}.") from error
    except ValueError as error:
        raise EvaluationError(f"{place}: not JSON: a number has too many digits.") from error
    except RecursionError as error:
        raise EvaluationError(f"{place}: not JSON: lists or objects stand too deep in one another.") from error
    if not isinstance(row, dict):
        raise EvaluationError(f"{place}: not a JSON object.")
    return row


def _check_fields(row: dict[str, Any], place: str) -> None:
    for name, value in row.items():
        if name not in _FIELDS:
            raise EvaluationError(f"{place}: unknown field {name!r}. Known are: {', '.join(_FIELDS)}.")
        if not isinstance(value, _FIELDS[name]):
            raise EvaluationError(f"{place}: {name} is {reprlib.repr(value)}, not {_FIELDS[name].__name__}.")
    for name in _NEEDED:
        if not str(row.get(name, "")).strip():
            raise EvaluationError(f"{place}: {name} is missing or blank.")
    for name in ("answers", "article_ids"):
        if not all(isinstance(item, str) and item.strip() for item in row.get(name, ())):
            raise EvaluationError(f"{place}: {name} holds something that is not text: {reprlib.repr(row[name])}.")
    for name, value in row.items():
        for text in value if isinstance(value, list) else [value]:
            _check_characters(text, name, place)


def _check_characters(text: object, name: str, place: str) -> None:
    if isinstance(text, str) and any("\ud800" <= character <= "\udfff" for character in text):
        raise EvaluationError(f"{place}: {name} holds half a character: {reprlib.repr(text)}. Write it whole.")


def _turn(turn: object, place: str) -> Turn:
    example = '{"question": "…", "answer": "…"}'
    if not isinstance(turn, dict) or not isinstance(turn.get("question"), str):
        raise EvaluationError(f"{place}: history holds turns such as {example}, not {reprlib.repr(turn)}.")
    for name, value in turn.items():
        if name not in _TURN_FIELDS:
            raise EvaluationError(f"{place}: unknown field {name!r} in history. Write turns such as {example}.")
        if not isinstance(value, str):
            raise EvaluationError(f"{place}: {name} in history is {reprlib.repr(value)}, not str.")
        _check_characters(value, "history", place)
    return Turn(**turn)


def _day(text: str, place: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise EvaluationError(f"{place}: today is {reprlib.repr(text)}; write a day as 2025-07-30.") from error
