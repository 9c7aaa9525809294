"""Answers that are given again while the articles stay as they are."""

from __future__ import annotations

import dataclasses
import threading
import uuid
import weakref
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from qa.index import Generation
    from qa.records import Answer
    from qa.server.asked import Asked

__all__ = ["KeptAnswers"]


class KeptAnswers:
    """The newest answers of one generation and one day; empty again when either changes. Safe from several threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._generation: weakref.ref[Generation] | None = None  # not held: it closes when nobody reads it
        self._today: dt.date | None = None
        self._lock = threading.Lock()

    def get(self, asked: Asked, generation: Generation, today: dt.date) -> Answer | None:
        """Returns the answer that was given to the very same question, as a new one of its own `trace_id`."""
        with self._lock:
            self._turn_to(generation, today)
            key = asked.model_dump_json()
            if key not in self._answers:
                return None
            self._answers.move_to_end(key)
            return dataclasses.replace(self._answers[key], trace_id=uuid.uuid4().hex[:16])

    def add(self, asked: Asked, answer: Answer, generation: Generation, today: dt.date) -> None:
        """Keeps an answer; one with a notice, which says that something went wrong, is not kept."""
        if answer.notice or not self._size:
            return
        with self._lock:
            self._turn_to(generation, today)
            self._answers[asked.model_dump_json()] = answer
            if len(self._answers) > self._size:
                self._answers.popitem(last=False)

    def _turn_to(self, generation: Generation, today: dt.date) -> None:
        if self._today != today or self._generation is None or self._generation() is not generation:
            self._answers.clear()
            self._generation, self._today = weakref.ref(generation), today
