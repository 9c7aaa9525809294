"""The prompts: one Markdown file for each task and language, the rules above a line of three dashes, the task below."""

from __future__ import annotations

import functools
import importlib.resources
import string
from typing import TYPE_CHECKING

from qa.llm import Message
from qa.quoting import shown
from qa.text.folding import plain
from qa.wording import LANGUAGES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from qa.records import Citation, Turn

__all__ = ["answer_messages", "follow_up_messages"]

QUESTION_MAX_CHARS = 500  # of what is sent; every hundred tokens cost a second on a CPU
EVIDENCE_MAX_CHARS = 240  # of one sentence
HEADLINE_MAX_CHARS = 40
TURN_MAX_CHARS = 200  # of a question or an answer before
TURNS = 4
_BREAK = "\n---\n"


def answer_messages(question: str, evidence: Sequence[Citation], language: str, today: dt.date) -> list[Message]:
    """Asks for an answer from numbered sentences, each with its date and headline."""
    lines = "\n".join(map(_line, evidence))
    return _filled("answer", language, today=today, evidence=lines, question=_one_line(question, QUESTION_MAX_CHARS))


def follow_up_messages(question: str, history: Sequence[Turn], language: str) -> list[Message]:
    """Asks for a question that stands alone."""
    turns = [
        f"Q: {_one_line(turn.question, TURN_MAX_CHARS)}\nA: {_one_line(turn.answer, TURN_MAX_CHARS)}"
        for turn in history[-TURNS:]
    ]
    asked = _one_line(question, QUESTION_MAX_CHARS)
    return _filled("follow_up", language, history="\n".join(turns), question=asked)


def _filled(name: str, language: str, **values: object) -> list[Message]:
    rules, task = _prompt(name, language if language in LANGUAGES else LANGUAGES[0])
    return [Message("system", rules), Message("user", string.Template(task).substitute(values))]


@functools.cache
def _prompt(name: str, language: str) -> tuple[str, str]:
    file = importlib.resources.files("qa").joinpath("prompts", f"{name}.{language}.md")
    rules, _, task = file.read_text(encoding="utf-8").partition(_BREAK)
    return rules.strip(), task.strip()


def _line(citation: Citation) -> str:
    day = citation.published.isoformat() if citation.published else None
    headline = _one_line(citation.title, HEADLINE_MAX_CHARS)
    about = " ".join(filter(None, [day, f"《{headline}》" if headline else None]))
    quote = _one_line(shown(citation.quote), EVIDENCE_MAX_CHARS)
    return f"[{citation.n}] {f'({about}) ' if about else ''}{quote}"


def _one_line(text: str, max_chars: int) -> str:
    """Returns a text without breaks and hidden characters, cut short."""
    line = " ".join(plain(text).split())
    return line if len(line) <= max_chars else line[: max_chars - 1] + "…"
