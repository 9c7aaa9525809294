"""A follow-up -> a question that stands alone, by the model; what it writes is looked over, for a client sends it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.errors import LanguageModelError
from qa.records import Turn
from qa.text.folding import fold, has_han, plain
from qa.text.numerals import digits
from qa.text.tokens import ENGLISH_STOP_WORDS, latin_words, tokenize
from qa.writing.instructions import addresses_a_machine
from qa.writing.prompts import TURNS, follow_up_messages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.llm import LanguageModel, Stop

__all__ = ["rewrite"]

REWRITTEN_TOKENS = 120
REWRITTEN_MAX_CHARS = 200
COVERED = 0.7  # share of its words that stood in the conversation; words of asking may be new

_LABEL = re.compile(r"^(?:改[寫写](?:後|后)?|問題|问题|rewritten(?: question)?|question|q)\s*[:：]\s*", re.IGNORECASE)
_QUOTED = re.compile(r"^[「“\"'](.*)[」”\"']$")
_FOREIGN = re.compile(r"https?:|www\.|\]\(|<[a-z/!]|[`{}|\[\]]", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_NAME = re.compile(r"[A-Z][A-Za-z0-9]*")


def rewrite(question: str, history: Sequence[Turn], language: str, model: LanguageModel, stop: Stop) -> str | None:
    """Returns the follow-up completed by the model, or None where it cannot or writes what was not said before."""
    history = [Turn(turn.question, "" if addresses_a_machine(turn.answer) else turn.answer) for turn in history]
    try:
        draft = model.write(follow_up_messages(question, history, language), stop, REWRITTEN_TOKENS)
    except LanguageModelError:
        return None
    try:
        written = "".join(draft)
    except LanguageModelError:
        return None
    finally:
        draft.close()
    said = [text for turn in history[-TURNS:] for text in (turn.question, turn.answer)]
    return _usable(written, question, said)


def _usable(written: str, question: str, said: Sequence[str]) -> str | None:
    """Cleans the first line, and keeps it if it is the follow-up with words of the conversation and nothing else."""
    lines = [line for line in plain(written).splitlines() if line.strip()]
    if len(lines) != 1:
        return None
    text = _QUOTED.sub(r"\1", _LABEL.sub("", " ".join(lines[0].split())))
    if not text or len(text) > REWRITTEN_MAX_CHARS or _FOREIGN.search(text) or has_han(text) != has_han(question):
        return None
    known, words = " ".join([question, *said]), _words(text)
    made_up = _exact(text) - _exact(known) - set(latin_words(known))
    lost = _exact(question) - _exact(text) - set(latin_words(text))
    if made_up or lost or any(fold(text) == fold(asked) for asked in said):
        return None
    return text if words and len(words & _words(known)) >= COVERED * len(words) else None


def _exact(text: str) -> set[str]:
    """Returns what a rewriting must not make up: figures, and names in Latin letters."""
    names = {name.lower() for name in _NAME.findall(text)}
    return set(_NUMBER.findall(digits(fold(text)))) | names - ENGLISH_STOP_WORDS


def _words(text: str) -> set[str]:
    return set(tokenize(text)) - ENGLISH_STOP_WORDS
