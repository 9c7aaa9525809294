"""A quoted answer -> the same in a model's words, as events; whatever goes wrong, the quotes stand."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.errors import LanguageModelError
from qa.llm import Usage
from qa.quoting import shown
from qa.records import Done, Sentence
from qa.wording import wording
from qa.writing.composing import REPEATED, Composer, joined
from qa.writing.prompts import answer_messages
from qa.writing.sentences import sentences_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from qa.answer import Found
    from qa.checking import Verdict
    from qa.llm import Draft, LanguageModel, Stop
    from qa.records import Answer, Event

__all__ = ["Written", "write_answer"]

UNSUPPORTED = "unsupported"
NOTICES = {"slow": "model_slow", "cut": "model_cut", UNSUPPORTED: "model_unsupported"} | dict.fromkeys(
    ("empty", "endless", "garbled"), "model_astray"
)
AWAY = "model_away"  # whatever else keeps a model from answering


@dataclass(frozen=True, slots=True)
class Written:
    """What came of asking a model: sentences kept, those dropped by what was wrong, tokens, seconds, and its fault."""

    trace_id: str
    model: str
    kept: int
    dropped: Mapping[str, int]
    usage: Usage
    seconds: float
    fault: str | None


def write_answer(
    found: Found,
    model: LanguageModel,
    check: Callable[[str], Verdict],
    today: dt.date,
    stop: Stop,
    on_written: Callable[[Written], object] | None = None,
) -> Iterator[Event]:
    """Yields the model's checked sentences as they end, and the whole answer; nothing once `stop` is wished."""
    started = time.monotonic()
    composer = Composer(found.answer.citations, found.evidence, check)
    question = found.answer.standalone_question
    fault, draft = None, None
    try:
        if not found.evidence:
            raise LanguageModelError(UNSUPPORTED)
        draft = model.write(answer_messages(question, found.evidence, found.language, today), stop)
        for sentence in sentences_of(draft):
            yield from composer.take(sentence)
    except LanguageModelError as error:
        fault = error.fault
    finally:
        if draft:
            draft.close()
    if stop:
        return
    if not composer.sentences and not fault:
        fault = UNSUPPORTED
    answer, added = _finished(found, composer, model.name, fault)
    if on_written:
        on_written(_written(answer, composer, model.name, draft, time.monotonic() - started, fault))
    yield from added
    yield Done(answer)


def _finished(found: Found, composer: Composer, name: str, fault: str | None) -> tuple[Answer, tuple[Sentence, ...]]:
    """Returns the answer, and its sentences that the reader has not seen yet."""
    words, quoted = wording(found.language), found.answer
    if not composer.sentences:
        return dataclasses.replace(quoted, notice=_notice(words, fault)), quoted.sentences
    citations, added = composer.citations[: composer.cited], tuple[Sentence, ...]()
    if fault:  # what it did not come to say is quoted
        citations = composer.citations
        added = tuple(Sentence(shown(citation.quote), (citation.n,)) for citation in citations[composer.cited :])
    sentences = (*composer.sentences, *added)
    notice = words["model_partial"] if fault else _dropped(words, composer)
    answer = dataclasses.replace(
        quoted, text=joined(sentences), sentences=sentences, citations=citations, notice=notice, mode=name
    )
    return answer, added


def _notice(words: Mapping[str, str], fault: str | None) -> str | None:
    return words[NOTICES.get(fault, AWAY)] if fault else None


def _dropped(words: Mapping[str, str], composer: Composer) -> str | None:
    count = composer.faults.total() - composer.faults[REPEATED]
    return words["model_dropped"].format(count=count) if count else None


def _written(
    answer: Answer, composer: Composer, name: str, draft: Draft | None, seconds: float, fault: str | None
) -> Written:
    usage = draft.usage if draft else Usage()
    return Written(
        answer.trace_id, name, len(composer.sentences), dict(composer.faults), usage, round(seconds, 4), fault
    )
